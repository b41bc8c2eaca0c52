internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdSystem

/// What only a shell can do to itself: the hook's `envd` function takes these; here is who comes without it.
struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Stay in one environment in this shell, or switch on cd again.",
        discussion: """
            With a directory: that project's environment, wherever this shell goes, the next generations of it too. \
            With a number: that generation of the project around the working directory, and none after it. Without \
            either: switch on cd again, after one of these or `envd deactivate`.
            """)

    @Argument(help: "A directory of a project, or a generation's number.", completion: Suggestions.generations)
    var target: String?
    /// What the hook's function gives: the output is for it to evaluate.
    @Option(help: .hidden) var shell: Shell?

    func run() throws {
        guard let shell, let target else { throw needsHook("activate") }
        let number = target.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(target) : nil
        let reply = try DaemonClient().call(
            Control.Environment.self,
            .init(
                directory: ProjectArgument.path(of: number == nil ? target : nil),
                generation: number.map { GenerationNumber($0) }))
        guard let delta = reply.delta else { throw notReady(reply.project) }
        let root = reply.project.root
        if let number {
            var answer = Answer(root: root, generation: GenerationNumber(number), delta: delta)
            if reply.project.current?.number != GenerationNumber(number) { answer.prompt.state = .stale }
            let text = SwitchText(shell, environment: ProcessEnvironment.all())
                .switching(to: answer, again: Array("envd activate \(number)".utf8))
            if let prefix = reply.prefix { HeldSessions(runtime: .ofThisUser()).hold(prefix) }
            StandardOutput.write(text + Array("_envd_pause\n".utf8))
        } else {
            let set = shell == .fish ? "set -gx ENVD_SHELL " : "export ENVD_SHELL="
            StandardOutput.write(Array(set.utf8) + shell.quoted(root.bytes) + Array("\n_envd_resume\n".utf8))
        }
    }
}

struct DeactivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate", abstract: "Leave the environment in this shell, and stop switching on cd.")

    func run() throws { throw needsHook("deactivate") }
}

private func needsHook(_ verb: String) -> CommandFailure {
    CommandFailure(
        Diagnostic(
            "could not \(verb): this shell has not loaded the hook",
            hint: "eval \"$(envd hook bash)\", eval \"$(envd hook zsh)\" or envd hook fish | source"))
}
