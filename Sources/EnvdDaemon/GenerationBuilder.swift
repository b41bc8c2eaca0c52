internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdManifest
internal import EnvdShell
internal import EnvdStore
internal import EnvdSystem

/// Builds one generation from a spec: engine, interpreter, resolution, prefix, bytecode, check, sync.
///
/// Works beside whatever is current and leaves nothing behind that is not whole. Runs off the loop.
struct GenerationBuilder: Sendable {
    let paths: StorePaths
    let store: Store
    let tree: GenerationTree
    let log: BuildLog
    let driver: CudaDriverMemory
    /// What engines work with, but for the scratch directory, which each build makes anew.
    private(set) var engineContext: EngineContext

    /// The same with whose turn it is to download.
    func taking(_ fetches: any FetchTurns) -> GenerationBuilder {
        var builder = self
        builder.engineContext.fetches = fetches
        return builder
    }

    struct Order: Sendable {
        var project: Project
        var spec: Spec
        /// The files that it was read from.
        var inputs: [InputFile]
        var key: Fingerprint
        /// An intact generation whose files may be linked.
        var base: Generation?
        /// The generation whose versions stay where they still fit.
        var preferring: Generation?
        /// What it is to be resolved anew, by normalised name.
        var forgetting: Set<String> = []
        /// What the user's settings say to the conda engine.
        var conda = CondaOptions()
        var reason: String
    }

    /// - Parameters:
    ///   - onPhase: called with a word for `envd status` whenever a part of the build begins, and with how far it is
    ///     whenever that is news.
    ///   - onStaleLock: called with the lock file that was not obeyed, or nil, when that is known.
    /// - Returns: the generation, ready; or what a person has to know; nil where the inputs are not what they were, so
    ///   that they have to be read again. A cancelled task gives any failure.
    func build(
        _ order: Order, onPhase: @escaping @Sendable (String, BuildProgress) -> Void,
        onStaleLock: @escaping @Sendable (String?) -> Void = { _ in }
    ) async -> Result<Generation, Diagnostic>? {
        log.begin("building `\(order.spec.name)` (\(order.project.root)): \(order.reason)")
        let started = ContinuousClock.now
        let scratch = paths.temporary / "\(order.project.id)-\(UInt32.random(in: 0 ... .max))"
        // uv knows a directory by its path: the same in each build, so that what it keeps of them does not grow.
        let snapshot = paths.temporary / "\(order.project.id)-inputs"
        let outcome: Result<Generation, Diagnostic>?
        var shown: InputSnapshot?
        do {
            let context = try prepare(order, scratch: scratch, snapshot: snapshot)
            shown = context.snapshot
            outcome = .success(try await build(order, context: context, onPhase: onPhase, onStaleLock: onStaleLock))
            log.write("ready after \(Self.seconds(since: started)) s")
        } catch let change as InputSnapshot.Changed {
            log.write("`\(change.file)` has changed: reading again")
            outcome = nil
        } catch let failure as Diagnostic {
            let diagnostic = failure.restored(by: shown)
            log.write(Task.isCancelled ? "cancelled" : "failed: \(diagnostic)")
            outcome = .failure(diagnostic)
        } catch {
            log.write("failed: \(error)")
            outcome = .failure(Diagnostic("could not build the environment: \(error)", hint: Self.hint(for: error)))
        }
        for directory in [scratch, snapshot] { try? FileSystem.remove(directory) }
        return outcome
    }

    /// What the engines of one build work with, where there is room for it.
    private func prepare(_ order: Order, scratch: Path, snapshot: Path) throws -> EngineContext {
        try FileSystem.makeDirectories(scratch)
        var context = engineContext
        context.temporary = scratch
        try FileSystem.makeDirectories(context.cache)
        if let reserve = UserSettings.ofThisUser().diskReserve { context.reserve = reserve }
        try DiskRoom(context, and: [paths.projects]).require(.zero, for: order.spec.name.description)
        // Where no project is named, uv looks for settings from here upwards.
        try FileSystem.replace(scratch / "uv.toml", with: [])
        return context.reading(try InputSnapshot(order.inputs, of: order.project.root, in: snapshot))
    }

    private func build(
        _ order: Order, context: EngineContext, onPhase: @escaping @Sendable (String, BuildProgress) -> Void,
        onStaleLock: @escaping @Sendable (String?) -> Void
    ) async throws -> Generation {
        let project = order.project
        let phases = PhaseClock(log: log, onPhase: onPhase)
        var context = context
        context.progress = { phases.say($0, $1) }
        // No tool of a project or of an environment is ever taken for an engine or an interpreter.
        let site = Site(
            order: order, context: context, excluding: [paths.projects, project.root], phases: phases,
            onStaleLock: onStaleLock)
        let plan =
            order.spec.conda.map { conda in { try await self.planConda(conda, site) } } ?? {
                try await self.planPython(site)
            }
        let planned = try await plan()
        try Task.checkCancellation()

        let generation = try await store.plan(
            above: tree.numbersOnDisk(of: project).last,
            { number in
                Generation(
                    project: project.id, number: number, state: .building, key: order.key,
                    prefix: tree.prefix(of: project, number), delta: Delta(), engine: planned.engine,
                    interpreter: planned.interpreter)
            }, for: project.id)
        do {
            return try await finish(generation, planned, site)
        } catch {
            var failed = generation
            failed.state = .failed
            try? tree.remove(generation.number, of: project)
            try? await store.save([failed])
            throw error
        }
    }

