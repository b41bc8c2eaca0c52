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
    /// - Returns: the exit status: 0 after a clean stop; 69 where another daemon serves this user.
    package static func run(_ options: DaemonOptions) -> Int32 {
        EventLoop.run {
            let logger = Logger(label: "envd") { StreamLogHandler.standardError(label: $0) }
            do {
                return try await serve(options, logger: logger)
            } catch let diagnostic as Diagnostic {
                logger.error("\(diagnostic)")
            } catch {
                logger.error("could not start the daemon: \(error)")
            }
            return 1
        }
    }

    /// The lock that makes this the user's daemon: at once, or when one that is stopping lets it go.
    ///
    /// - Returns: nil where another daemon serves.
    @LoopActor private static func takeOver(_ runtime: RuntimeDirectory) async throws -> FileLock? {
        let deadline = Deadline.after(milliseconds: 5000)
        while true {
            if let lock = try FileLock(runtime.lock, waiting: false) { return lock }
            if let connection = try? UnixSocket.connect(to: runtime.controlSocket) {
                UnixSocket.close(connection)
                return nil
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
        defer { _ = lock }
        try options.paths.prepare()

        let stop = AsyncStream<Int32>.makeStream()
        let signals = try [SIGTERM, SIGINT].map { number in
            try SignalWatch(signal: number) { stop.continuation.yield(number) }
        }
        let store = try Store(options.paths)
        let registry = ProjectRegistry()
        let watcher = try InputWatcher()
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
        watcher.onChange = { projects in
            for id in projects {
                if let supervisor = registry[id] {
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
            registry.all.forEach { $0.check() }
        }

        for await _ in stop.stream { break }
        logger.info("stopping")
        sweep.cancel()
        hooks.close()
        control.close()
        watcher.close()
        registry.all.forEach { $0.quit() }
        for supervisor in registry.all { await supervisor.settled() }
        signals.forEach { $0.close() }
        try? FileSystem.remove(options.runtime.hookSocket)
        try? FileSystem.remove(options.runtime.controlSocket)
        return 0
    }
}
