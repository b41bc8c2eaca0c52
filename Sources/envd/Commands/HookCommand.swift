internal import ArgumentParser
internal import EnvdClient
internal import EnvdShell
internal import EnvdSystem

struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "Print the hook for a shell's start-up file.",
        discussion: """
            `envd setup` writes these lines for you.

            bash, at the end of ~/.bashrc:   eval "$(envd hook bash)"
            zsh, at the end of ~/.zshrc:     eval "$(envd hook zsh)"
            fish, in config.fish:            envd hook fish | source
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() throws {
        StandardOutput.write(
            HookScript.text(
                for: shell, hookProgram: DaemonStarter.neighbour("envd-hook"), program: DaemonStarter.neighbour("envd"))
        )
    }
}
