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

    private struct Waiting {
        var id: Int
        /// Asked when a place is free, with the directories in which shells stand.
        var urgency: @LoopActor ([Path]) -> Urgency
        var continuation: CheckedContinuation<Bool, Never>
    }

    private let places: Int
    private let shells: @Sendable () -> [Path]
    private var running = 0
    private var waiting: [Waiting] = []
    private var lastID = 0

    /// - Parameter shells: the directories in which shells stand; called off the loop.
    init(places: Int, shells: @escaping @Sendable () -> [Path] = { [] }) {
        self.places = places
        self.shells = shells
    }

    /// Runs `body` when a place is free.
    ///
    /// - Returns: nil where the calling task was cancelled while it waited.
    func run<Value: Sendable>(
        urgency: @escaping @LoopActor ([Path]) -> Urgency = { _ in .background }, _ body: @Sendable () async -> Value
    ) async -> Value? {
        guard await enter(urgency) else { return nil }
        defer { leave() }
        return await body()
    }

    private func enter(_ urgency: @escaping @LoopActor ([Path]) -> Urgency) async -> Bool {
        lastID += 1
        let id = lastID
        return await withTaskCancellationHandler {
            // All of it inside: the loop may turn before the continuation is there.
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: false)
                } else if running < places {
                    running += 1
                    continuation.resume(returning: true)
                } else {
                    waiting.append(Waiting(id: id, urgency: urgency, continuation: continuation))
                }
            }
        } onCancel: {
            loopTask { self.cancel(id) }
        }
    }

    private func cancel(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(returning: false)
    }

    /// The place goes to the most urgent one.
    private func leave() {
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
            running -= 1
            return
        }
        waiting.remove(at: index).continuation.resume(returning: true)
    }
}
