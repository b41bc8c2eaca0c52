import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// What a claim is tried on: one kind of shell under one set of options, in a world of its own.
final class Scene {
    let options: ShellOptions
    let world: World

    init(_ options: ShellOptions) throws {
        self.options = options
        world = try World()
        try emptyLog()
    }

    var shell: Shell { options.shell }
    var isFish: Bool { shell == .fish }
    var outside: Path { world.outside }

    /// An interactive shell with the options set before the hook is loaded.
    ///
    /// - Parameters:
    ///   - before, after: further lines of the start-up file around the hook.
    func session(
        before: String = "", after: String = "", in directory: Path? = nil,
        environment: [ByteString: ByteString] = [:]
    ) throws -> Session {
        try Session(
            shell, in: world, before: "\(options.lines)\n\(before)", after: after, arguments: options.arguments,
            directory: directory, environment: environment)
    }

    /// Publishes an allowed project with an environment of its own.
    @discardableResult
    func project(_ name: String = "p", generation: Int = 1, notice: Notice? = nil) throws -> Path {
        try world.ready(name, generation: generation, notice: notice)
    }

    /// The prefix of a project's environment.
    func prefix(_ name: String = "p", generation: Int = 1) -> Path { world.path / "gen-\(name)-\(generation)" }

    /// What `command -v python` gives where that environment is active.
    func python(_ name: String = "p", generation: Int = 1) -> String {
        "\(prefix(name, generation: generation))/bin/python"
    }

    /// The content of a file, empty where it is not there.
    func text(of file: Path) -> String {
        guard let bytes = try? FileSystem.read(file) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the shells' hooks asked the daemon's side about a directory, in words.
    var questions: Int { world.calls.count { $0.hasPrefix("ask") } }

    /// `posix` for bash and zsh, `fish` for fish.
    func line(_ posix: String, fish: String) -> String { isFish ? fish : posix }

    /// Sets and exports a variable.
    func export(_ name: String, _ value: String) -> String { shell.export(name, value) }

    /// What a shell of the claim wrote down, for which the file is there: zsh's no_clobber makes none to append to.
    var log: String { text(of: logFile) }
    var logFile: Path { world.path / "log" }
    func emptyLog() throws { try FileSystem.replace(logFile, with: []) }

    /// Runs a program of the shell's language without any start-up file, and gives its status and what it shows.
    func script(_ text: String, in directory: Path? = nil) throws -> (status: Int32, shown: String) {
        let plain =
            switch shell {
            case .bash: ["--norc"]
            case .zsh: ["-f"]
            case .fish: ["--no-config"]
            }
        let terminal = try Terminal(
            [shell.program] + options.arguments + plain + ["-c", "\(options.lines)\n\(text)"],
            environment: world.environment(), workingDirectory: directory ?? outside)
        let status = try terminal.waitForExit()
        return (status, terminal.text().replacing("\r\n", with: "\n"))
    }
}

extension [ByteString: ByteString] {
    /// Without what envd keeps for itself.
    var ofTheUser: [ByteString: ByteString] { filter { !$0.key.bytes.starts(with: "ENVD_".utf8) } }

    /// What envd keeps for itself.
    var ofEnvd: [ByteString] { keys.filter { $0.bytes.starts(with: "ENVD_".utf8) } }
}
