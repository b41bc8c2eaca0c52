internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem

/// Looks at inputs that the kernel does not watch for us, again and again: often while somebody works with envd, once a
/// minute otherwise. It keeps no clock where there is nothing to look at.
@LoopActor final class InputPolling {
    private static let often = Duration.seconds(5)
    private static let seldom = Duration.seconds(60)
    /// How long after a client's last word somebody is thought to be at work.
    private static let working = Duration.seconds(600)

    private typealias Look = [Path: FileSystem.Status]

    private var looks: [ProjectID: (inputs: [Path], seen: Look)] = [:]
    private var timer: LoopTimer?
    private var isLooking = false
    private var lastUse = ContinuousClock.now
    private let onChange: @LoopActor (Set<ProjectID>) -> Void

    init(onChange: @escaping @LoopActor (Set<ProjectID>) -> Void) { self.onChange = onChange }

    var isEmpty: Bool { looks.isEmpty }

    func close() {
        timer?.cancel()
        looks = [:]
    }

    /// From now on these are looked at for a project, instead of the ones of before.
    ///
    /// - Returns: whether they are not as they were seen last: what was read before may be out of date already.
    func look(at inputs: [Path], for project: ProjectID) -> Bool {
        let seen = Self.look(at: inputs)
        let isNew = looks.updateValue((inputs, seen), forKey: project)?.seen != seen
        if timer == nil { startTimer() }
        return isNew
    }

    func forget(_ project: ProjectID) {
        guard looks.removeValue(forKey: project) != nil, looks.isEmpty else { return }
        timer?.cancel()
        timer = nil
    }

    /// A client came: somebody is at work.
    func noteUse() {
        let wasAtWork = isAtWork
        lastUse = .now
        if !wasAtWork, timer != nil { startTimer() }
    }

    private var isAtWork: Bool { .now - lastUse < Self.working }

    private func startTimer() {
        timer?.cancel()
        timer = LoopTimer(after: isAtWork ? Self.often : Self.seldom) { [weak self] in
            guard let self else { return }
            loopTask { await self.lookAgain() }
        }
    }

    private func lookAgain() async {
        guard !isLooking else { return }
        isLooking = true
        let before = looks
        let changed = await WorkerPool.shared.run {
            Set(before.filter { Self.look(at: $0.value.inputs) != $0.value.seen }.keys)
        }
        isLooking = false
        if !looks.isEmpty { startTimer() }
        if !changed.isEmpty { onChange(changed.intersection(looks.keys)) }
    }

    /// By stat(2) alone, links followed: an editor that saves changes the inode or the time.
    private nonisolated static func look(at inputs: [Path]) -> Look {
        var look: Look = [:]
        for input in inputs {
            // A directory's own time is none of an input's.
            if let status = try? FileSystem.status(input), status.kind == .file { look[input] = status }
        }
        return look
    }
}
