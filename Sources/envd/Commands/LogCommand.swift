internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem
internal import EnvdTerminal
internal import Glibc
internal import Synchronization

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Print the log of a project's last build.",
        discussion: """
            The first line says when the build began, and why; each other line begins with the seconds since. Logs are \
            kept of the last build and the one before it. With `--follow` the exit status is the build's: 0 ready, 1 \
            failed.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(name: .shortAndLong, help: "Go on until no build is under way, and tell how it ended.") var follow = false
    @Flag(help: "Print the log of the build before.") var previous = false
    @Option(help: "When to use colours: auto, always or never.") var color = ScreenTraits.Color.auto

    func validate() throws {
        if follow, previous { throw ValidationError("--previous has nothing to follow") }
    }

    func run() throws {
        let daemon = try DaemonClient()
        let parameters = ProjectParameters(directory: project.path)
        let screen = ScreenTraits.ofStandardOutput(color: color)
        let log = try daemon.call(Control.Log.self, parameters)
        if follow {
            let status = try self.follow(daemon, log, screen)
            if status.state != .ready { throw ExitCode(CommandFailure.Status.failure.rawValue) }
            return
        }
        guard let file = previous ? log.file.map({ BuildLogReader.previous(to: $0) }) : log.file,
            FileSystem.exists(file)
        else {
            let cause = previous ? "of no earlier build there is a log" : "nothing was built yet"
            throw CommandFailure(Diagnostic(cause, hint: previous ? "see `envd history`" : "see `envd status`"))
        }
        var reader = BuildLogReader(file)
        Self.show(reader.lines(), screen)
        if log.isBuilding, screen.isTerminal, !previous { printError("note: the build goes on: envd log --follow") }
    }

    /// Prints what is written while builds are under way, and at their end how the project stands.
    private func follow(_ daemon: DaemonClient, _ first: Control.Log.Reply, _ screen: ScreenTraits) throws
        -> ProjectStatus
    {
        let parameters = ProjectParameters(directory: project.path)
        var log = first
        if log.file == nil, log.isBuilding {
            // Whenever something is new, the log may be there.
            let watching = Control.Monitor.Parameters(directory: project.path)
            _ = try DaemonClient().replies(to: Control.Monitor.self, watching, pause: 600_000) { _ in
                log = try daemon.call(Control.Log.self, parameters)
                return log.file == nil && log.isBuilding
            }
        }
        let printing = log.file.map { PrintedLog($0, screen) }
        if let printing { try BackgroundThread.start { printing.goOn() } }
        let status = try daemon.call(
            Control.Wait.self, Control.Wait.Parameters(directory: project.path, timeoutMilliseconds: nil)
        ).project
        printing?.printNews()
        Self.show(StatusWords(screen).headline(status), screen)
        return status
    }

    fileprivate static func show(_ lines: [String], _ screen: ScreenTraits) {
        lines.forEach { show(BuildLogLine.styled($0, isTerminal: screen.isTerminal), screen) }
    }

    private static func show(_ line: StyledText, _ screen: ScreenTraits) {
        StandardOutput.write(Array((line.rendered(color: screen.hasColor) + "\n").utf8))
    }
}

/// A log that is printed as it is written.
private final class PrintedLog: Sendable {
    private let reader: Mutex<BuildLogReader>
    private let directory: Path
    private let screen: ScreenTraits

    init(_ file: Path, _ screen: ScreenTraits) {
        reader = Mutex(BuildLogReader(file))
        directory = file.parent
        self.screen = screen
    }

    /// Prints for as long as the process lives.
    func goOn() {
        guard let events = try? Inotify(), (try? events.watch(directory)) != nil else { return }
        while true {
            printNews()
            var entry = pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, -1)
            _ = events.read()
        }
    }

    func printNews() { reader.withLock { LogCommand.show($0.lines(), screen) } }
}
