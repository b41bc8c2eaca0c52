internal import CUV
internal import Glibc
internal import Synchronization

/// Runs Swift jobs on libuv's default loop: queued under a lock, run in batches, one wake-up a batch.
///
/// There is one for the life of the process, for libuv's default loop is one too. Jobs that come before the
/// loop runs wait for it; jobs that come after it has ended are never run.
final class LoopExecutor: SerialExecutor {
    static let shared = LoopExecutor()

    private enum Phase { case notStarted, asleep, awake, ended }
    private struct Queue {
        var jobs: [UnownedJob] = []
        var phase = Phase.notStarted
    }

    /// So that jobs which keep queueing others cannot keep the loop from its descriptors and timers.
    private static let batchesPerWake = 16

    private let queue = Mutex(Queue())
    /// The thread that runs the loop; 0 while none does.
    private let thread = Atomic<UInt>(0)
    /// Lives as long as the process: `enqueue` may reach for it whenever it likes.
    nonisolated(unsafe) private let async = UnsafeMutablePointer<uv_async_t>.allocate(capacity: 1)

    /// The loop's thread alone looks at it.
    nonisolated(unsafe) private var hasEnded = false

    private init() {}

    private static var currentThread: UInt { UInt(pthread_self()) }
    private var isOnLoop: Bool { thread.load(ordering: .relaxed) == Self.currentThread }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.withLock { queue in
            queue.jobs.append(job)
            guard queue.phase == .asleep else { return }
            queue.phase = .awake
            // Under the lock, so that the handle cannot be closed in between.
            uv_async_send(async)
        }
    }

    func checkIsolated() {
        precondition(isOnLoop, "this belongs on the loop's thread")
    }

    func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Makes the calling thread the loop's; jobs run as soon as it runs `loop`.
    func attach(to loop: UnsafeMutablePointer<uv_loop_t>) {
        thread.store(Self.currentThread, ordering: .relaxed)
        let code = uv_async_init(loop, async) { _ in LoopExecutor.shared.drain() }
        precondition(code == 0, "the event loop has no descriptor to be woken by")
        async.pointee.data = nil
        queue.withLock { queue in
            precondition(queue.phase == .notStarted, "the event loop runs once in a process")
            queue.phase = .awake
            uv_async_send(async)
        }
    }

    /// Takes no more jobs and lets go of the loop, which can then end.
    func detach() {
        hasEnded = true
        queue.withLock { $0.phase = .ended }
        UnsafeMutableRawPointer(async).withMemoryRebound(to: uv_handle_t.self, capacity: 1) { uv_close($0, nil) }
    }

    private func drain() {
        let executor = asUnownedSerialExecutor()
        var batch: [UnownedJob] = []
        for _ in 0..<Self.batchesPerWake {
            batch.removeAll(keepingCapacity: true)
            queue.withLock { queue in
                swap(&queue.jobs, &batch)
                if batch.isEmpty, queue.phase == .awake { queue.phase = .asleep }
            }
            if batch.isEmpty { return }
            for job in batch {
                job.runSynchronously(on: executor)
                if hasEnded { return }
            }
        }
        queue.withLock { queue in
            if queue.phase == .awake { uv_async_send(async) }
        }
    }
}
