internal import Synchronization

/// Passes the first lines on, then says once that there were more.
final class BoundedLog: Sendable {
    private let remaining: Mutex<Int>
    private let log: @Sendable (String) -> Void

    /// - Parameter limit: none of 0 lines is worth a word.
    init(limit: Int, _ log: @escaping @Sendable (String) -> Void) {
        remaining = Mutex(limit)
        self.log = log
    }

    func tell(_ line: String) {
        let left = remaining.withLock { count in
            defer { count = max(count - 1, 0) }
            return count
        }
        if left > 1 { log(line) }
        if left == 1 { log("…") }
    }
}
