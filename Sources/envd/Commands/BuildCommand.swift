internal import ArgumentParser
internal import EnvdControl

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build a project's environment again, now, from what its manifests say.")

    @OptionGroup var project: ProjectArgument

    func run() throws {
        let daemon = try DaemonClient()
        try daemon.handOverEnvironment()
        let status = try daemon.call(Control.Build.self, ProjectParameters(directory: project.path)).project
        for phrase in status.current?.drift ?? [] { printLine("by hand, and not in the next one: \(phrase)") }
        printLine("building `\(status.root)` again; `envd wait` waits for it, `envd log --follow` shows it")
    }
}
