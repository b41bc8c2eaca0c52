internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem

struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print what activation changes, as shell text or JSON.",
        discussion: "For scripts, editors and CI: eval \"$(envd env --shell bash)\"")

    @OptionGroup var project: ProjectArgument
    @Option(help: "bash, zsh or fish.") var shell: Shell?
    @Flag(help: "Print the variables as they become: JSON, null where one is unset.") var json = false

    func validate() throws {
        if json == (shell != nil) { throw ValidationError("choose one: --shell bash|zsh|fish or --json") }
    }

    func run() throws {
        let daemon = try DaemonClient()
        let reply = try daemon.call(Control.Environment.self, .init(directory: project.path))
        guard let delta = reply.delta else { throw notReady(reply.project) }
        if let shell {
            StandardOutput.write(ShellRenderer.activation(delta, shell: shell, outside: ProcessEnvironment.all()))
            return
        }
        let before = ProcessEnvironment.all()
        let after = delta.applied(to: before)
        var changed: [String: ByteString?] = [:]
        for name in Set(before.keys).union(after.keys) where before[name] != after[name] {
            changed[name.description] = .some(after[name])
        }
        StandardOutput.write(try ControlCoding.json(changed, pretty: true) + [UInt8(ascii: "\n")])
    }
}

extension Shell: ExpressibleByArgument {}
