internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdSystem

struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print what activation changes, as shell text, JSON or the lines of a .env file.",
        discussion: """
            For scripts, editors and CI: eval "$(envd env --shell bash)"

            --dotenv is quoted for python-dotenv, Node and VS Code's envFile: envd env --dotenv >.env. docker's \
            --env-file takes quotes for a part of the value; they stand only where a value needs them. A value that \
            these readers do not agree on is left out, and so is a variable that becomes unset: both are named on \
            standard error.
            """)

    @OptionGroup var project: ProjectArgument
    @Option(help: "bash, zsh or fish.") var shell: Shell?
    @Flag(help: "Print the variables as they become: JSON, null where one is unset.") var json = false
    @Flag(help: "Print the variables as they become: the lines of a .env file.") var dotenv = false

    @Flag(help: "Print the files of which one changes when the environment does, a line each.") var watched = false

    func validate() throws {
        if [shell != nil, json, dotenv, watched].count(where: \.self) != 1 {
            throw ValidationError("choose one: --shell bash|zsh|fish, --json, --dotenv or --watched")
        }
    }

    func run() throws {
        let daemon = try DaemonClient()
        if watched { return try writeWatched(daemon) }
        let reply = try daemon.call(Control.Environment.self, .init(directory: project.path))
        guard let delta = reply.delta else { throw notReady(reply.project) }
        let before = ProcessEnvironment.all()
        if let shell {
            StandardOutput.write(ShellRenderer.activation(delta, shell: shell, outside: before))
            return
        }
        let after = delta.applied(to: before)
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        if dotenv {
            writeDotenv(changed.sorted().map { ($0, after[$0]) })
        } else {
            let document = Dictionary(changed.map { ($0.description, after[$0]) }) { $1 }
            StandardOutput.write(try ControlCoding.json(document, pretty: true) + [UInt8(ascii: "\n")])
        }
    }

    /// Also of a project that has no environment, or is not allowed: it may get one.
    private func writeWatched(_ daemon: DaemonClient) throws {
        let report = try daemon.call(Control.Status.self, Control.Status.Parameters(directory: project.path))
        guard let status = report.projects.first else { return }
        let answers = AnswerTree(directory: RuntimeDirectory.ofThisUser().path)
        // An answer changes more often than the environment: with each build that begins.
        let first = status.current.map { $0.prefix.parent.parent / "current" } ?? answers.enter(status.root, .bash)
        for file in [first, answers.answers(for: status.root) / "asked"] {
            StandardOutput.write(file.bytes.bytes + [UInt8(ascii: "\n")])
        }
    }

    private func writeDotenv(_ variables: [(name: ByteString, value: ByteString?)]) {
        var text: [UInt8] = []
        for (name, value) in variables {
            guard let name = VariableName(name.description), !name.text.hasPrefix("ENVD_") else { continue }
            guard let value else {
                printError("warning: could not write `\(name)`: a .env file cannot unset a variable")
                continue
            }
            guard let line = DotenvRenderer.line(name, value) else {
                printError("warning: could not write `\(name)`: the readers of .env files do not agree on its value")
                continue
            }
            text += line
        }
        StandardOutput.write(text)
    }
}

extension Shell: ExpressibleByArgument {}
