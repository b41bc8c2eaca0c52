internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdStore
internal import EnvdSystem

/// What the daemon does for its clients, whatever wire they came over.
@LoopActor final class DaemonService {
    let context: DaemonContext
    let registry: ProjectRegistry
    /// Who is told of changes.
    let monitors: StatusMonitors
    /// Directories that shells asked about and that no project's supervisor watches.
    var asked: [ProjectID: Path] = [:]
    /// Ends the daemon: a newer one asks for its place.
    var onStop: @LoopActor () -> Void = {}

    init(context: DaemonContext, registry: ProjectRegistry) {
        self.context = context
        self.registry = registry
        let monitors = StatusMonitors(registry)
        self.monitors = monitors
        context.onStatus = { monitors.changed($0) }
        registry.onChange = context.onStatus
    }

    // MARK: Asking

    /// - Parameter brief: of every project only what one line tells.
    func status(of directory: Path?, brief: Bool) async throws(Diagnostic) -> StatusReport {
        let daemon = context.daemonStatus
        guard let directory else {
            return StatusReport(daemon: daemon, projects: registry.all.map { brief ? $0.outline : $0.status })
        }
        let root = try await projectRoot(around: directory)
        let status = registry.project(at: root)?.detailedStatus ?? ProjectStatus(root: root, state: .notAllowed)
        return StatusReport(daemon: daemon, projects: [status])
    }

