internal import EnvdSystem
internal import Glibc

/// Cancels work that takes too long.
///
/// The clock is a thread of its own: Swift's would start libdispatch, which then wakes once a second for as long as
/// the daemon lives.
package enum TimeLimit {
    private enum Event<Value: Sendable>: Sendable {
        case value(Value)
        /// Whether the time is over; else the clock was stopped.
        case clock(Bool)
    }

    /// Runs `body`, which is cancelled when the time is over and then has to return.
    ///
    /// - Returns: what it gave, and whether it was cancelled for its time.
    package static func run<Value: Sendable>(
        milliseconds: Int64, _ body: @escaping @Sendable () async -> Value
    ) async -> (value: Value, isLate: Bool) {
        guard let bell = try? ReadyPipe() else { return (await body(), false) }
        defer { bell.closeReadEnd() }
        return await withTaskGroup(of: Event<Value>.self) { group in
            group.addTask { .value(await body()) }
            group.addTask { .clock(await wait(milliseconds, for: bell)) }
            var (result, isLate) = (Value?.none, false)
            for await event in group {
                switch event {
                case .value(let value):
                    result = value
                    // The clock's thread sees the end of the pipe.
                    bell.closeWriteEnd()
                case .clock(let isOver) where isOver:
                    isLate = result == nil
                    group.cancelAll()
                case .clock: break
                }
            }
            guard let result else { fatalError("a task of a group ended without a value") }
            return (result, isLate)
        }
    }

    /// Until the time is over, which gives true, or the pipe's other end is closed.
    private static func wait(_ milliseconds: Int64, for bell: ReadyPipe) async -> Bool {
        await withCheckedContinuation { continuation in
            let clock = Clock(bell: bell, deadline: .after(milliseconds: milliseconds), continuation: continuation)
            var thread = pthread_t()
            let argument = Unmanaged.passRetained(clock).toOpaque()
            let code = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Clock>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, argument)
            if code == 0 {
                pthread_detach(thread)
            } else {
                Unmanaged<Clock>.fromOpaque(argument).release()
                continuation.resume(returning: false)
            }
        }
    }

    private final class Clock: Sendable {
        private let bell: ReadyPipe
        private let deadline: Deadline
        private let continuation: CheckedContinuation<Bool, Never>

        init(bell: ReadyPipe, deadline: Deadline, continuation: CheckedContinuation<Bool, Never>) {
            self.bell = bell
            self.deadline = deadline
            self.continuation = continuation
        }

        func run() {
            _ = bell.wait(until: deadline)
            continuation.resume(returning: deadline.hasPassed)
        }
    }
}
