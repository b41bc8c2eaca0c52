package import EnvdCore
package import EnvdProtocol
package import EnvdSystem

/// A connection to the daemon's control socket: frames that end in a NUL, as varlink has them.
///
/// What is in the frames is the caller's: this side knows no JSON, so that `envd-hook` stays free of Foundation.
package final class ControlConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to the running daemon, or starts one and connects to that.
    package init(runtime: RuntimeDirectory, startingDaemon: Bool = true) throws(Diagnostic) {
        do {
            descriptor = try UnixSocket.connect(to: runtime.controlSocket)
            return
        } catch {
            guard startingDaemon, error.isNobodyListening else {
                // Another user's directory or socket in its place has its own words.
                try runtime.prepare()
                if error.isRefused {
                    throw Diagnostic(
                        "could not reach the daemon: `\(runtime.controlSocket)` is another user's",
                        hint: "remove it, or set XDG_RUNTIME_DIR to a directory of your own")
                }
                throw Diagnostic(
                    "could not reach the daemon: \(error.cause)",
                    hint: error.isNobodyListening
                        ? "start it with `envd daemon`" : "see `\(runtime.path / "daemon.log")`")
            }
        }
        try DaemonStarter(runtime: runtime).start(waiting: .after(milliseconds: 10_000))
        do {
            descriptor = try UnixSocket.connect(to: runtime.controlSocket)
        } catch {
            throw Diagnostic(
                "could not reach the daemon: \(error.cause)", hint: "see `\(runtime.path / "daemon.log")`")
        }
    }

    /// The daemon's process; nil where it has no number here.
    package var daemonProcess: Int32? { UnixSocket.peerProcess(of: descriptor) }

    deinit { UnixSocket.close(descriptor) }

    /// Sends one frame; the NUL is added here.
    package func send(_ frame: [UInt8], until deadline: Deadline = .never) throws(SystemError) {
        try UnixSocket.send(frame + [0], to: descriptor, until: deadline)
    }

    /// The next frame without its NUL; nil when the daemon closed the connection.
    package func receive(until deadline: Deadline = .never) throws(SystemError) -> [UInt8]? {
        while true {
            if let end = received.firstIndex(of: 0) {
                let frame = Array(received[..<end])
                received.removeFirst(end + 1)
                return frame
            }
            let more = try UnixSocket.receive(from: descriptor, until: deadline)
            if more.isEmpty { return nil }
            received += more
        }
    }
}
