internal import ArgumentParser
internal import EnvdControl

struct DenyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny",
        abstract: "Take the permission back: nothing of the project runs, and cd does not offer it.")

    @OptionGroup var project: ProjectArgument

    func run() throws {
        let status = try DaemonClient().call(Control.Deny.self, ProjectParameters(directory: project.path)).project
        printLine("denied `\(status.root)`; `envd forget` also removes what envd built for it")
    }
}
