internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdShell
internal import EnvdStore
internal import EnvdSystem
internal import Logging

/// One project's life in the daemon: reads its manifests when they change, has generations built, makes the right one
/// current and tells the shells. When what happens is the state machine's to decide; this does it.
@LoopActor final class ProjectSupervisor {
    private(set) var project: Project
    var generations: [Generation]
    var failure: Store.Failure?

    let context: DaemonContext
    let log: BuildLog
    /// One at a time of what works on the project's files: a build, or a lock.
    let turns = BuildQueue(places: 1)
    /// Locks that were asked for and have not ended.
    var locks: [Int: RunningLock] = [:]
    private(set) var machine = BuildStateMachine()
    private var timer: LoopTimer?
    /// When the first of the edits came that the timer still waits out.
    private var unrestSince: ContinuousClock.Instant?
    /// Why the manifests are read, where it is not that they changed.
    private var reason: String?
    var isForced = false
    /// What the next forced build is to resolve anew: nil nothing, empty everything.
    var updating: Set<String>?
    /// The generation that the user went back to.
    var pin: GenerationPin?
    /// That they want to go back to just now.
    var wish: RollbackWish?
    /// What somebody had put into the environment by hand that was left for the current one.
    var lost: [Drift.Distribution] = []
    /// Generations that were found to be changed when they were to be current again.
    var damaged: Set<GenerationNumber> = []
    /// Its inputs are those that were there.
    private(set) var reading: ManifestReading?
    /// The lock file that the last build did not obey.
    var staleLock: String?
    /// What `envd lock` would have had to build from source.
    var lockAsks: [NamedSource] = []
    /// Whether another directory stands at the root than the one that was allowed: nothing is offered there.
    private(set) var isEstranged = false
    private(set) var running: RunningBuild?
    private var waiters: [CheckedContinuation<Void, Never>] = []
    /// The generation that is about to be current.
    var switchingTo: GenerationNumber?
    /// Nothing is read or built any more: denied, forgotten, or the daemon stops.
    private(set) var hasQuit = false

    struct RunningBuild {
        var request: BuildRequest
        var task: Task<Void, Never>
        var phase = "waiting for its turn"
        var progress = BuildProgress()
        var since = ContinuousClock.now
        var started = Timestamp.now
    }

    struct RunningLock {
        var task: Task<Result<LockUpdate, Diagnostic>?, Never>
        var since = ContinuousClock.now
    }

    init(_ record: Store.ProjectRecord, context: DaemonContext) {
        project = record.project
        generations = record.generations
        failure = record.failure
        pin = record.pin
        self.context = context
        log = BuildLog(context.options.paths, project: record.project.id)
    }

    // MARK: What others ask

    var current: Generation? { generations.last { $0.state == .current } }

    /// The current generation, where nothing that it needs is gone.
    var intactCurrent: Generation? { current.flatMap { Self.isIntact($0) ? $0 : nil } }

    /// What may be offered to a shell or a command.
    var offered: Generation? { isEstranged ? nil : intactCurrent }

    /// All that could be offered, oldest first.
    var wholeGenerations: [Generation] {
        isEstranged ? [] : generations.filter { $0.state.isWhole && Self.isIntact($0) }
    }

    var isBusy: Bool { machine.isBusy || switchingTo != nil || !locks.isEmpty }

    var logFile: Path? { FileSystem.exists(log.file) ? log.file : nil }

    /// Returns when nothing is under way that may change the current generation.
    func settled() async {
        while isBusy {
            // Asked again inside: the loop may turn between the two.
            await withCheckedContinuation { continuation in
                if isBusy { waiters.append(continuation) } else { continuation.resume() }
            }
        }
    }

    // MARK: What happens to it

    /// Publishes what is known and starts to look after the project; a first reading follows.
    func start(reason: String) {
        publish()
        check(reason: reason)
    }

