internal import Glibc

/// Threads for work that waits for the disk or computes: reading, hashing, SQLite, the steps of a build.
///
/// Swift's own pool would do, but for libdispatch below it, which once used wakes its manager thread every second
/// for as long as the process lives; a daemon at rest sleeps. Tasks of the daemon name this pool as their preference
/// (SE-0417), so that whatever is not isolated to the loop runs here.
package final class WorkerPool: TaskExecutor {
    package static let shared = WorkerPool()

    /// More would not help: what waits for a disk waits there, and builds are processes.
    private static let threadLimit = 8

    /// Guarded by `mutex`; the threads live as long as the process, and so does all of this.
    nonisolated(unsafe) private var jobs: [UnownedJob] = []
    nonisolated(unsafe) private var idle = 0
    nonisolated(unsafe) private var threads = 0
    nonisolated(unsafe) private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    nonisolated(unsafe) private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrival, nil)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        jobs.append(job)
        if idle >= jobs.count || threads >= Self.threadLimit {
            pthread_cond_signal(arrival)
        } else {
            startThread()
        }
        pthread_mutex_unlock(mutex)
    }

    /// Runs `body` on a thread of the pool, whatever the calling task prefers.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withTaskExecutorPreference(self) { await Self.apart(body) }
    }

    @concurrent private static func apart<Value: Sendable>(_ body: @Sendable () -> Value) async -> Value { body() }

    private func startThread() {
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { _ in
                WorkerPool.shared.work()
                return nil
            }, nil)
        // Without another thread those that there are do it; without any there is nothing left to do.
        guard code == 0 else { return precondition(threads > 0, "there is no thread to work on") }
        pthread_detach(thread)
        threads += 1
    }

    private func work() {
        let executor = asUnownedTaskExecutor()
        pthread_mutex_lock(mutex)
        while true {
            while jobs.isEmpty {
                idle += 1
                pthread_cond_wait(arrival, mutex)
                idle -= 1
            }
            let job = jobs.removeFirst()
            pthread_mutex_unlock(mutex)
            job.runSynchronously(on: executor)
            pthread_mutex_lock(mutex)
        }
    }
}
