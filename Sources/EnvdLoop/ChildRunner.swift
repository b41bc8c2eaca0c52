internal import CPosixShims
package import EnvdCore

/// Runs an engine's commands through `envd-child`, so that each can be ended with all that it started.
package struct ChildRunner: CommandRunner {
    /// Where `envd-child` is; absolute.
    package var child: Path
    /// What is added to the niceness of the daemon's own.
    package var niceness: Int
    /// Whether the disk serves everybody else first (ioprio_set(2), class idle).
    package var idleIO: Bool
    /// Below which each command gets a control group of its own; nil: none gets one.
    package var group: ControlGroup?

    package init(child: Path, niceness: Int = 10, idleIO: Bool = true, group: ControlGroup? = nil) {
        self.child = child
        self.niceness = niceness
        self.idleIO = idleIO
        self.group = group
    }

    /// Whether this kernel can keep a command from writing elsewhere (Landlock, ABI 2 or later); where it cannot,
    /// commands run with all their user's rights.
    package static var canConfine: Bool { shim_landlock_abi() >= 2 }

    /// Runs to the end, from any isolation; `.cancelled` comes only when no process of the command is left.
    ///
    /// A command that writes more than 64 MiB to its standard output is ended, with SIGXFSZ as its ending.
    /// Where `envd-child` cannot set the command up as asked, it has not started, and standard error says why.
    package func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
        let own = group?.make()
        defer { own?.remove() }
        let running = RunningCommand(group: own)
        let arguments = arguments(for: command, in: own)
        return await withTaskCancellationHandler {
            await running.run(command, arguments: arguments, onLine: onLine)
        } onCancel: {
            loopTask { running.cancel() }
        }
    }

    private func arguments(for command: Command, in group: ControlGroup?) -> [ByteString] {
        var arguments: [ByteString] = [child.bytes, "--report", "3", "--nice", ByteString(String(niceness))]
        if idleIO { arguments.append("--idle-io") }
        if let group { arguments += ["--group", group.path.bytes] }
        for directory in command.writable ?? [] { arguments += ["--write", directory.bytes] }
        // An empty list allows nothing, which is not the same as no confinement.
        if command.writable?.isEmpty == true { arguments.append("--read-only") }
        return arguments + ["--", command.executable.bytes] + command.arguments
    }
}
