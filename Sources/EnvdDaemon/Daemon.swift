internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdStore
internal import EnvdSystem
internal import Glibc
internal import Logging

/// The daemon as a whole: composition, start and stop.
package enum Daemon {
    /// Runs until SIGTERM or SIGINT.
    ///
    /// - Returns: the exit status: 0 after a clean stop; 69 where another daemon serves this user; 75 where the database
    ///   turned out to be damaged, which the next start mends.
    package static func run(_ options: DaemonOptions) -> Int32 {
        EventLoop.run {
            let logger = Logger(label: "envd") { StreamLogHandler.standardError(label: $0) }
            do {
                return try await serve(options, logger: logger)
            } catch {
                refuse(error as? Diagnostic ?? Diagnostic("\(error)"), options, logger: logger)
            }
            return 1
        }
    }

    /// Says why there will be no daemon, to the log and to the client that wants one.
    @LoopActor private static func refuse(_ diagnostic: Diagnostic, _ options: DaemonOptions, logger: Logger) {
        logger.error("could not start the daemon: \(diagnostic)")
        if let descriptor = options.readyDescriptor {
            ReadyPipe.signal(failure: "\(diagnostic)", on: descriptor)
        }
    }

    /// The lock that makes this the user's daemon: at once, or when one that is stopping lets it go; an older one is
    /// asked to.
    ///
    /// - Returns: nil where another daemon serves.
    @LoopActor private static func takeOver(_ runtime: RuntimeDirectory) async throws -> FileLock? {
        var deadline = Deadline.after(milliseconds: 5000)
        var hasAsked = false
        while true {
            if let lock = try FileLock(runtime.lock, waiting: false) { return lock }
            if let connection = try? UnixSocket.connect(to: runtime.controlSocket) {
                UnixSocket.close(connection)
                if hasAsked, !deadline.hasPassed {
                    // It has not closed its sockets yet.
                } else if !hasAsked, await WorkerPool.shared.run({ ServingDaemon.givesWay(at: runtime) }) {
                    hasAsked = true
                    deadline = .after(milliseconds: 30_000)
                } else {
                    return nil
                }
            }
            if deadline.hasPassed { return nil }
            await LoopTimer.sleep(for: .milliseconds(20))
        }
    }

    @LoopActor private static func serve(_ options: DaemonOptions, logger: Logger) async throws -> Int32 {
        try options.runtime.prepare()
        guard let lock = try await takeOver(options.runtime) else {
            logger.error("another daemon serves this user already")
            return 69
        }
        try options.paths.prepare()
        guard let storeLock = try await takeOver(options.paths) else {
            let holder = FileLock.holder(of: options.paths.lock)
            refuse(
                Diagnostic(
                    "another daemon\(holder.map { " (process \($0))" } ?? "") works on `\(options.paths.data)`",
                    hint: "give all shells the same XDG_RUNTIME_DIR\(holder.map { ", or end it: `kill \($0)`" } ?? "")"),
                options, logger: logger)
            return 69
        }
        defer { _ = (lock, storeLock) }

        let stop = AsyncStream<Int32>.makeStream()
        let signals = try [SIGTERM, SIGINT].map { number in
            try SignalWatch(signal: number) { stop.continuation.yield(number) }
        }
        let store = try Store(options.paths) { stop.continuation.yield(databaseDamaged) }
        if store.isNew, let damaged = Store.damagedDatabase(options.paths) {
            logger.warning("put a damaged database aside", metadata: ["file": "\(damaged)"])
        }
        let registry = ProjectRegistry()
        let watcher = InputWatcher()
        let shells = ShellEnvironment(generations: options.paths.projects)
        // A daemon that a shell started has that shell's variables; one of systemd's (systemd.exec(5)) has none.
        let own = ProcessEnvironment.all()
        if own["INVOCATION_ID"] == nil { shells.handOver(HandedEnvironment.selected(from: own), wanted: []) }
        let context = DaemonContext(
            options: options, store: store, publisher: AnswerPublisher(runtime: options.runtime, logger: logger),
            watcher: watcher, shells: shells,
            queue: BuildQueue(places: 2, shells: { InteractiveShells.directories() }), logger: logger)
        context.trusts = { [registry] in
            Dictionary(registry.all.map { ($0.project.root, $0.project.trust) }) { first, _ in first }
        }
        context.supervisors = { [registry] in registry.all }

        context.publisher.onTell = { [unowned context] in context.fish.wake() }

        for record in try await Recovery(paths: options.paths, store: store, logger: logger).recover() {
            registry.add(ProjectSupervisor(record, context: context))
        }
        let known = registry.all
        context.publisher.withdrawAll(but: Set(known.map(\.project.root)))
        known.forEach { $0.publish() }

        let service = DaemonService(context: context, registry: registry)
        service.onStop = { stop.continuation.yield(SIGTERM) }
        let lockFile = try FileSystem.status(options.runtime.lock)
        func isReachable() -> Bool { (try? FileSystem.status(options.runtime.lock))??.inode == lockFile?.inode }
        let ownPlace = ProjectID("runtime")
        watcher.watch([options.runtime.lock], for: ownPlace, root: options.runtime.path)
        watcher.onChange = { projects in
            for id in projects {
                if id == ownPlace {
                    watcher.watch([options.runtime.lock], for: ownPlace, root: options.runtime.path)
                    if !isReachable() { stop.continuation.yield(unreachable) }
                } else if let supervisor = registry[id] {
                    supervisor.inputsChanged()
                } else {
                    service.askedDirectoryChanged(id)
                }
            }
        }
        let hooks = try HookServer(options.runtime, service: service)
        let control = try ControlServer(options.runtime, harness: ControlHarness(service))
        context.publisher.open()
        if let descriptor = options.readyDescriptor { ReadyPipe.signal(on: descriptor) }
        logger.info("serving", metadata: ["projects": "\(known.count)"])
        known.forEach { $0.check() }
        let sweep = LoopTimer(after: options.sweepInterval, every: options.sweepInterval) {
            if !isReachable() { stop.continuation.yield(unreachable) }
            registry.all.forEach { $0.check() }
        }

        var reason = SIGTERM
        for await first in stop.stream {
            reason = first
            break
        }
        logger.info("\(reason == unreachable ? "the runtime directory is gone: stopping" : "stopping")")
        sweep.cancel()
        hooks.close()
        control.close()
        watcher.close()
        registry.all.forEach { $0.quit() }
        for supervisor in registry.all { await supervisor.settled() }
        signals.forEach { $0.close() }
        await WorkerPool.shared.run { store.close() }
        if isReachable() {
            try? FileSystem.remove(options.runtime.hookSocket)
            try? FileSystem.remove(options.runtime.controlSocket)
        }
        guard reason == databaseDamaged else { return 0 }
        logger.error("the database is damaged: the next start makes it anew")
        return EX_TEMPFAIL
    }

    // Why the daemon stops, where it is no signal's number.
    private static let databaseDamaged: Int32 = -1
    /// No shell finds it any more: a logout took its directory away, and another daemon may be on its way.
    private static let unreachable: Int32 = -2

    /// The lock that makes this the only daemon on these environments: two with different runtime directories would
    /// take each other's builds for leftovers.
    ///
    /// - Returns: nil where another one keeps it.
    @LoopActor private static func takeOver(_ paths: StorePaths) async throws -> FileLock? {
        let deadline = Deadline.after(milliseconds: 4000)
        while true {
            if let lock = try FileLock(paths.lock, waiting: false) { return lock }
            if deadline.hasPassed { return nil }
            await LoopTimer.sleep(for: .milliseconds(20))
        }
    }
}
