internal import EnvdControl
internal import EnvdCore
internal import EnvdLoop

/// Everybody who watches how projects stand: tells them what changed, several changes at once. Costs nothing while there
/// is nobody.
@LoopActor final class StatusMonitors {
    /// Each holds a connection for as long as it likes: most places stay for others.
    private static let places = 64
    /// Between two rounds of telling.
    private static let pause = Duration.milliseconds(100)

    /// How much is told of a project.
    enum Extent: Hashable {
        case brief, usual
        /// With what takes a look at the disk.
        case detailed
    }

    let registry: ProjectRegistry
    private var monitors: [ObjectIdentifier: StatusMonitor] = [:]
    private var timer: LoopTimer?
    private var last: ContinuousClock.Instant?

    init(_ registry: ProjectRegistry) { self.registry = registry }

    var hasRoom: Bool { monitors.count < Self.places }

    func add(_ monitor: StatusMonitor) { monitors[ObjectIdentifier(monitor)] = monitor }

    func remove(_ monitor: StatusMonitor) { monitors[ObjectIdentifier(monitor)] = nil }

    /// A project's status may have changed.
    func changed(_ id: ProjectID) {
        if monitors.isEmpty { return }
        monitors.values.forEach { $0.note(id) }
        schedule()
    }

    /// Tells those who are due, soon.
    func schedule() {
        guard timer == nil, monitors.values.contains(where: \.isDue) else { return }
        let wait = last.map { max(.zero, Self.pause - (.now - $0)) } ?? .zero
        timer = LoopTimer(after: wait) { [weak self] in self?.tell() }
    }

    private func tell() {
        timer = nil
        last = .now
        monitors.values.filter(\.isDue).forEach { $0.tell() }
    }

    func status(of supervisor: ProjectSupervisor, _ extent: Extent) -> ProjectStatus {
        switch extent {
        case .brief: supervisor.outline
        case .usual: supervisor.status
        // While a build is under way its phases are news, not what was changed by hand.
        case .detailed: supervisor.isBusy ? supervisor.status : supervisor.detailedStatus
        }
    }
}

extension DaemonService {
    /// A watch on how projects stand.
    ///
    /// - Parameters:
    ///   - directory: in the project that is watched; nil: all.
    ///   - brief: of every project only what one line tells.
    func monitor(_ directory: Path?, brief: Bool) async throws(Diagnostic) -> StatusMonitor {
        var root: Path?
        if let directory { root = try await projectRoot(around: directory) }
        guard monitors.hasRoom else {
            throw Diagnostic(
                "could not watch: too many programs do already", hint: "end some of them, and try again")
        }
        return StatusMonitor(of: root, brief: brief, among: monitors) { [context] in context.daemonStatus }
    }
}
