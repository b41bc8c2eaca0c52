internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdPackaging
internal import EnvdStore
internal import EnvdSystem

extension ProjectSupervisor {
    /// Has the project's lock files brought up to date in the project, when no build of it is under way; the
    /// environment follows.
    ///
    /// - Parameters:
    ///   - upgrade: whether every version is chosen anew.
    ///   - packages: those whose versions are; as the user wrote them.
    /// - Throws: the tool's own reason; the files are as they were then.
    func lock(upgrade: Bool, packages: [String]) async throws(Diagnostic) -> LockUpdate {
        var names: Set<String> = []
        for package in packages {
            guard let name = PackageName.normalised(package) else {
                throw Diagnostic(
                    "could not lock `\(project.root)`: `\(package)` is no name of a package",
                    hint: "name the package alone: what fits is said in the manifest")
            }
            names.insert(name)
        }
        let choice: LockUpgrade =
            upgrade ? .everything : names.isEmpty ? .nothing : .packages(names.sorted())
        guard let outcome = await lock(choice) else {
            throw Diagnostic("could not lock `\(project.root)`: envd looks after it no more", hint: "envd status")
        }
        if case .failure(let diagnostic) = outcome, let asks = diagnostic.asks { lockAsks = asks }
        let update = try outcome.get()
        if update.files.contains(where: \.isWritten) { check(reason: "`envd lock`") }
        return update
    }

    /// - Returns: nil where the project was denied or forgotten, or the daemon stops.
    private func lock(_ upgrade: LockUpgrade) async -> Result<LockUpdate, Diagnostic>? {
        guard !hasQuit else { return nil }
        if let missing = missingVariables.first {
            return .failure(
                Diagnostic(
                    "could not lock `\(project.root)`: `\(missing)` was never given",
                    hint: "set and export it, and try again"))
        }
        let run = LockRun(
            project: project, paths: context.options.paths, log: log,
            runner: ChildRunner(child: context.options.child, group: context.options.buildGroup),
            shellEnvironment: context.shells.variables,
            trusts: context.trusts(), sourceBuilds: sourceBuilds)
        let work = loopTask { [context, turns] in
            await turns.run { await context.queue.run(urgency: { _ in .awaited }) { await run.lock(upgrade, $0) } }
                ?? nil
        }
        // What ends all work on the project ends this, too, and waits for it.
        let id = (locks.keys.max() ?? 0) + 1
        locks[id] = RunningLock(task: work)
        statusChanged()
        let outcome = await work.value
        locks[id] = nil
        statusChanged()
        resumeWaiters()
        return outcome
    }
}

/// One run of `envd lock`, off the loop.
private struct LockRun: Sendable {
    let project: Project
    let paths: StorePaths
    let log: BuildLog
    let runner: any CommandRunner
    let shellEnvironment: [ByteString: ByteString]
    let trusts: [Path: Trust]
    let sourceBuilds: SourceBuilds

    func lock(_ upgrade: LockUpgrade, _ fetches: any FetchTurns) async -> Result<LockUpdate, Diagnostic> {
        log.begin("locking (\(project.root)): `envd lock`")
        let scratch = paths.temporary / "\(project.id)-lock-\(UInt32.random(in: 0 ... .max))"
        let outcome: Result<LockUpdate, Diagnostic>
        do throws(Diagnostic) {
            outcome = .success(try await lock(upgrade, fetches, scratch: scratch))
            log.write("locked")
        } catch {
            log.write(Task.isCancelled ? "cancelled" : "failed: \(error)")
            outcome = .failure(error)
        }
        try? FileSystem.remove(scratch)
        return outcome
    }

    private func lock(
        _ upgrade: LockUpgrade, _ fetches: any FetchTurns, scratch: Path
    ) async throws(Diagnostic) -> LockUpdate {
        // Read now: an edit of a moment ago counts.
        if let objection = ProjectTrust.objection(to: project, inputs: [])
            ?? ProjectTrust.objection(toWorktree: project, trusts: trusts)
        {
            throw objection
        }
        let reading = ManifestReader.read(project.root, conda: .init(environment: shellEnvironment))
        let layer = try reading.spec.get().python
        if let objection = ProjectTrust.objection(to: project, inputs: reading.inputs)
            ?? ProjectTrust.objection(to: project, in: reading.workspace, trusts: trusts)
        {
            throw objection
        }
        if let question = TrustQuestion(project: project, reading: reading, verb: "lock", isKnownGood: true) {
            throw question.diagnostic
        }
        var context = EngineContext(
            userEnvironment: shellEnvironment, home: paths.home, cache: paths.cache / "engines", temporary: scratch,
            engines: paths.engines, runner: runner, sourceBuilds: sourceBuilds, log: { [log] in log.write($0) })
        context.fetches = fetches
        do {
            try FileSystem.makeDirectories(scratch)
            try FileSystem.makeDirectories(context.cache)
        } catch {
            throw Diagnostic("could not lock `\(project.root)`: \(error)")
        }
        do {
            // What was read is what the tools are shown, whatever is edited meanwhile.
            try FileSystem.replace(scratch / "uv.toml", with: [])
            context = context.reading(
                try InputSnapshot(reading.inputs, of: project.root, in: scratch / "project"))
        } catch let change as InputSnapshot.Changed {
            throw Diagnostic(
                "could not lock `\(project.root)`: `\(change.file)` was changed meanwhile", hint: "envd lock")
        } catch {
            throw Diagnostic("could not lock `\(project.root)`: \(error)")
        }
        let indexes = reading.codeSources.map(\.source).filter { [.index, .findLinks].contains($0.kind) }
        let locker = ProjectLocker(
            layer, root: project.root, excluding: [paths.projects, project.root], context: context,
            allowed: Set(indexes.map(\.text)))
        return try await locker.lock(upgrade, wish: GenerationBuilder.wish(for: layer, in: project.root))
    }
}