    /// Fills the prefix, checks it, and writes down what it is.
    private func finish(_ planned: Generation, _ plan: Plan, _ site: Site) async throws -> Generation {
        var generation = planned
        let (prefix, order) = (generation.prefix, site.order)
        site.phases.begin("installing")
        try FileSystem.makeDirectories(prefix.parent)
        let contents = try await plan.install(prefix)
        generation.interpreter = contents.interpreter
        try Task.checkCancellation()

        site.phases.begin("linking bytecode")
        if let base = order.base {
            let count = BytecodeLinker.link(from: base.prefix, into: prefix)
            log.write("linked the bytecode of \(count) files from generation \(base.number)")
        }
        site.phases.begin("verifying")
        generation.state = .verifying
        try await store.save([generation])
        if let conda = contents.conda { try CondaPrefix(prefix).verify(conda) }
        if let interpreter = contents.interpreter {
            try await PrefixVerification.verify(
                prefix, resolution: contents.resolution, interpreter: interpreter, context: site.context)
        }
        site.phases.begin("looking at libraries")
        let libraries = try await LibraryDirectories.find(
            in: prefix, order.spec.libraryPath, isConda: contents.conda != nil, context: site.context)
        (generation.delta, generation.notes) = try await contents.delta(prefix, libraries)
        generation.state = .ready
        (generation.made, generation.reason) = (Timestamp.now, order.reason)
        let record = GenerationRecord(project: order.project, generation: generation, spec: order.spec)
        try FileSystem.makeDirectories(GenerationRecord.file(in: prefix).parent)
        try FileSystem.replace(
            GenerationRecord.resolutionFile(in: prefix),
            with: Redaction.withoutSecrets(try ControlCoding.json(contents.resolution)))
        if let conda = contents.conda {
            try FileSystem.replace(
                GenerationRecord.condaResolutionFile(in: prefix), with: try ControlCoding.json(conda))
        }
        if let contents = PrefixContents(of: prefix) {
            try FileSystem.replace(GenerationRecord.contentsFile(in: prefix), with: try ControlCoding.json(contents))
        }
        let flaws = Set(PackageDamage.find(in: prefix))
        if !flaws.isEmpty {
            try FileSystem.replace(GenerationRecord.flawsFile(in: prefix), with: try ControlCoding.json(flaws))
        }
        site.phases.begin("syncing")
        try FileSystem.syncFileSystem(of: prefix)
        // The record comes last: where it lies, all that it tells of is on the disk.
        try FileSystem.replace(
            GenerationRecord.file(in: prefix), with: Redaction.withoutSecrets(try ControlCoding.json(record)),
            durable: true)
        try await store.save([generation])
        site.phases.end()
        return generation
    }

    /// With one digit after the point.
    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000) / 10
    }

    /// The engine as `envd status` names it.
    static func shown(_ engine: any PythonEngine, wanted: PythonLayer.EngineChoice?) -> String {
        let lacks = engine is PipEngine && wanted != .pip
        return lacks ? "pip \(engine.version), for uv could not be had" : "\(engine.name) \(engine.version)"
    }

    /// What one build works with.
    struct Site: Sendable {
        var order: Order
        var context: EngineContext
        var excluding: [Path]
        var phases: PhaseClock
        var onStaleLock: @Sendable (String?) -> Void
    }

    /// What is known of a generation before it has a prefix.
    struct Plan: Sendable {
        /// As `envd status` names it.
        var engine: String
        /// Nil where the prefix brings its own.
        var interpreter: Interpreter?
        /// Makes and fills the prefix.
        var install: @Sendable (_ prefix: Path) async throws -> Contents
    }

    /// What a prefix was filled with.
    struct Contents: Sendable {
        var resolution: Resolution
        var conda: CondaResolution?
        var interpreter: Interpreter?
        /// What activation changes, once the prefix is whole.
        ///
        /// `libraries` are the directories for LD_LIBRARY_PATH; notes are for people.
        var delta: @Sendable (_ prefix: Path, _ libraries: [Path]) async throws -> (Delta, notes: [String]?)
    }

    static func resolution(in prefix: Path) -> Resolution? {
        guard let bytes = try? FileSystem.read(GenerationRecord.resolutionFile(in: prefix)) else { return nil }
        return try? ControlCoding.decode(Resolution.self, from: bytes)
    }

    /// Where a manifest says which Python it wants: the line, where it is said in words.
    static func wish(for layer: PythonLayer, in root: Path) -> Diagnostic.Location {
        let file = root.appending(layer.manifest)
        let lines = (try? FileSystem.read(file))?.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let keys = ["requires-python", "python_full_version", "python_version", "python_requires"]
        let line = lines?.firstIndex { line in
            let text = String(decoding: line, as: UTF8.self)
            return keys.contains { text.contains($0) } || layer.format == .poetry && text.hasPrefix("python ")
        }
        return Diagnostic.Location(file: file, line: line.map { $0 + 1 })
    }

    private static func hint(for error: any Error) -> String? {
        (error as? SystemError)?.isNoSpace == true ? "free some space: the old environment stays meanwhile" : nil
    }
}
