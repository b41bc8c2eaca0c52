internal import EnvdLoop
internal import EnvdSystem

/// A listening socket with a number of places: whoever comes when all are taken waits in the kernel's backlog.
///
/// While somebody waits, clients that have held a place for a while without asking anything whole lose it, and so do
/// those that do not read what they asked for. Nobody is hurried while there is room, and no clock runs then.
@LoopActor final class LimitedListener {
    /// Two sockets, the children's pipes and the database together stay below the usual 1,024 descriptors.
    static let places = 384
    /// Clients say what they want at once: this is for a machine that is very busy.
    private static let patience = Duration.milliseconds(250)

    private struct Place {
        var connection: UnixConnection
        /// Nil while we owe it an answer.
        var idleSince: ContinuousClock.Instant?
    }

    private let places: Int
    private var taken: [ObjectIdentifier: Place] = [:]
    private var listener: UnixListener?
    private var eviction: LoopTimer?
    private let onConnection: @LoopActor (UnixConnection) -> Void

    /// - Parameters:
    ///   - descriptor: of the listening socket; belongs to this from here on.
    ///   - onConnection: starts the connection or closes it.
    init(
        descriptor: Int32, places: Int = LimitedListener.places,
        onConnection: @escaping @LoopActor (UnixConnection) -> Void
    ) throws(SystemError) {
        self.places = places
        self.onConnection = onConnection
        listener = try UnixListener(
            descriptor: descriptor, hasRoom: { [weak self] in self?.hasRoom() ?? false },
            onConnection: { [weak self] in self?.take($0) })
    }

    func close() {
        eviction?.cancel()
        listener?.close()
        listener = nil
    }

    /// A client asked something: it keeps its place until `answered`.
    func isAsked(_ connection: UnixConnection) { taken[ObjectIdentifier(connection)]?.idleSince = nil }

    /// What was asked is answered, or on its way.
    func isAnswered(_ connection: UnixConnection) {
        taken[ObjectIdentifier(connection)]?.idleSince = .now
        if listener?.isHeldUp == true { expectRoom() }
    }

    private func hasRoom() -> Bool {
        if taken.count < places { return true }
        expectRoom()
        return false
    }

    private func take(_ connection: UnixConnection) {
        let id = ObjectIdentifier(connection)
        taken[id] = Place(connection: connection, idleSince: .now)
        connection.onClose = { [weak self] in
            self?.taken[id] = nil
            self?.listener?.acceptHeldUp()
        }
        onConnection(connection)
    }

    /// Looks for a place to free as soon as one may be.
    private func expectRoom() {
        guard eviction == nil, let oldest = taken.values.compactMap(\.idleSince).min() else { return }
        let wait = max(.milliseconds(10), Self.patience - (.now - oldest))
        eviction = LoopTimer(after: wait) { [weak self] in self?.evict() }
    }

    private func evict() {
        eviction = nil
        guard listener?.isHeldUp == true else { return }
        let now = ContinuousClock.now
        let late = taken.values.filter { $0.idleSince.map { now - $0 >= Self.patience } ?? false }
        late.forEach { $0.connection.close() }
        if late.isEmpty { expectRoom() }
    }
}
