internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// The daemon that serves this user while another one starts.
enum ServingDaemon {
    /// How long it may take for each answer: milliseconds.
    private static let patience: Int64 = 3000

    /// Asks it to stop where it is of an older version; waits for its answers, not for its end.
    ///
    /// - Returns: whether it will. One of the same version, a newer one and one that hangs go on.
    static func givesWay(at runtime: RuntimeDirectory) -> Bool {
        guard let descriptor = try? UnixSocket.connect(to: runtime.controlSocket) else { return true }
        defer { UnixSocket.close(descriptor) }
        let nothing = VarlinkService.Nothing()
        guard let answer = ask(VarlinkService.GetInfo.self, nothing, on: descriptor) else { return false }
        let info = try? ControlCoding.value(VarlinkService.GetInfo.Reply.self, ofReply: answer)
        guard Version.isNewer(than: info?.version) else { return false }
        return ask(Control.Stop.self, nothing, on: descriptor) != nil
    }

    /// The reply's frame; nil where none comes in time.
    private static func ask<Method: ControlMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters, on descriptor: Int32
    ) -> [UInt8]? {
        let deadline = Deadline.after(milliseconds: patience)
        guard let call = try? ControlCoding.call(method, parameters),
            (try? UnixSocket.send(call + [0], to: descriptor, until: deadline)) != nil
        else { return nil }
        var received: [UInt8] = []
        while received.last != 0 {
            guard let more = try? UnixSocket.receive(from: descriptor, until: deadline), !more.isEmpty else {
                return nil
            }
            received += more
        }
        return received.dropLast()
    }
}