    /// Reads the manifests at once: something may have changed, or somebody wants to know.
    ///
    /// - Parameters:
    ///   - forced: a fresh generation even where there is one of this spec.
    ///   - updating: packages that it is to resolve anew, by normalised name; empty: all of them.
    func check(reason: String? = nil, forced: Bool = false, updating: Set<String>? = nil) {
        guard project.trust == .allowed, !hasQuit else { return }
        if let reason { self.reason = reason }
        if forced {
            isForced = true
            wish = nil
        }
        if let updating { self.updating = updating }
        timer?.cancel()
        perform(machine.quietTimePassed())
    }

    /// An input may have changed; it is read when the files have come to rest.
    func inputsChanged() {
        guard project.trust == .allowed, !hasQuit else { return }
        perform(machine.inputsChanged())
    }

    /// A shell handed variables over: a build that waits for one may go on.
    func shellEnvironmentChanged() {
        if isWaitingForShell, missingVariables.isEmpty {
            check(reason: "a shell came")
        }
    }

    /// The user's word changed.
    func setProject(_ changed: Project) {
        project = changed
        hasQuit = false
        // What was refused may go now.
        failure?.inputs = nil
        lockAsks = []
        if changed.trust != .allowed { quit() }
        publish()
    }

    /// Stops looking after the project; a running build is cancelled.
    func quit() {
        hasQuit = true
        timer?.cancel()
        context.watcher.unwatch(project.id)
        context.network.end(project.id)
        locks.values.forEach { $0.task.cancel() }
        perform(machine.stop())
        reading = nil
    }

    func removeLogs() { log.remove() }

    /// What the user's word covers, put down for the next start of the daemon, too.
    func setGrant(_ grant: TrustGrant) {
        project.grant = grant
        let (store, project) = (context.store, project)
        loopTask { try? await store.save(project) }
    }

    // MARK: The state machine's effects

    func perform(_ effects: [BuildStateMachine.Effect]) {
        for effect in effects {
            switch effect {
            case .startTimer(let quiet): startTimer(quiet)
            case .read: loopTask { await self.read() }
            case .startBuild(let request): startBuild(request)
            case .cancelBuild: running?.task.cancel()
            case .switchTo(let number): switchTo(number)
            case .report(let diagnostic): report(diagnostic, key: nil)
            case .settled: settle()
            }
        }
        resumeWaiters()
    }

    /// Where nothing is under way any more, lets go on who waited for that.
    func resumeWaiters() {
        guard !isBusy else { return }
        let resumed = waiters
        waiters = []
        resumed.forEach { $0.resume() }
    }

    private func startTimer(_ quiet: BuildStateMachine.QuietTime) {
        timer?.cancel()
        let now = ContinuousClock.now
        let since = unrestSince ?? now
        unrestSince = since
        let rest = quiet == .short ? context.options.shortQuiet : context.options.longQuiet
        let delay = max(.zero, min(rest, context.options.longestQuiet - (now - since)))
        timer = LoopTimer(after: delay) { [weak self] in self?.quietTimeEnded(since: since) }
    }

    private func quietTimeEnded(since: ContinuousClock.Instant) {
        if .now - since < context.options.longestCheckout, GitCheckout.isUnderWay(around: project.root) {
            timer = LoopTimer(after: .milliseconds(100)) { [weak self] in self?.quietTimeEnded(since: since) }
        } else {
            perform(machine.quietTimePassed())
        }
    }

