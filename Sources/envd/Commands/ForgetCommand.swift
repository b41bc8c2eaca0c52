internal import ArgumentParser
internal import EnvdControl

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Remove all that envd has of a project: permission, environments, logs.")

    @OptionGroup var project: ProjectArgument

    func run() throws {
        let status = try DaemonClient().call(Control.Forget.self, ProjectParameters(directory: project.path))
        printLine("forgot `\(status.root)` and removed its environments")
    }
}
