internal import ArgumentParser
internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem

struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command in a project's environment.",
        usage: "envd exec [<directory>] -- <command> ...",
        discussion: """
            Waits for a first build that is under way. The exit status is the command's own; 127 where there is no \
            such command.
            """)

    @OptionGroup var project: ProjectArgument
    @Argument(parsing: .postTerminator, help: "The command and its arguments.") var command: [String] = []

    func validate() throws {
        if command.isEmpty { throw ValidationError("name a command after --: envd exec -- python -V") }
    }

    func run() throws {
        let environment = try ReadyEnvironment(of: project.path, DaemonClient())
        let words = RawArguments.afterTerminator
        let error = ProgramImage.replace(words, environment: environment.delta.applied(to: ProcessEnvironment.all()))
        let name = words.first?.description ?? ""
        throw CommandFailure(
            Diagnostic("could not run `\(name)`: \(error.cause)"), error.isAbsence ? .toolMissing : .cannotExecute)
    }
}