    private func read() async {
        unrestSince = nil
        let (project, variables, trusts) = (project, context.shells.variables, context.trusts())
        let (read, refusal) = await WorkerPool.shared.run {
            let objection =
                ProjectTrust.objection(to: project, inputs: [])
                ?? ProjectTrust.objection(toWorktree: project, trusts: trusts)
            if let objection {
                let inputs = [InputFile(path: project.root, content: nil)]
                return (
                    ManifestReading(
                        root: project.root, inputs: inputs, followed: [], passedOver: [], wantedVariables: [],
                        spec: .failure(objection)), objection as Diagnostic?
                )
            }
            let reading = ManifestReader.read(project.root, conda: .init(environment: variables))
            return (reading, ProjectTrust.objection(to: project, inputs: reading.inputs))
        }
        guard !hasQuit else { return perform(machine.readingEnded(.nothing)) }
        let objection = refusal ?? workspaceObjection(read)
        var reading = read
        await completeConda(&reading)
        guard !hasQuit else { return perform(machine.readingEnded(.nothing)) }
        let watched = reading.inputs.map(\.path) + [project.root / "."]
        if context.watcher.watch(watched, for: project.id, root: project.root) {
            // What was read before it was watched may have changed in between.
            perform(machine.inputsChanged())
        }
        // The watcher knows of those that are not there; thousands of names of nothing would only fill memory.
        reading.inputs = reading.inputs.filter { $0.content != nil }
        if refusal == nil { adoptWhatOlderVersionsAllowed(reading) }
        let reason = reason ?? Self.changes(from: self.reading?.inputs ?? [], to: reading.inputs, root: project.root)
        let question = question(of: reading)
        // Asked once: there are many projects.
        reading.codeSources = []
        self.reading = reading
        context.fish.isWanted = reading.userSettings.wakesFish
        let identity = (try? FileSystem.status(project.root))??.directoryIdentity
        isEstranged = identity.map { !$0.isSame(as: project.identity) } ?? false
        perform(machine.readingEnded(demand(reading, objection: objection, question: question, reason: reason)))
        statusChanged()
        if !isBusy { self.reason = nil }
    }

    // MARK: Building

    private func startBuild(_ request: BuildRequest) {
        isForced = false
        guard case .success(let spec)? = reading?.spec else { return perform(machine.buildEnded()) }
        let builder = GenerationBuilder(
            paths: context.options.paths, store: context.store, tree: context.tree, log: log,
            driver: context.driver,
            engineContext: context.engineContext(
                scratch: context.options.paths.temporary, sourceBuilds: sourceBuilds,
                log: { [log] in log.write($0) }))
        let order = GenerationBuilder.Order(
            project: project, spec: spec, inputs: reading?.projectInputs ?? [], key: request.key,
            base: request.isForced ? nil : intactCurrent.flatMap { $0.drift == nil ? $0 : nil },
            preferring: updating?.isEmpty == true ? nil : intactCurrent, forgetting: updating ?? [],
            conda: condaOptions, reason: request.reason)
        updating = nil
        let task = loopTask { [context, turns, weak self] in
            let outcome = await turns.run {
                await context.queue.run(urgency: { self?.urgency(shells: $0) ?? .background }) {
                    fetches async -> Result<Generation, Diagnostic>? in
                    await builder.taking(fetches).build(
                        order, onPhase: { phase, progress in loopTask { self?.isAt(phase, progress) } },
                        onStaleLock: { lock in loopTask { self?.staleLock = lock } })
                }
            }
            await self?.buildEnded(request, (outcome ?? nil) ?? nil)
        }
        running = RunningBuild(request: request, task: task)
        context.network.begin(project.id)
        reason = nil
        publish()
    }

    /// A part of the build begins, or the one that runs says how far it is.
    private func isAt(_ phase: String, _ progress: BuildProgress) {
        running?.phase = phase
        running?.progress = progress
        statusChanged()
    }

    /// How soon somebody wants its environment.
    private func urgency(shells: [Path]) -> BuildQueue.Urgency {
        if !waiters.isEmpty { return .awaited }
        return shells.contains { $0.isWithin(project.root) } ? .shell : .background
    }

    private func buildEnded(_ request: BuildRequest, _ outcome: Result<Generation, Diagnostic>?) async {
        let wasCancelled = running?.task.isCancelled ?? true
        switch outcome {
        case .success(let generation) where !hasQuit:
            generations.append(generation)
            if wasCancelled {
                // Overtaken at its very end, and whole all the same: it stays for a way back.
                await retire(generation.number)
            } else {
                await makeCurrent(generation.number)
                context.budget.enforce(after: self)
            }
        case .failure(let diagnostic) where !wasCancelled:
            report(diagnostic, key: request.key, inputs: reading?.inputs)
        // The inputs are not what they were.
        case nil where !wasCancelled: perform(machine.inputsChanged())
        default: break
        }
        running = nil
        perform(machine.buildEnded())
        // After that: the answer tells whether anything is being built.
        publish()
    }
}
