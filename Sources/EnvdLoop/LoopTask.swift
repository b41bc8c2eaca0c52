/// A task that begins on the loop, and runs what is not the loop's on `WorkerPool`: the daemon starts no other kind.
@discardableResult
package func loopTask<Value: Sendable>(
    _ operation: @escaping @Sendable @LoopActor () async -> Value
) -> Task<Value, Never> {
    // A task that is made with a preference would begin on the pool.
    Task { @LoopActor in await withTaskExecutorPreference(WorkerPool.shared) { await operation() } }
}

extension LoopTimer {
    /// Suspends the calling task for a while; cancellation does not shorten it.
    @LoopActor package static func sleep(for duration: Duration) async {
        await withCheckedContinuation { continuation in
            LoopTimer(after: duration) { continuation.resume() }
        }
    }
}
