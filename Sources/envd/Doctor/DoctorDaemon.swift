internal import EnvdClient
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdSystem

/// What the daemon says of itself and of a project; it is neither started nor waited for long.
struct DoctorDaemon {
    /// How long it may take to answer: milliseconds.
    static let patience: Int64 = 2000

    var report: DoctorReport.Daemon
    /// Nil where no daemon answers or there is no project.
    var project: ProjectStatus?
    var findings: [DoctorReport.Finding]

    init(asking runtime: RuntimeDirectory, about directory: Path) {
        report = DoctorReport.Daemon(state: .stopped)
        findings = []
        // A connection that fails would make the directory.
        guard FileSystem.exists(runtime.controlSocket) else {
            isStopped(runtime)
            return
        }
        do throws(Diagnostic) {
            try ask(try ControlConnection(runtime: runtime, startingDaemon: false), about: directory, runtime)
        } catch {
            couldNotConnect(error, runtime)
        }
    }

    private mutating func ask(
        _ connection: ControlConnection, about directory: Path, _ runtime: RuntimeDirectory
    ) throws(Diagnostic) {
        let deadline = Deadline.after(milliseconds: Self.patience)
        var answer: StatusReport?
        do throws(Diagnostic) {
            answer = try Self.status(directory, on: connection, until: deadline)
            project = answer?.projects.first
        } catch {
            let isNone = error.message.hasPrefix("could not find a project")
            findings.append(.init(isNone ? .note : .problem, "project", error))
            answer = try Self.status(nil, on: connection, until: deadline)
        }
        if let daemon = answer?.daemon { isRunning(daemon) } else { isSilent(runtime) }
    }

    /// - Returns: nil where the time was over or the daemon went away.
    private static func status(
        _ directory: Path?, on connection: ControlConnection, until deadline: Deadline
    ) throws(Diagnostic) -> StatusReport? {
        let parameters = Control.Status.Parameters(directory: directory)
        guard let call = try? ControlCoding.call(Control.Status.self, parameters),
            (try? connection.send(call, until: deadline)) != nil,
            let frame = try? connection.receive(until: deadline)
        else { return nil }
        return try ControlCoding.value(StatusReport.self, ofReply: frame)
    }

    private mutating func isRunning(_ daemon: StatusReport.Daemon) {
        report = DoctorReport.Daemon(state: .running, version: daemon.version, process: daemon.process)
        let words = "runs: version \(daemon.version), process \(daemon.process)"
        let isSame = daemon.version == Version.text
        var own = [DoctorReport.Finding(isSame ? .ok : .note, "daemon", words)]
        if !isSame {
            own[0].hint = "it is of another version: `kill \(daemon.process)`, and the next command starts this one"
        }
        own += daemon.warnings.map { .init(.problem, "daemon", $0) }
        own += (daemon.notes ?? []).map { .init(.note, "daemon", $0) }
        findings.insert(contentsOf: own, at: 0)
    }

    private mutating func couldNotConnect(_ cause: Diagnostic, _ runtime: RuntimeDirectory) {
        // A socket without a listener is what a daemon that was killed leaves; a full backlog is one that hangs.
        if FileSystem.exists(runtime.controlSocket), Self.isHeld(runtime.lock) { return isSilent(runtime) }
        if cause.message.hasPrefix("could not reach the daemon") {
            isStopped(runtime)
        } else {
            findings.append(.init(.problem, "daemon", cause))
        }
    }

    private mutating func isStopped(_ runtime: RuntimeDirectory) {
        findings.append(
            .init(
                .note, "daemon", "does not run: shells keep what it told them, and nothing is built",
                hint: runtime.isStopped
                    ? "`envd service stop` has stopped it: `envd service start`"
                    : "any command starts it, `envd status` say"))
    }

    private mutating func isSilent(_ runtime: RuntimeDirectory) {
        let process = Self.process(runtime)
        report = DoctorReport.Daemon(state: .silent, process: process)
        let who = process.map { " (process \($0))" } ?? ""
        let way = process.map { "`kill -KILL \($0)`" } ?? "end it"
        findings.append(
            .init(
                .problem, "daemon", "does not answer within \(Self.patience / 1000) s\(who)",
                hint: "\(way), and the next command starts another"))
    }

    /// The daemon that wrote the line of `state`, where it lives.
    private static func process(_ runtime: RuntimeDirectory) -> Int32? {
        guard let line = try? FileSystem.read(AnswerTree(directory: runtime.path).state, limit: 4096) else {
            return nil
        }
        let words = line.split(separator: UInt8(ascii: " "))
        guard words.count == 3, let process = Int32(String(decoding: words[1], as: UTF8.self)),
            FileSystem.exists(Path("/proc/\(process)"))
        else { return nil }
        return process
    }

    private static func isHeld(_ lock: Path) -> Bool {
        guard FileSystem.exists(lock) else { return false }
        do {
            return try FileLock(lock, waiting: false) == nil
        } catch {
            return false
        }
    }
}
