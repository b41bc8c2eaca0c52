internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem
internal import EnvdTerminal
internal import Glibc
internal import Synchronization

/// `envd status --watch`: told by the daemon what changes, and goes on with the next daemon where one goes away.
struct StatusWatch {
    /// How long nothing is tried where no file says that a daemon came: milliseconds.
    private static let patience: Int32 = 5000

    let screen: ScreenTraits
    /// Of the project that is watched; nil: all.
    let directory: Path?
    let isJSON: Bool

    init(_ screen: ScreenTraits, directory: Path?, json: Bool) {
        self.screen = screen
        self.directory = directory
        isJSON = json
    }

    /// Returns only by an error: somebody interrupts it.
    func run() throws {
        let daemon = try DaemonClient()
        if isJSON {
            try follow(daemon) { report, _ in
                guard let report else { return }
                StandardOutput.write(try ControlCoding.json(report) + [UInt8(ascii: "\n")])
            }
        } else if screen.isObedient {
            try draw(daemon)
        } else {
            try tell(daemon)
        }
    }

    private func draw(_ daemon: DaemonClient) throws {
        let projects = WatchedProjects(isOne: directory != nil)
        let live = LiveScreen(screen) { projects.lines($0) }
        try TerminalSignals.watch(live)
        // Whatever is said of an error stands below.
        defer { live.pause() }
        try follow(daemon) { report, isFirst in
            let wasBuilding = projects.isBuilding
            projects.take(report, isFirst: isFirst)
            live.update()
            if projects.isBuilding != wasBuilding { TerminalSignals.tick(projects.isBuilding) }
        }
    }

    /// A line for each change.
    private func tell(_ daemon: DaemonClient) throws {
        var told: [Path: String] = [:]
        try follow(daemon) { report, _ in
            guard let report else {
                return printError("note: the daemon went away; this goes on when another is there")
            }
            for project in report.projects {
                let line = StatusWords().line(project)
                guard told[project.root] != line.text else { continue }
                told[project.root] = line.text
                StandardOutput.write(Array((line.rendered(color: screen.hasColor) + "\n").utf8))
            }
        }
    }

    /// - Parameter body: is given each report, and whether it is a daemon's first, which tells of all projects; nil when
    ///   the daemon is gone.
    private func follow(_ first: DaemonClient, _ body: (StatusReport?, _ isFirst: Bool) throws -> Void) throws {
        var daemon = first
        let parameters = Control.Monitor.Parameters(directory: directory, brief: directory == nil && !isJSON)
        while true {
            var isFirst = true
            _ = try daemon.replies(to: Control.Monitor.self, parameters, pause: 600_000) { report in
                // The reply that ends it tells of nothing.
                if let report, isFirst || !report.projects.isEmpty { try body(report, isFirst) }
                if report != nil { isFirst = false }
                return true
            }
            try body(nil, false)
            daemon = try next()
        }
    }

    /// Waits for another daemon: who watches starts none.
    private func next() throws -> DaemonClient {
        while true {
            let events = try? Inotify()
            _ = try? events?.watch(RuntimeDirectory.ofThisUser().path)
            if let daemon = try? DaemonClient(startingDaemon: false) { return daemon }
            var entry = pollfd(fd: events?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, Self.patience)
        }
    }
}

/// What is known of the projects that are watched.
private final class WatchedProjects: Sendable {
    private struct Known {
        var project: ProjectStatus
        var since = ContinuousClock.now
    }

    private struct State {
        var projects: [Path: Known] = [:]
        var warnings: [Diagnostic] = []
        var hasDaemon = true
    }

    private let state = Mutex(State())
    private let isOne: Bool

    init(isOne: Bool) { self.isOne = isOne }

    var isBuilding: Bool {
        state.withLock { state in state.hasDaemon && state.projects.values.contains { $0.project.build != nil } }
    }

    func take(_ report: StatusReport?, isFirst: Bool) {
        state.withLock { state in
            state.hasDaemon = report != nil
            guard let report else { return }
            if isFirst { state.projects = [:] }
            state.warnings = report.daemon.warnings
            for project in report.projects {
                let isGone = project.state == .forgotten && !isOne
                state.projects[project.root] = isGone ? nil : Known(project: project)
            }
        }
    }

    /// As a screen shows it now.
    func lines(_ screen: ScreenTraits) -> [StyledText] {
        let words = StatusWords(screen)
        return state.withLock { state in
            let projects = state.projects.sorted { $0.key < $1.key }.map { _, known in
                var project = known.project
                let elapsed = known.since.duration(to: .now).components
                if state.hasDaemon {
                    project.build?.milliseconds += Int(
                        elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000)
                }
                return project
            }
            var lines = state.warnings.flatMap {
                StyledText("warning: \($0.message)", .asking).wrapped(to: screen.columns, hanging: 2)
            }
            if isOne {
                lines += projects.flatMap { words.lines($0) }
            } else if projects.isEmpty {
                lines.append("no project is allowed yet; cd into one and type: envd allow")
            } else {
                lines += words.table(projects) + (projects.count > 1 ? [words.summary(projects)] : [])
            }
            if !state.hasDaemon {
                lines += StyledText("the daemon went away; this goes on when another is there", .asking)
                    .wrapped(to: screen.columns, hanging: 2)
            }
            return lines
        }
    }
}
