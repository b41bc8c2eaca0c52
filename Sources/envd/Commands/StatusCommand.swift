internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how a project's environment stands; outside a project, how all stand.")

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Print JSON, in a format that stays.") var json = false
    @Flag(help: "Tell of all projects, wherever you are.") var all = false

    func run() throws {
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
        if report.projects.isEmpty {
            printLine("no project is allowed yet; cd into one and type: envd allow")
        } else if report.projects.count == 1, !all {
            report.projects.flatMap { StatusText.lines($0) }.forEach { printLine($0) }
        } else {
            report.projects.forEach { printLine(StatusText.line($0)) }
        }
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
}
