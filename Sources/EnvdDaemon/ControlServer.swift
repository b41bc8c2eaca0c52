internal import EnvdCore
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdSystem

/// Serves the control socket: frames that end in a NUL, one call after the other on each connection.
@LoopActor final class ControlServer {
    private let harness: ControlHarness
    private var listener: UnixListener?
    /// A longer call is none of ours.
    private static let frameLimit = 4 << 20

    init(_ runtime: RuntimeDirectory, harness: ControlHarness) throws {
        self.harness = harness
        listener = try UnixListener(descriptor: try UnixSocket.listen(at: runtime.controlSocket)) {
            [weak self] connection in self?.accept(connection)
        }
    }

    func close() {
        listener?.close()
        listener = nil
    }

    private func accept(_ connection: UnixConnection) {
        guard connection.peer.user == CurrentUser.id else { return connection.close() }
        var received: [UInt8] = []
        var last: Task<Void, Never>?
        connection.start { [harness, weak connection] data in
            received += data
            guard received.count <= Self.frameLimit else {
                connection?.close()
                return
            }
            while let end = received.firstIndex(of: 0) {
                let frame = Array(received[..<end])
                received.removeFirst(end + 1)
                let before = last
                last = loopTask { [weak connection] in
                    await before?.value
                    let reply = await harness.handle(frame)
                    connection?.write(reply + [0])
                }
            }
        } onEnd: { [weak connection] _ in
            let before = last
            loopTask { [weak connection] in
                await before?.value
                connection?.shutdownAfterWrites()
            }
        }
    }
}
