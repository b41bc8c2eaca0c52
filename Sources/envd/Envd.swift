internal import ArgumentParser
internal import EnvdCore

/// The command line: one file a subcommand, each of them thin.
struct Envd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "envd",
        abstract: "Your Python environments, ready before you cd.",
        discussion: """
            envd watches the projects that you allow, builds their environments in the background whenever a \
            manifest changes, and your shell switches to them on cd.

            To begin: type `envd setup`, which has your shells load the hook, open a new shell, cd into a project and \
            type `envd allow`.
            """,
        version: Version.text,
        subcommands: [
            AllowCommand.self, DenyCommand.self, ForgetCommand.self, StatusCommand.self, WaitCommand.self,
            BuildCommand.self, UpdateCommand.self, LockCommand.self, LogCommand.self, ExecCommand.self,
            HistoryCommand.self, DiffCommand.self, RollbackCommand.self, GcCommand.self,
            ShellCommand.self, LinkCommand.self,
            EnvironmentCommand.self, HookCommand.self, DaemonCommand.self, EnginesCommand.self, VersionCommand.self,
            ActivateCommand.self, DeactivateCommand.self, DoctorCommand.self, ServiceCommand.self, ConfigCommand.self,
            SetupCommand.self, CudaDriverCommand.self, ManualCommand.self,
        ])
}
