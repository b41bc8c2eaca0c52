internal import EnvdCore
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdSystem

/// Serves shells: one message a connection, at most one answer.
@LoopActor final class HookServer {
    /// Between an answer and what no shell waits for.
    private static let rest = Duration.milliseconds(20)

    private let service: DaemonService
    private var listener: LimitedListener?

    /// - Parameter descriptor: of the listening socket; belongs to this from here on.
    init(descriptor: Int32, service: DaemonService) throws {
        self.service = service
        listener = try LimitedListener(descriptor: descriptor) {
            [weak self] connection in
            self?.accept(connection)
        }
    }

    func close() {
        listener?.close()
        listener = nil
    }

    private func accept(_ connection: UnixConnection) {
        guard connection.peer.user == CurrentUser.id else { return connection.close() }
        var received: [UInt8] = []
        var hasAsked = false
        connection.start { [weak self, weak connection] data in
            guard let connection, !hasAsked else { return }
            received += data
            guard let length = HookRequest.announcedLength(received) else { return }
            guard length <= HookRequest.limit else { return connection.close() }
            guard received.count >= 4 + length else { return }
            let body = Array(received[4..<(4 + length)])
            received = []
            hasAsked = true
            self?.serve(body, on: connection)
        } onEnd: { [weak connection] _ in
            if !hasAsked { connection?.close() }
        }
    }

    private func serve(_ body: [UInt8], on connection: UnixConnection) {
        guard let request = HookRequest(body: body) else {
            guard HookRequest.isOfAnotherVersion(body) else { return connection.close() }
            connection.write(HookRequest.frame([]))
            return connection.shutdownAfterWrites()
        }
        service.noteUse()
        switch request.verb {
        case .hello:
            connection.close()
            handOver(request)
        case .ask:
            listener?.isAsked(connection)
            loopTask {
                let answer = await self.service.answer(request)
                connection.write(HookRequest.frame(answer.text))
                connection.shutdownAfterWrites()
                self.listener?.isAnswered(connection)
                // On a busy machine the shell stands behind us for a processor: it goes on as soon as we rest.
                await LoopTimer.sleep(for: Self.rest)
                self.handOver(request)
                if let root = answer.asked { await self.service.publishAsked(root) }
            }
        }
    }

    private func handOver(_ request: HookRequest) {
        service.handOver(HandedEnvironment.cleaned(request.environment))
    }
}
