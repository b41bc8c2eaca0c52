internal import EnvdCore
internal import EnvdLoop

/// Lets a few builds run at once. The others wait: first what somebody waits for goes on, then what a shell stands in, then
/// whatever came first.
@LoopActor final class BuildQueue {
    /// How soon somebody wants to see the end of it.
    enum Urgency: Int, Comparable {
        case background, shell, awaited
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is held by one that runs.
    struct Place: Hashable { fileprivate var id: Int }

    private struct Waiting {
        var place: Place
        /// Asked when a place is free, with the directories in which shells stand.
        var urgency: @LoopActor ([Path]) -> Urgency
        var continuation: CheckedContinuation<Bool, Never>
    }

    private let patience: Duration?
    private let shells: @Sendable () -> [Path]
    private var free: Int
    /// Since when each runs; those that were waited for too long are left out.
    private var running: [Place: ContinuousClock.Instant] = [:]
    private var waiting: [Waiting] = []
    private var lastID = 0
    private var timer: LoopTimer?

    /// - Parameters:
    ///   - patience: how long one that runs keeps others waiting: then it counts no more; nil: for ever.
    ///   - shells: the directories in which shells stand; called off the loop.
    init(places: Int, patience: Duration? = nil, shells: @escaping @Sendable () -> [Path] = { [] }) {
        free = places
        self.patience = patience
        self.shells = shells
    }

    /// Runs `body` when a place is free.
    ///
    /// - Returns: nil where the calling task was cancelled while it waited.
    func run<Value: Sendable>(
        urgency: @escaping @LoopActor ([Path]) -> Urgency = { _ in .background }, _ body: @Sendable () async -> Value
    ) async -> Value? {
        guard let place = await enter(urgency) else { return nil }
        defer { leave(place) }
        return await body()
    }

    /// Waits for a place, which is held until `leave`.
    ///
    /// - Returns: nil where the calling task was cancelled while it waited.
    func enter(_ urgency: @escaping @LoopActor ([Path]) -> Urgency) async -> Place? {
        lastID += 1
        let place = Place(id: lastID)
        let isIn = await withTaskCancellationHandler {
            // All of it inside: the loop may turn before the continuation is there.
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: false)
                } else if free > 0 {
                    free -= 1
                    running[place] = .now
                    continuation.resume(returning: true)
                } else {
                    waiting.append(Waiting(place: place, urgency: urgency, continuation: continuation))
                    watchPatience()
                }
            }
        } onCancel: {
            loopTask { self.cancel(place) }
        }
        return isIn ? place : nil
    }

    private func cancel(_ place: Place) {
        guard let index = waiting.firstIndex(where: { $0.place == place }) else { return }
        waiting.remove(at: index).continuation.resume(returning: false)
    }

    func leave(_ place: Place) {
        if running.removeValue(forKey: place) != nil { handOn() }
    }

    /// The place goes to the most urgent one.
    private func handOn() {
        guard waiting.count > 1 else { return pass([]) }
        // The place is held meanwhile.
        loopTask {
            let directories = await WorkerPool.shared.run(self.shells)
            self.pass(directories)
        }
    }

    private func pass(_ directories: [Path]) {
        let urgencies = waiting.map { $0.urgency(directories) }
        guard let highest = urgencies.max(), let index = urgencies.firstIndex(of: highest) else {
            free += 1
            return
        }
        let next = waiting.remove(at: index)
        running[next.place] = .now
        next.continuation.resume(returning: true)
        watchPatience()
    }

    // MARK: Those that take long

    /// A clock is there only while somebody waits.
    private func watchPatience() {
        guard let patience, timer == nil, !waiting.isEmpty, let oldest = running.values.min() else { return }
        timer = LoopTimer(after: max(oldest + patience - .now, .zero)) { [weak self] in self?.losePatience(patience) }
    }

    private func losePatience(_ patience: Duration) {
        timer = nil
        if !waiting.isEmpty, let slowest = running.min(by: { $0.value < $1.value }), slowest.value + patience <= .now {
            leave(slowest.key)
        }
        watchPatience()
    }
}
