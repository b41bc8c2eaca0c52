internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem
internal import EnvdTerminal

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how a project's environment stands; outside a project, how all stand.",
        discussion: """
            On a terminal the lines fit its width; to a pipe everything is told in full, a line for each fact. Colours are \
            left out where NO_COLOR says so, on a dumb terminal and to a pipe.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Print JSON, in a format that stays.") var json = false
    @Flag(help: "Tell of all projects, wherever you are.") var all = false
    @Flag(help: "Go on telling until you interrupt it; to a pipe a line for each change.") var watch = false
    @Option(help: "When to use colours: auto, always or never.") var color = ScreenTraits.Color.auto

    func run() throws {
        let screen = ScreenTraits.ofStandardOutput(color: color)
        if watch { return try StatusWatch(screen, directory: watched(), json: json).run() }
        let report: StatusReport
        do {
            report = try self.report(try DaemonClient())
        } catch let failure as CommandFailure where failure.status == .daemonUnavailable && !json {
            PublishedStatus.lines(around: all ? nil : project.path).forEach { printLine($0) }
            throw failure
        }
        if json {
            StandardOutput.write(try ControlCoding.json(report, pretty: true) + [UInt8(ascii: "\n")])
            return
        }
        for warning in report.daemon.warnings { printError("warning: \(warning)") }
        for note in (report.daemon.notes ?? []) + VersionNote.notes(daemon: report.daemon) {
            printError("note: \(note)")
        }
        let words = StatusWords(screen)
        if report.projects.isEmpty {
            printLine("no project is allowed yet; cd into one and type: envd allow")
        } else if report.projects.count == 1, !all {
            Self.show(words.lines(report.projects[0]), screen)
        } else {
            Self.show(words.table(report.projects), screen)
            if screen.isTerminal, report.projects.count > 1 { Self.show([words.summary(report.projects)], screen) }
        }
    }

    private static func show(_ lines: [StyledText], _ screen: ScreenTraits) {
        let text = lines.map { $0.rendered(color: screen.hasColor) + "\n" }.joined()
        StandardOutput.write(Array(text.utf8))
    }

    /// One project where a directory was named or the working directory lies in one, or there is but one; else all.
    private func report(_ daemon: DaemonClient) throws -> StatusReport {
        if all { return try everything(daemon) }
        do {
            return try daemon.call(Control.Status.self, Control.Status.Parameters(directory: project.path))
        } catch let diagnostic as Diagnostic {
            guard project.directory == nil, diagnostic.message.hasPrefix("could not find a project") else {
                throw diagnostic
            }
        }
        let report = try everything(daemon)
        guard report.projects.count == 1, !json else { return report }
        return try daemon.call(Control.Status.self, Control.Status.Parameters(directory: report.projects[0].root))
    }

    /// All projects: for people a line of each.
    private func everything(_ daemon: DaemonClient) throws -> StatusReport {
        try daemon.call(Control.Status.self, Control.Status.Parameters(directory: nil, brief: !json))
    }

    /// The project to watch; nil: all.
    private func watched() throws -> Path? {
        if all { return nil }
        let report = try report(try DaemonClient())
        return report.projects.count == 1 ? report.projects[0].root : nil
    }
}

extension ScreenTraits.Color: ExpressibleByArgument {}
