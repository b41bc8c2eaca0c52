/// A task that begins on the loop, and runs what is not the loop's on `WorkerPool`: the daemon starts no other kind.
@discardableResult
package func loopTask<Value: Sendable>(
    _ operation: @escaping @Sendable @LoopActor () async -> Value
) -> Task<Value, Never> {
    Task(executorPreference: WorkerPool.shared, operation: operation)
}

extension LoopTimer {
    /// Suspends the calling task for a while; cancellation does not shorten it.
    @LoopActor package static func sleep(for duration: Duration) async {
        await withCheckedContinuation { continuation in
            LoopTimer(after: duration) { continuation.resume() }
        }
    }
}
