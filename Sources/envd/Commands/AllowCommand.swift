internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdManifest

struct AllowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allow", abstract: "Allow a project: its environment is built, and active on cd, from now on.",
        discussion: """
            Building an environment runs code: of the packages that the project names, and of the project itself \
            where it is installed. So nothing runs before you say so, and nothing of a project can say so for you.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Accept that other users can write there.") var shared = false

    func run() throws {
        let daemon = try DaemonClient()
        try daemon.handOverEnvironment()
        let status = try daemon.call(
            Control.Allow.self, Control.Allow.Parameters(directory: project.path, shared: shared))
        switch status.state {
        case .ready where status.build == nil && status.failure == nil:
            printLine("allowed `\(status.root)`: its environment is ready")
        default:
            printLine("allowed `\(status.root)`: its environment is built in the background")
            printLine("`envd wait` waits for it, `envd status` tells how it goes")
        }
        if case .success(let spec) = ManifestReader.read(status.root).spec, spec.python.project != nil {
            printLine("the project itself is installed editable: its build backend may write *.egg-info into it")
        }
    }
}
