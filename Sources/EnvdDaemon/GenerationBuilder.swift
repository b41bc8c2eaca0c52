internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
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
    let runner: any CommandRunner
    let memory: ProbeMemory
    /// What the user's shells handed over.
    let shellEnvironment: [ByteString: ByteString]

    struct Order: Sendable {
        var project: Project
        var spec: Spec
        var key: Fingerprint
        /// An intact generation whose files may be linked.
        var base: Generation?
        /// The generation whose versions stay where they still fit.
        var preferring: Generation?
        /// What it is to be resolved anew, by normalised name.
        var forgetting: Set<String> = []
        var reason: String
    }

    /// - Parameters:
    ///   - onPhase: called with a word for `envd status` whenever a part of the build begins.
    ///   - onStaleLock: called with the lock file that was not obeyed, or nil, when that is known.
    /// - Returns: the generation, ready; or what a person has to know. A cancelled task gives any failure.
    func build(
        _ order: Order, onPhase: @escaping @Sendable (String) -> Void,
        onStaleLock: @escaping @Sendable (String?) -> Void = { _ in }
    ) async -> Result<Generation, Diagnostic> {
        log.begin("building `\(order.spec.name)` (\(order.project.root)): \(order.reason)")
        let started = ContinuousClock.now
        let scratch = paths.temporary / "\(order.project.id)-\(UInt32.random(in: 0 ... .max))"
        let outcome: Result<Generation, Diagnostic>
        do {
            try FileSystem.makeDirectories(scratch)
            outcome = .success(try await build(order, scratch: scratch, onPhase: onPhase, onStaleLock: onStaleLock))
            log.write("ready after \(Self.seconds(since: started)) s")
        } catch let diagnostic as Diagnostic {
            log.write(Task.isCancelled ? "cancelled" : "failed: \(diagnostic)")
            outcome = .failure(diagnostic)
        } catch {
            log.write("failed: \(error)")
            outcome = .failure(Diagnostic("could not build the environment: \(error)", hint: Self.hint(for: error)))
        }
        try? FileSystem.remove(scratch)
        return outcome
    }

    private func build(
        _ order: Order, scratch: Path, onPhase: @escaping @Sendable (String) -> Void,
        onStaleLock: @escaping @Sendable (String?) -> Void
    ) async throws -> Generation {
        let (project, layer) = (order.project, order.spec.python)
        let context = EngineContext(
            userEnvironment: shellEnvironment, home: paths.home, cache: paths.cache / "engines", temporary: scratch,
            engines: paths.engines, runner: runner, memory: memory, log: { log.write($0) })
        try FileSystem.makeDirectories(context.cache)

        // No tool of a project or of an environment is ever taken for an engine or an interpreter.
        let excluding = [paths.projects, project.root]
        let phases = PhaseClock(log: log, onPhase: onPhase)
        phases.begin("getting the engine ready")
        let selector = EngineSelector(excluding: excluding)
        let selection = try await selector.select(context, wanted: layer.engine)
        let engine = selector.engine(for: layer, by: selection)
        log.write("engine: \(selection.engine.name) \(selection.engine.version) (\(selection.reason))")
        phases.begin("looking for a python")
        let interpreter = try await InterpreterFinder(uv: selection.uv, excluding: excluding).find(
            requiresPython: layer.requiresPython, saidAt: Self.wish(for: layer, in: project.root), context: context)
        log.write("python: \(interpreter.version) (\(interpreter.path))")

        phases.begin("resolving")
        let resolution = try await engine.resolve(
            layer, root: project.root, interpreter: interpreter,
            preferring: order.preferring.flatMap { Self.resolution(in: $0.prefix) }?.forgetting(order.forgetting),
            context: context)
        onStaleLock(resolution.staleLock)
        try Task.checkCancellation()

        let planned = try await store.plan(
            { number in
                Generation(
                    project: project.id, number: number, state: .building, key: order.key,
                    prefix: tree.prefix(of: project, number), delta: Delta(),
                    engine: Self.shown(selection.engine, wanted: layer.engine), interpreter: interpreter)
            }, for: project.id)
        do {
            return try await install(
                planned, resolution: resolution, order: order, engine: engine, context: context, phases: phases)
        } catch {
            var failed = planned
            failed.state = .failed
            try? tree.remove(planned.number, of: project)
            try? await store.save([failed])
            throw error
        }
    }

    private func install(
        _ planned: Generation, resolution: Resolution, order: Order, engine: any PythonEngine, context: EngineContext,
        phases: PhaseClock
    ) async throws -> Generation {
        var generation = planned
        let prefix = generation.prefix
        phases.begin("installing")
        try FileSystem.makeDirectories(prefix.parent)
        try await engine.install(
            resolution, layer: order.spec.python, root: order.project.root, name: order.spec.name,
            interpreter: generation.interpreter, into: prefix, context: context)
        try Task.checkCancellation()

        phases.begin("linking bytecode")
        if let base = order.base {
            let count = BytecodeLinker.link(from: base.prefix, into: prefix)
            log.write("linked the bytecode of \(count) files from generation \(base.number)")
        }
        phases.begin("verifying")
        try await PrefixVerification.verify(
            prefix, resolution: resolution, interpreter: generation.interpreter, context: context)
        let libraries = try await LibraryDirectories.find(in: prefix, LibraryPath(), isConda: false, context: context)
        generation.delta = try PythonPrefix.delta(prefix: prefix, name: order.spec.name, libraries: libraries)
        generation.state = .ready
        let record = GenerationRecord(project: order.project, generation: generation, spec: order.spec)
        try FileSystem.makeDirectories(GenerationRecord.file(in: prefix).parent)
        try FileSystem.replace(GenerationRecord.resolutionFile(in: prefix), with: try ControlCoding.json(resolution))
        try FileSystem.replace(GenerationRecord.file(in: prefix), with: try ControlCoding.json(record))
        if let contents = PrefixContents(of: prefix) {
            try FileSystem.replace(GenerationRecord.contentsFile(in: prefix), with: try ControlCoding.json(contents))
        }
        phases.begin("syncing")
        try FileSystem.syncFileSystem(of: prefix)
        try await store.save([generation])
        phases.end()
        return generation
    }

    /// With one digit after the point.
    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000) / 10
    }

    /// The engine as `envd status` names it.
    private static func shown(_ engine: any PythonEngine, wanted: PythonLayer.EngineChoice?) -> String {
        let lacks = engine is PipEngine && wanted != .pip
        return lacks ? "pip \(engine.version), for uv could not be had" : "\(engine.name) \(engine.version)"
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
