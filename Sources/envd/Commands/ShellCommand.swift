internal import ArgumentParser
internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem

struct ShellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Start a shell in a project's environment, wherever you are.",
        discussion: """
            Starts $SHELL, or your login shell, in the working directory. The environment stays active in it wherever \
            you go; `exit` leaves it. Waits for a first build that is under way. The exit status is the shell's own.
            """)

    /// Tells the shell's hook, and an `envd shell` in it, whose environment it is: the canonical root.
    static let marker: ByteString = "ENVD_SHELL"

    @OptionGroup var project: ProjectArgument

    func run() throws {
        let environment = try ReadyEnvironment(of: project.path, DaemonClient())
        let outside = ProcessEnvironment.all()
        guard outside[Self.marker] != environment.root.bytes else {
            throw CommandFailure(
                Diagnostic(
                    "could not start a shell in the environment of `\(environment.root)`: this is one",
                    hint: "`exit` leaves it"))
        }
        var variables = environment.entered(from: outside)
        variables[Self.marker] = environment.root.bytes
        let shells = [ProcessEnvironment.path(.loginShell), CurrentUser.loginShell, "/bin/sh"].compactMap(\.self)
        var failure = SystemError("run", "/bin/sh", code: 2)
        for shell in shells where FileSystem.isExecutable(shell) {
            variables["SHELL"] = shell.bytes
            failure = ProgramImage.replace([shell.bytes], environment: variables)
        }
        let tried = (shells.first ?? "/bin/sh").description
        throw CommandFailure(
            Diagnostic("could not run `\(tried)`: \(failure.cause)", hint: "set SHELL to a shell of yours"),
            failure.isAbsence ? .toolMissing : .cannotExecute)
    }
}
