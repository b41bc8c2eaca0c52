internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdStore
internal import EnvdSystem
internal import Logging

/// The parts that every project shares.
@LoopActor final class DaemonContext {
    let options: DaemonOptions
    let store: Store
    let tree: GenerationTree
    let publisher: AnswerPublisher
    let watcher: InputWatcher
    let shells: ShellEnvironment
    let queue: BuildTurns
    let network: NetworkRetries
    let memory = ProbeMemory()
    let driver: CudaDriverMemory
    private(set) lazy var fish = FishWaker(context: self)
    /// What the service manager is told.
    let reporter: ServiceReporter
    private(set) lazy var budget = StoreBudget(context: self)
    let logger: Logger
    /// Told of a project whose status may have changed.
    var onStatus: @LoopActor (ProjectID) -> Void = { _ in }
    /// The user's word on every project, by root.
    var trusts: @LoopActor () -> [Path: Trust] = { [:] }
    /// Every project that is looked after.
    var supervisors: @LoopActor () -> [ProjectSupervisor] = { [] }

    init(
        options: DaemonOptions, store: Store, publisher: AnswerPublisher, watcher: InputWatcher,
        shells: ShellEnvironment, queue: BuildTurns, logger: Logger
    ) {
        self.options = options
        self.store = store
        self.tree = GenerationTree(options.paths)
        self.driver = CudaDriverMemory(program: options.program)
        self.publisher = publisher
        self.reporter = ServiceReporter(options.manager)
        self.watcher = watcher
        self.shells = shells
        self.queue = queue
        self.network = NetworkRetries(logger: logger)
        self.logger = logger
    }

    /// What `envd status` has to say of no single project.
    var warnings: [Diagnostic] {
        var warnings = [options.paths.trouble, watcher.trouble, budget.trouble].compactMap(\.self)
        if let damaged = Store.damagedDatabase(options.paths) {
            warnings.append(
                Diagnostic(
                    "the database was damaged: it lies in `\(damaged)`, and a new one was made from the generations",
                    hint: "see whether `envd status --all` names every project, then remove what lies there"))
        }
        return warnings
    }

    var daemonStatus: StatusReport.Daemon {
        StatusReport.Daemon(
            version: Version.text, process: CurrentUser.processID, warnings: warnings,
            notes: [options.paths.note].compactMap(\.self))
    }

    /// What an engine works with at this moment.
    ///
    /// - Parameters:
    ///   - scratch: a directory of this work alone, see `EngineContext`.
    ///   - sourceBuilds: what its user allowed to be built from source.
    func engineContext(
        scratch: Path, sourceBuilds: SourceBuilds = .named([]), log: @escaping @Sendable (String) -> Void
    ) -> EngineContext {
        let redaction = Redaction(shells.variables)
        return EngineContext(
            userEnvironment: shells.variables, home: options.paths.home, cache: options.paths.cache / "engines",
            temporary: scratch, engines: options.paths.engines,
            runner: ChildRunner(child: options.child, group: options.buildGroup),
            memory: memory, sourceBuilds: sourceBuilds, log: { log(redaction($0)) })
    }
}
