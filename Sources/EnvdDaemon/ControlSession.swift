internal import EnvdControl
internal import EnvdLoop

/// One client of the control socket: its calls, in the order in which they came, one at a time.
@LoopActor final class ControlSession {
    /// A longer call is none of ours.
    private static let frameLimit = 4 << 20
    /// Whoever has more calls waiting does not wait for answers.
    private static let callLimit = 256

    private let harness: ControlHarness
    /// Whether the client is another user, to whom nothing is told.
    private let isStranger: Bool
    private weak var connection: UnixConnection?
    /// Told when a first call came, and when all that came are answered.
    private let onBusy: @LoopActor (Bool) -> Void
    private var received: [UInt8] = []
    /// Frames without their NUL.
    private var calls: [[UInt8]] = []
    private var isServing = false
    private var hasEnded = false
    /// What is being watched; its replies go on until the client ends its side.
    private var monitor: StatusMonitor?

    init(
        _ connection: UnixConnection, harness: ControlHarness, isStranger: Bool,
        onBusy: @escaping @LoopActor (Bool) -> Void
    ) {
        self.connection = connection
        self.harness = harness
        self.isStranger = isStranger
        self.onBusy = onBusy
    }

    func receive(_ data: [UInt8]) {
        if isStranger {
            guard data.contains(0) else { return }
            connection?.write(ControlCoding.failure(.permissionDenied) + [0])
            connection?.shutdownAfterWrites()
            return
        }
        var start = data.startIndex
        while let end = data[start...].firstIndex(of: 0) {
            calls.append(received + data[start..<end])
            received = []
            start = end + 1
            guard calls.count <= Self.callLimit else { return drop() }
        }
        received += data[start...]
        // Calls that wait count, too.
        guard received.count + calls.reduce(0, { $0 + $1.count }) <= Self.frameLimit else { return drop() }
        if !isServing, !calls.isEmpty { loopTask { await self.serve() } }
    }

    /// The client has said all; it may still wait for answers.
    func end() {
        hasEnded = true
        monitor?.end()
        // What was asked may not have begun.
        if !isServing, calls.isEmpty { connection?.shutdownAfterWrites() }
    }

    private func drop() {
        calls = []
        connection?.close()
        monitor?.end()
    }

    private func serve() async {
        guard !isServing else { return }
        isServing = true
        onBusy(true)
        while !calls.isEmpty, connection?.isClosed == false {
            switch await harness.handle(calls.removeFirst()) {
            case .reply(let frame): connection?.write(frame + [0])
            case .silence: break
            case .monitor(let monitor): await serve(monitor)
            }
        }
        isServing = false
        onBusy(false)
        if hasEnded { connection?.shutdownAfterWrites() }
    }

    private func serve(_ monitor: StatusMonitor) async {
        guard let connection else { return }
        self.monitor = monitor
        if hasEnded { monitor.end() }
        await monitor.run(on: connection)
        self.monitor = nil
    }
}
