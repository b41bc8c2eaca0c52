internal import EnvdCore
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdSystem

/// Serves the control socket: frames that end in a NUL, one call after the other on each connection.
@LoopActor final class ControlServer {
    private let harness: ControlHarness
    private var listener: LimitedListener?

    /// - Parameter descriptor: of the listening socket; belongs to this from here on.
    init(descriptor: Int32, harness: ControlHarness) throws {
        self.harness = harness
        listener = try LimitedListener(descriptor: descriptor) {
            [weak self] connection in self?.accept(connection)
        }
    }

    func close() {
        listener?.close()
        listener = nil
    }

    private func accept(_ connection: UnixConnection) {
        let isStranger = connection.peer.user != CurrentUser.id
        let session = ControlSession(connection, harness: harness, isStranger: isStranger) {
            [weak listener, weak connection] isBusy in
            guard let connection else { return }
            if isBusy { listener?.isAsked(connection) } else { listener?.isAnswered(connection) }
        }
        connection.start {
            session.receive($0)
        } onEnd: { _ in
            session.end()
        }
    }
}
