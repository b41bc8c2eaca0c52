internal import EnvdClient
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem
internal import Glibc

extension DaemonClient {
    /// What comes while somebody watches how projects stand.
    enum StatusEvent {
        /// How all that are watched stand: what was known before does not count any more.
        case all(StatusReport)
        /// Those that changed.
        case changed(StatusReport)
        /// The daemon went away; `all` follows when one serves again.
        case daemonGone
        /// Nothing came for a while.
        case nothing
    }

    /// How long another daemon may take to come by itself: milliseconds.
    private static let absence: Int64 = 3000

    /// Watches how projects stand, until `onEvent` gives false. A daemon that is replaced meanwhile, or starts anew, is
    /// followed by the next one.
    ///
    /// - Parameters:
    ///   - directory: in the project that is watched; nil: all.
    ///   - brief: of every project only what one line tells.
    ///   - pause: how long nothing may come before `onEvent` is told so: milliseconds.
    /// - Throws: what the daemon says; exit status 69 where it hangs, or was stopped by `envd service stop`.
    static func follow(
        _ directory: Path?, brief: Bool = false, pause: Int64 = 1000, runtime: RuntimeDirectory = .ofThisUser(),
        onEvent: (StatusEvent) throws -> Bool
    ) throws {
        let parameters = Control.Monitor.Parameters(directory: directory, brief: brief)
        var client = try DaemonClient(runtime: runtime)
        while true {
            var isFirst = true
            let isGone = try client.replies(to: Control.Monitor.self, parameters, pause: pause) { report in
                guard let report else { return try onEvent(.nothing) }
                defer { isFirst = false }
                return try onEvent(isFirst ? .all(report) : .changed(report))
            }
            guard isGone, try onEvent(.daemonGone) else { return }
            guard let next = try nextDaemon(runtime, { try onEvent(.nothing) }) else { return }
            client = next
        }
    }

    /// The daemon that takes the place of the one that went away; started, where none comes.
    ///
    /// - Parameter onSilence: gives false to wait no longer.
    /// - Returns: nil where the waiting ended so.
    private static func nextDaemon(_ runtime: RuntimeDirectory, _ onSilence: () throws -> Bool) throws -> DaemonClient?
    {
        let deadline = Deadline.after(milliseconds: absence)
        while !deadline.hasPassed {
            if let client = try? DaemonClient(runtime: runtime, startingDaemon: false) { return client }
            guard try onSilence() else { return nil }
            usleep(100_000)
        }
        return try DaemonClient(runtime: runtime)
    }
}
