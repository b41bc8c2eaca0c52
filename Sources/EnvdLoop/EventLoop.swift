internal import CUV
internal import Glibc
internal import Synchronization

/// libuv's default loop, once in a process, on the thread that calls `run`.
package enum EventLoop {
    private static let result = Atomic<Int32>(EXIT_FAILURE)

    /// Runs the loop on the calling thread until `body` has returned, and gives what it returned.
    ///
    /// Handles that are still open then are closed here; jobs that are queued afterwards never run. SIGPIPE is
    /// ignored from here on, for libuv writes with write(2). A second call stops the program.
    package static func run(_ body: @escaping @Sendable @LoopActor () async -> Int32) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        guard let loop = uv_default_loop() else { fatalError("there is no memory for an event loop") }
        LoopExecutor.shared.attach(to: loop)
        loopTask {
            result.store(await body(), ordering: .relaxed)
            closeRemainingHandles()
        }
        uv_run(loop, UV_RUN_DEFAULT)
        return result.load(ordering: .relaxed)
    }

    /// Runs the loop on a thread of its own for as long as the process lives, where none was started so yet.
    ///
    /// For tests alone, whose main thread belongs to the test runner.
    package static func startForTests() { testThread }

    private static let testThread: Void = {
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { _ in
                _ = EventLoop.run {
                    await withCheckedContinuation { EventLoop.neverEnding = $0 }
                    return EXIT_SUCCESS
                }
                return nil
            }, nil)
        precondition(code == 0, "there is no thread for the event loop")
        pthread_detach(thread)
    }()

    @LoopActor private static var neverEnding: CheckedContinuation<Void, Never>?

    @LoopActor private static func closeRemainingHandles() {
        uv_walk(
            uv_default_loop(),
            { raw, _ in
                guard let raw, let data = raw.pointee.data else { return }
                Unmanaged<LoopHandle>.fromOpaque(data).takeUnretainedValue().close()
            }, nil)
        LoopExecutor.shared.detach()
    }
}
