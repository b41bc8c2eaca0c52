internal import ArgumentParser
internal import EnvdCore

/// What only a shell can do to itself: the hook's `envd` function takes these; here is who comes without it.
struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Let this shell switch environments on cd again, after `envd deactivate`.")

    func run() throws { throw needsHook("activate") }
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