    /// Looks at the files now, so that an edit of a moment ago counts, and answers when nothing is under way any more.
    func wait(for directory: Path, timeout: Duration?) async throws(Diagnostic) -> ProjectStatus {
        let supervisor = try known(directory)
        supervisor.check()
        let settled = loopTask { await supervisor.settled() }
        if let timeout {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let race = Race(continuation)
                let timer = LoopTimer(after: timeout) { race.finish() }
                loopTask {
                    await settled.value
                    timer.cancel()
                    race.finish()
                }
            }
        } else {
            await settled.value
        }
        return supervisor.status
    }

    func build(_ directory: Path) throws(Diagnostic) -> ProjectStatus {
        let supervisor = try allowed(directory)
        let status = supervisor.detailedStatus
        supervisor.check(reason: "`envd build`", forced: true)
        return status
    }

    /// - Parameter packages: as the user wrote them; none: all.
    func update(_ directory: Path, packages: [String]) async throws(Diagnostic) -> ProjectStatus {
        let supervisor = try allowed(directory)
        try supervisor.update(packages)
        return supervisor.detailedStatus
    }

    /// - Parameters:
    ///   - upgrade: whether every version is chosen anew.
    ///   - packages: those whose versions are; as the user wrote them.
    func lock(_ directory: Path, upgrade: Bool, packages: [String]) async throws(Diagnostic) -> LockUpdate {
        try await allowed(directory).lock(upgrade: upgrade, packages: packages)
    }

    func log(of directory: Path) throws(Diagnostic) -> Control.Log.Reply {
        let supervisor = try known(directory)
        return Control.Log.Reply(file: supervisor.logFile, isBuilding: supervisor.isBusy)
    }

    /// - Parameter generation: nil: the current one.
    func environment(
        of directory: Path, generation: GenerationNumber? = nil
    ) throws(Diagnostic) -> Control.Environment.Reply {
        let supervisor = try allowed(directory)
        // Looked at now: what stands in the project's place may have come a moment ago.
        if let objection = ProjectTrust.objection(to: supervisor.project, inputs: []) { throw objection }
        guard let generation else {
            return Control.Environment.Reply(project: supervisor.status, delta: supervisor.offered?.delta)
        }
        let whole = supervisor.wholeGenerations
        guard let wanted = whole.first(where: { $0.number == generation }) else {
            let kept = whole.map { "\($0.number)" }.joined(separator: ", ")
            throw Diagnostic(
                "could not use generation \(generation) of `\(supervisor.project.root)`: it is not there",
                hint: kept.isEmpty ? "`envd build` makes one" : "there are: \(kept)")
        }
        return Control.Environment.Reply(project: supervisor.status, delta: wanted.delta, prefix: wanted.prefix)
    }

    /// A shell or a command said something.
    func noteUse() { context.watcher.polling.noteUse() }

    func handOver(_ variables: [ByteString: ByteString]) {
        var wanted: Set<ByteString> = []
        for supervisor in registry.supervisors.values {
            wanted.formUnion(supervisor.wantedVariables.map { ByteString($0) })
        }
        guard context.shells.handOver(variables, wanted: wanted) else { return }
        registry.all.forEach { $0.shellEnvironmentChanged() }
        // A proxy may be among them.
        context.network.networkChanged()
    }

    /// What a shell is told that found nothing published where it stands.
    ///
    /// - Returns: shell text, and the directory that `publishAsked` then publishes for others, if any.
    func answer(_ request: HookRequest) async -> (text: [UInt8], asked: Path?) {
        guard let shell = Shell(rawValue: request.shell), request.directory.isAbsolute else { return ([], nil) }
        guard let found = await find(request.directory) else { return ([], nil) }
        if let supervisor = registry.project(around: found.canonical), supervisor.project.trust == .allowed {
            return (ShellRenderer.enter(supervisor.answer, shell: shell), nil)
        }
        if let supervisor = await worktree(at: found) {
            return (ShellRenderer.enter(supervisor.answer, shell: shell), nil)
        }
        let notice = await notice(of: found)
        return (notice.map { ShellRenderer.notice(Notice($0), shell: shell) } ?? [], found.root)
    }

    /// Publishes for those that come later what there is to say of a directory that was asked about, and watches it.
    func publishAsked(_ root: Path) async {
        let id = ProjectID(root: root)
        if registry[id] == nil {
            // Before it is looked at again, so that no change is missed.
            asked[id] = root
            context.watcher.watch(ManifestReader.names.map { root / $0 }, for: id, root: root)
        }
        guard let found = await find(root), found.root == root,
            asked[id] != nil || registry[id]?.project.trust == .denied
        else { return }
        context.publisher.publishAsked(root, notice: await notice(of: found))
    }

    func find(_ directory: Path) async -> FoundDirectory? {
        let home = context.options.paths.home
        return await WorkerPool.shared.run { FoundDirectory(around: directory, below: home) }
    }

    private func notice(of found: FoundDirectory) async -> String? {
        guard let root = found.root, found.isProject, registry.project(at: root)?.project.trust != .denied else {
            return nil
        }
        let what = await origin(of: root) ?? "is a Python project that is not allowed"
        return "envd: `\(root.name)` \(what); to have its environment here, type: envd allow"
    }

    /// A manifest came, went or changed where a shell had asked: what it was told may no longer be so.
    func askedDirectoryChanged(_ id: ProjectID) {
        guard let root = asked.removeValue(forKey: id) else { return }
        context.watcher.unwatch(id)
        context.publisher.withdraw(root)
    }

    // MARK: Engines

    func engines(installing name: String?) async throws(Diagnostic) -> [EngineStatus] {
        let paths = context.options.paths
        let scratch = paths.temporary / "engines-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileSystem.remove(scratch) }
        do {
            try FileSystem.makeDirectories(scratch)
        } catch {
            throw Diagnostic("\(error)")
        }
        let engineContext = context.engineContext(scratch: scratch, sourceBuilds: .all, log: { _ in })
        let excluding = [paths.projects] + registry.all.map(\.project.root)
        if let name { try await EngineInstaller(excluding: excluding).install(named: name, engineContext) }
        return await EngineInventory.list(engineContext, excluding: excluding).map {
            EngineStatus(
                name: $0.name, version: $0.version, path: $0.path,
                origin: $0.version == nil
                    ? $0.note ?? "missing" : [$0.source.rawValue, $0.note].compactMap(\.self).joined(separator: "; "))
        }
    }

    // MARK: Finding projects

    func save(_ project: Project) async throws(Diagnostic) {
        let file = ProjectFile(in: context.tree.directory(of: project))
        do {
            try await WorkerPool.shared.run { Result { try file.write(project) } }.get()
            try await context.store.save(project)
        } catch {
            let hint = (error as? SystemError)?.isNoSpace == true ? "free some space" : (error as? Diagnostic)?.hint
            let cause = (error as? Diagnostic)?.message ?? "\(error)"
            throw Diagnostic("could not remember `\(project.root)`: \(cause)", hint: hint)
        }
    }

    func known(_ directory: Path) throws(Diagnostic) -> ProjectSupervisor {
        let canonical: Path
        do {
            canonical = try FileSystem.canonical(directory)
        } catch {
            // One that is gone is known by its own name; anything else may be a slip of the keys.
            if let supervisor = registry.project(at: directory) { return supervisor }
            throw Diagnostic("could not find `\(directory)`: \(error.cause)")
        }
        if let supervisor = registry.project(around: canonical) { return supervisor }
        let isProject = ManifestReader.isProject(canonical)
        throw Diagnostic(
            "`\(canonical)` is in no project that you allowed",
            hint: isProject ? "envd allow \(canonical.shellWord)" : "cd into a project, and type: envd allow")
    }

    func allowed(_ directory: Path) throws(Diagnostic) -> ProjectSupervisor {
        let supervisor = try known(directory)
        guard supervisor.project.trust == .allowed else {
            throw Diagnostic(
                "`\(supervisor.project.root)` is denied", hint: "envd allow \(supervisor.project.root.shellWord)")
        }
        return supervisor
    }

    /// The root of the project around a directory: a known one, else the nearest directory with a manifest.
    ///
    /// - Parameter preferringKnown: false: a manifest below a known root makes a project of its own.
    func projectRoot(around directory: Path, preferringKnown: Bool = true) async throws(Diagnostic) -> Path {
        let canonical: Path
        do {
            canonical = try FileSystem.canonical(directory)
        } catch {
            throw Diagnostic("could not find `\(directory)`: \(error.cause)")
        }
        if preferringKnown, let known = registry.project(around: canonical) { return known.project.root }
        let home = context.options.paths.home
        let nearest = await WorkerPool.shared.run {
            canonical.selfAndAncestors.first {
                ($0 == canonical || ($0 != home && $0 != .root)) && ManifestReader.isProject($0)
            }
        }
        if let nearest { return nearest }
        if let known = registry.project(around: canonical) { return known.project.root }
        // A manifest that is there and cannot be read says why.
        let failure = await WorkerPool.shared.run { () -> Diagnostic? in
            let isNamed = (ManifestReader.names + ManifestReader.foreignNames).contains {
                (try? FileSystem.status(canonical / $0, followingLink: false)) != nil
            }
            guard isNamed, case .failure(let diagnostic) = ManifestReader.read(canonical).spec else { return nil }
            return diagnostic
        }
        if let failure { throw failure }
        throw Diagnostic(
            "could not find a project in `\(canonical)`: there is no manifest in it or above it",
            hint: "add a pyproject.toml with a [project] table, a requirements.txt, or another of its like")
    }
}

/// Resumes a continuation for the first of two that finish.
@LoopActor private final class Race {
    private var continuation: CheckedContinuation<Void, Never>?

    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }

    func finish() {
        continuation?.resume()
        continuation = nil
    }
}
