internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdShell
internal import EnvdStore

/// What a project is to others: its status for people, its answer for shells.
extension ProjectSupervisor {
    var status: ProjectStatus {
        // It takes a look at the disk: once is enough.
        let intact = intactCurrent
        var status = ProjectStatus(root: project.root, state: state(intact))
        if let current = isEstranged ? nil : intact {
            status.current = ProjectStatus.Current(
                number: current.number, prefix: current.prefix, python: current.interpreter?.version,
                engine: current.engine)
            status.current?.built = current.made?.text
        }
        status.build = build
        status.failure = toldFailure
        status.failed = status.failure == nil ? nil : failure?.made?.text
        status.rolledBack = isEstranged ? nil : rollbackStatus
        status.asks = asks.isEmpty ? nil : asks
        status.followed = reading?.followed ?? []
        status.passedOver = (reading?.passedOver ?? []).map {
            ProjectStatus.PassedOver(path: $0.path, reason: $0.reason)
        }
        status.wantedVariables = missingVariables
        status.warnings = (reading?.notes ?? []) + (intact?.notes ?? []).map { Diagnostic($0) }
        if let staleLock {
            let told = Diagnostic(
                "`\(staleLock)` is stale: the versions were chosen anew, and the file was left alone",
                hint: "`envd lock` brings it up to date")
            status.warnings.append(told)
        }
        return status
    }

    /// What is being built, or locked.
    private var build: ProjectStatus.Build? {
        if let running {
            var build = ProjectStatus.Build(
                phase: running.phase, reason: running.request.reason,
                milliseconds: Self.milliseconds(since: running.since))
            build.started = running.started.text
            build.progress = running.progress == BuildProgress() ? nil : running.progress
            return build
        }
        return locks.values.map(\.since).min().map {
            ProjectStatus.Build(phase: "locking", reason: "`envd lock`", milliseconds: Self.milliseconds(since: $0))
        }
    }

    /// What a line among many tells.
    var outline: ProjectStatus {
        let intact = intactCurrent
        var outline = ProjectStatus(root: project.root, state: state(intact))
        outline.rolledBack = isEstranged ? nil : rollbackStatus
        if let current = isEstranged ? nil : intact {
            outline.current = ProjectStatus.Current(
                number: current.number, prefix: current.prefix, python: nil, engine: current.engine)
            outline.current?.built = current.made?.text
        }
        outline.build = build
        outline.failure = toldFailure.map { Diagnostic($0.message) }
        outline.failed = outline.failure == nil ? nil : failure?.made?.text
        return outline
    }

    private static func milliseconds(since start: ContinuousClock.Instant) -> Int {
        let elapsed = (ContinuousClock.now - start).components
        return Int(elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000)
    }

    /// With what takes a look at the disk.
    var detailedStatus: ProjectStatus {
        var status = status
        status.current?.drift = offered?.drift?.phrases
        return status
    }

    private func state(_ intact: Generation?) -> ProjectStatus.State {
        if project.trust == .denied { return .denied }
        if machine.isBuilding || !locks.isEmpty { return .building }
        if !missingVariables.isEmpty, intact == nil { return .waitingForShell }
        if failure?.diagnostic.asks != nil { return .waitingForWord }
        if failure != nil { return .failed }
        return intact == nil ? .building : .ready
    }

    /// Variables that a manifest names.
    var wantedVariables: [String] { reading?.wantedVariables ?? [] }

    /// Those of them that no shell has handed over.
    var missingVariables: [String] {
        guard context.shells.isKnown else { return ["PATH"] }
        return wantedVariables.filter { context.shells.variables[ByteString($0)] == nil }
    }

    /// What the shells get; see `AnswerPublisher`.
    var answer: Answer {
        let current = offered
        return Answer(
            root: project.root, generation: current?.number, delta: current?.delta ?? Delta(), notice: notice.notice,
            wants: missingVariables.compactMap { VariableName($0) },
            prompt: PromptText(name: name, state: promptState(hasEnvironment: current != nil)))
    }

    private func promptState(hasEnvironment: Bool) -> PromptText.State {
        if machine.isBuilding { return .building }
        if failure != nil, !isWaitingForShell { return .failed }
        if !hasEnvironment { return .building }
        return isWaitingForShell ? .stale : .ready
    }

    private var name: ByteString {
        guard case .success(let spec)? = reading?.spec else { return project.root.name }
        return spec.name
    }

    var notice: ProjectNotice {
        ProjectNotice(
            name: name, root: project.root, building: running?.request, failure: failure?.diagnostic,
            current: intactCurrent?.number, lost: lost.map(\.description), staleLock: staleLock)
    }
}
