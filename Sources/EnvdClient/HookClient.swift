internal import EnvdCore
package import EnvdProtocol
internal import EnvdSystem

/// What `envd-hook` does for a shell: says hello or asks, and starts the daemon where none answers.
package struct HookClient: Sendable {
    /// How long a prompt may be held, whatever the daemon does: milliseconds.
    package static let patience: Int64 = 50

    package var runtime: RuntimeDirectory

    package init(runtime: RuntimeDirectory) { self.runtime = runtime }

    /// Sends a request's frame and gives the shell text that came back; empty where there is none.
    ///
    /// Nothing here fails loudly: a shell's prompt is no place for a daemon's troubles, and `envd status` tells them.
    ///
    /// - Parameter isQuestion: whether an answer is waited for.
    package func send(_ frame: [UInt8], isQuestion: Bool) -> [UInt8] {
        do throws(SystemError) {
            let deadline = Deadline.after(milliseconds: Self.patience)
            let connection = try UnixSocket.connect(to: runtime.hookSocket)
            defer { UnixSocket.close(connection) }
            try UnixSocket.send(frame, to: connection, until: deadline)
            return isQuestion ? try reply(on: connection, until: deadline) : []
        } catch {
            if ProcessEnvironment.value(.debug) != nil { StandardError.write("envd-hook: \(error)") }
            if error.verb == "connect to", error.isNobodyListening {
                try? DaemonStarter(runtime: runtime).start(waiting: nil)
            } else if isQuestion, error.code == SystemError.timedOut, runtime.isTelling {
                // Every hook knows this function and takes these quotes.
                return Array("_envd_notice envd-is-silent 'envd: the daemon does not answer; see envd status'\n".utf8)
            }
            return []
        }
    }

    private func reply(on connection: Int32, until deadline: Deadline) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            if let length = HookRequest.announcedLength(bytes) {
                if length > HookRequest.limit { return [] }
                if bytes.count >= 4 + length { return Array(bytes[4..<(4 + length)]) }
            }
            let more = try UnixSocket.receive(from: connection, until: deadline)
            if more.isEmpty { return [] }
            bytes += more
        }
    }
}
