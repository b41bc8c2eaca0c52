internal import EnvdLoop

/// Lets a few builds run at once and keeps the others in the order in which they came.
@LoopActor final class BuildQueue {
    private let places: Int
    private var running = 0
    private var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    private var lastID = 0

    init(places: Int) { self.places = places }

    /// Runs `body` when a place is free.
    ///
    /// - Returns: nil where the calling task was cancelled while it waited.
    func run<Value: Sendable>(_ body: @Sendable () async -> Value) async -> Value? {
        guard await enter() else { return nil }
        defer { leave() }
        return await body()
    }

    private func enter() async -> Bool {
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
                    waiting.append((id, continuation))
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

    /// The place goes to whoever has waited longest.
    private func leave() {
        if waiting.isEmpty {
            running -= 1
        } else {
            waiting.removeFirst().continuation.resume(returning: true)
        }
    }
}
