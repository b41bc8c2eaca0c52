import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport

/// An interactive shell with the hook loaded, in a terminal.
final class Session {
    let shell: Shell
    let world: World
    let terminal: Terminal
    private var count = 0

    /// - Parameters:
    ///   - before, after: lines of the start-up file around the hook.
    ///   - directory: where it starts; the directory outside without it.
    init(
        _ shell: Shell, in world: World, before: String = "", after: String = "", directory: Path? = nil,
        environment: [ByteString: ByteString] = [:]
    ) throws {
        self.shell = shell
        self.world = world
        try world.writeStartUp(shell, before: before, after: after)
        var variables = world.environment(environment)
        variables["PWD"] = (directory ?? world.outside).bytes
        terminal = try Terminal(
            shell.interactive(home: world.home), environment: variables, workingDirectory: directory ?? world.outside)
        try run("true")
    }

    /// Types a line, waits for its end, and gives all that the terminal showed meanwhile.
    @discardableResult
    func run(_ line: String) throws -> String {
        count += 1
        try terminal.send("\(line)\nprintf '<%s>\\n' end\(count)\n")
        return try terminal.expect("<end\(count)>").description
    }

    /// What a command writes to its standard output, without the terminal's echo.
    func output(_ line: String) throws -> String {
        let file = world.path / "output"
        try run("\(line) >'\(file)'")
        return String(decoding: try FileSystem.read(file), as: UTF8.self)
    }

    /// The environment that a program gets, without what every shell changes at each step.
    func environment() throws -> [ByteString: ByteString] {
        let file = world.path / "environment"
        try run("/usr/bin/env -0 >'\(file)'")
        return Session.parse(try FileSystem.read(file))
    }

    func value(_ name: String) throws -> String? { try environment()[ByteString(name)]?.description }

    /// The first word is the program that a name means now.
    func program(_ name: String) throws -> String {
        try output("command -v \(name)").trimmingNewline
    }

    static func parse(_ dump: [UInt8]) -> [ByteString: ByteString] {
        var environment: [ByteString: ByteString] = [:]
        for entry in dump.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            environment[ByteString(entry[..<equals])] = ByteString(entry[(equals + 1)...])
        }
        for name in ["PWD", "OLDPWD", "_", "SHLVL"] as [ByteString] { environment[name] = nil }
        return environment
    }
}

extension String {
    var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }

    /// How often a text stands in this one.
    func count(of text: String) -> Int { matches(of: text) }

    private func matches(_ bytes: [UInt8], _ wanted: [UInt8]) -> Int {
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return 0 }
        return (0...bytes.count - wanted.count).count { bytes[$0...].starts(with: wanted) }
    }

    private func matches(of text: String) -> Int { matches(Array(utf8), Array(text.utf8)) }
}

extension Shell {
    /// The command of an interactive shell that reads only the start-up file of the test's home.
    func interactive(home: Path) -> [String] {
        switch self {
        case .bash: [program, "--noprofile", "--rcfile", "\(home)/.bashrc", "-i"]
        case .zsh: [program, "-d", "-i"]
        case .fish: [program, "-i"]
        }
    }

    /// The same as one line for another shell to run.
    func interactiveLine(home: Path) -> String { interactive(home: home).joined(separator: " ") }
}

extension World {
    func writeStartUp(_ shell: Shell, before: String = "", after: String = "") throws {
        let text = "\(before)\n\(hook(shell))\n\(after)\n"
        switch shell {
        case .bash: try directory.write("home/.bashrc", "PS1='$ '\n" + text)
        case .zsh: try directory.write("home/.zshrc", "PS1='%% '\n" + text)
        case .fish:
            try directory.write(
                "home/.config/fish/config.fish", "set -g fish_greeting\nfunction fish_prompt; echo '> '; end\n" + text)
        }
    }
}
