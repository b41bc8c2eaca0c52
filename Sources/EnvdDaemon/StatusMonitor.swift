internal import EnvdControl
internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem

/// One client that watches how projects stand: what it was told, and what is news to it.
///
/// Nothing waits in line for it: while it does not read what it was sent, it misses states in between and is told the
/// last one.
@LoopActor final class StatusMonitor {
    /// Without what changes by itself.
    private struct Told {
        var root: Path
        var mark: Int
    }

    /// The one project that is watched; nil: all.
    private let only: (id: ProjectID, root: Path)?
    private let isBrief: Bool
    private let monitors: StatusMonitors
    private let daemon: @LoopActor () -> StatusReport.Daemon
    private weak var connection: UnixConnection?
    private var told: [ProjectID: Told] = [:]
    private var changed: Set<ProjectID> = []
    private var isOver = false
    private var waiter: CheckedContinuation<Void, Never>?

    /// - Parameters:
    ///   - root: of the one project that is watched, known or not; nil: all.
    ///   - brief: of every project only what one line tells.
    init(
        of root: Path?, brief: Bool, among monitors: StatusMonitors,
        daemon: @escaping @LoopActor () -> StatusReport.Daemon
    ) {
        only = root.map { (ProjectID(root: $0), $0) }
        isBrief = brief
        self.monitors = monitors
        self.daemon = daemon
    }

    /// Whether there is news, and the client has read what it was sent.
    var isDue: Bool { !changed.isEmpty && connection?.hasUnsent == false }

    /// Tells how all stand, then what changes, until `end`; or that too many watch already.
    func run(on connection: UnixConnection) async {
        guard monitors.add(self) else {
            let refusal = Diagnostic(
                "could not watch: too many programs do already", hint: "end some of them, and try again")
            return connection.write(ControlCoding.failure(refusal) + [0])
        }
        self.connection = connection
        connection.onDrained = { [weak monitors] in monitors?.schedule() }
        let all = only.map { [$0.id] } ?? monitors.registry.all.map(\.project.id)
        send(all.compactMap { status(of: $0) })
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            if isOver { continuation.resume() } else { waiter = continuation }
        }
        monitors.remove(self)
        connection.onDrained = nil
        // For one that still listens: no more replies follow to this call.
        if let last = try? ControlCoding.reply(StatusReport(daemon: daemon(), projects: [])) {
            connection.write(last + [0])
        }
    }

    /// The client wants no more.
    func end() {
        isOver = true
        waiter?.resume()
        waiter = nil
    }

    func note(_ id: ProjectID) {
        if only == nil || only?.id == id { changed.insert(id) }
    }

    /// Tells what is news of what was noted.
    func tell() {
        let projects = changed.sorted { $0.text < $1.text }.compactMap { status(of: $0) }
        changed = []
        if !projects.isEmpty { send(projects) }
    }

    private func send(_ projects: [ProjectStatus]) {
        let report = StatusReport(daemon: daemon(), projects: projects.sorted { $0.root < $1.root })
        guard let frame = try? ControlCoding.reply(report, continues: true) else { return }
        connection?.write(frame + [0])
    }

    /// How a project stands; nil where the client has been told so.
    private func status(of id: ProjectID) -> ProjectStatus? {
        let status: ProjectStatus
        if let supervisor = monitors.registry[id] {
            status = monitors.status(of: supervisor, isBrief ? .brief : only == nil ? .usual : .detailed)
        } else if let before = told[id]?.root {
            status = ProjectStatus(root: before, state: .forgotten)
        } else if let only {
            status = ProjectStatus(root: only.root, state: .notAllowed)
        } else {
            return nil
        }
        var still = status
        still.build?.milliseconds = 0
        let mark = ((try? ControlCoding.json(still)) ?? []).hashValue
        guard told[id]?.mark != mark else { return nil }
        if status.state == .forgotten, only == nil {
            told[id] = nil
        } else {
            told[id] = Told(root: status.root, mark: mark)
        }
        return status
    }
}
