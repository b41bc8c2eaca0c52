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
    ///   turned out to be damaged, which the next start mends, or where the program was replaced and a service manager
    ///   is to start the new one. Without such a manager this process becomes the new one itself.
    package static func run(_ options: DaemonOptions) -> Int32 {
        let status = runToTheEnd(options)
        guard status == replaced else { return status }
        guard options.manager == nil else { return EX_TEMPFAIL }
        let failure = ProgramReplacement.become(options.upgradedProgram, ["daemon"], keeping: options.memory)
        StandardError.write("\(failure)")
        return EX_TEMPFAIL
    }

    private static func runToTheEnd(_ options: DaemonOptions) -> Int32 {
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
        let taken =
            options.manager == nil
            ? try await takeOver(options.runtime) : try await options.runtime.takeOverFromHolder()
        guard let lock = taken else {
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
        FileSystem.removeTemporaries(in: options.runtime.path)

        let stop = AsyncStream<Int32>.makeStream()
        let signals = try [SIGTERM, SIGINT].map { number in
            try SignalWatch(signal: number) { stop.continuation.yield(number) }
        }
        // A terminal that goes away ends the daemon that runs in it; to any other the signal says: look again.
        let isInTerminal = ProcessFacts(CurrentUser.processID).map { $0.terminal != 0 } ?? false
        let hangUps = AsyncStream<Void>.makeStream()
        let hangUp = try SignalWatch(signal: SIGHUP) {
            if isInTerminal { stop.continuation.yield(SIGHUP) } else { hangUps.continuation.yield() }
        }
        let store = try Store(options.paths) { stop.continuation.yield(databaseDamaged) }
        if store.isNew, let damaged = Store.damagedDatabase(options.paths) {
            logger.warning("put a damaged database aside", metadata: ["file": "\(damaged)"])
        }
        let registry = ProjectRegistry()
        let watcher = InputWatcher()
        let shells = ShellEnvironment(generations: options.paths.projects, memory: options.memory)
        // A daemon that a shell started has that shell's variables; one of systemd's (systemd.exec(5)) has none.
        let own = ProcessEnvironment.all()
        if options.manager == nil, !shells.isKnown {
            shells.handOver(HandedEnvironment.selected(from: own), wanted: [])
        }
        let context = DaemonContext(
            options: options, store: store, publisher: AnswerPublisher(runtime: options.runtime, logger: logger),
            watcher: watcher, shells: shells,
            queue: BuildTurns(links: ThisMachine.processors, shells: { InteractiveShells.directories() }),
            logger: logger)
        context.trusts = { [registry] in
            Dictionary(registry.all.map { ($0.project.root, $0.project.trust) }) { first, _ in first }
        }
        context.supervisors = { [registry] in registry.all }

        let reporter = context.reporter
        context.publisher.onTell = { [unowned context, registry] in
            context.fish.wake()
            reporter.tell(registry)
        }

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
        let program = ProgramWatch(program: options.upgradedProgram, child: options.child, watcher: watcher) {
            stop.continuation.yield(replaced)
        }
        watcher.onChange = { projects in
            for id in projects {
                if id == ProgramWatch.id {
                    program.changed()
                } else if id == ownPlace {
                    watcher.watch([options.runtime.lock], for: ownPlace, root: options.runtime.path)
                    if !isReachable() { stop.continuation.yield(unreachable) }
                } else if let supervisor = registry[id] {
                    supervisor.inputsChanged()
                } else {
                    service.askedDirectoryChanged(id)
                }
            }
        }
        let sockets = try ListeningSockets(options.runtime, passed: options.sockets)
        let hooks = try HookServer(descriptor: sockets.hook, service: service)
        let control = try ControlServer(descriptor: sockets.control, harness: ControlHarness(service))
        context.publisher.open()
        if let descriptor = options.readyDescriptor { ReadyPipe.signal(on: descriptor) }
        logger.info("serving", metadata: ["projects": "\(known.count)"])
        known.forEach { $0.check() }
        reporter.tell(registry)
        reporter.keep(options.memory)
        reporter.isReady()
        // One clock for all that is looked at now and then, and for the watchdog.
        let beat = min(options.sweepInterval, reporter.interval ?? options.sweepInterval)
        var rest = options.sweepInterval
        let sweep = LoopTimer(after: beat, every: beat) {
            reporter.isAlive()
            program.check()
            if !isReachable() { stop.continuation.yield(unreachable) }
            rest -= beat
            guard rest <= .zero else { return }
            rest = options.sweepInterval
            registry.all.forEach { $0.check() }
        }
        let reloading = loopTask {
            for await _ in hangUps.stream {
                logger.info("reading the settings and all manifests anew")
                reporter.isReloading()
                registry.all.forEach { $0.check() }
                context.budget.enforce(after: nil)
                reporter.isReady()
            }
        }

        var reason = SIGTERM
        for await first in stop.stream {
            reason = first
            break
        }
        let words =
            switch reason {
            case unreachable: "the runtime directory is gone: stopping"
            case replaced: "the program was replaced: starting the new one"
            default: "stopping"
            }
        logger.info("\(words)")
        reporter.isStopping(words)
        sweep.cancel()
        program.close()
        reloading.cancel()
        hooks.close()
        control.close()
        watcher.close()
        registry.all.forEach { $0.quit() }
        for supervisor in registry.all { await supervisor.settled() }
        signals.forEach { $0.close() }
        hangUp.close()
        await WorkerPool.shared.run { store.close() }
        if isReachable() { sockets.remove() }
        if reason == replaced { return replaced }
        guard reason == databaseDamaged else { return 0 }
        logger.error("the database is damaged: the next start makes it anew")
        return EX_TEMPFAIL
    }

    // Why the daemon stops, where it is no signal's number.
    private static let databaseDamaged: Int32 = -1
    /// No shell finds it any more: a logout took its directory away, and another daemon may be on its way.
    private static let unreachable: Int32 = -2
    /// Another program lies in this one's place.
    private static let replaced: Int32 = -3

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
