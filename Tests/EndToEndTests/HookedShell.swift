import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc

/// The shells that envd serves.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    var program: String { "/usr/bin/\(rawValue)" }
}

/// A person's interactive shell, with the line in its start-up file that the README tells them to write.
final class HookedShell {
    let shell: Shell
    let home: Home
    let terminal: Terminal
    private var count = 0

    /// Returns at its first prompt.
    init(
        _ shell: Shell, in home: Home, directory: Path? = nil, with more: [ByteString: ByteString] = [:]
    ) throws {
        self.shell = shell
        self.home = home
        let own = home.path / "home"
        let command: [String]
        switch shell {
        case .bash:
            try home.write(own / ".bashrc", "PS1='$ '\neval \"$(envd hook bash)\"\n")
            command = [shell.program, "--noprofile", "--rcfile", "\(own)/.bashrc", "-i"]
        case .zsh:
            try home.write(own / ".zshrc", "PS1='%% '\neval \"$(envd hook zsh)\"\n")
            command = [shell.program, "-d", "-i"]
        case .fish:
            try home.directory.write(
                "home/.config/fish/config.fish",
                "set -g fish_greeting\nfunction fish_prompt; echo '> '; end\nenvd hook fish | source\n")
            command = [shell.program, "-i"]
        }
        let start = directory ?? home.outside
        terminal = try Terminal(
            command, environment: home.variables.merging(more) { $1 }.merging(["PWD": start.bytes]) { $1 },
            workingDirectory: start)
        try run("true")
    }

    /// Types a line, waits for its end, and gives what the terminal showed meanwhile.
    @discardableResult
    func run(_ line: String) throws -> String {
        count += 1
        try terminal.send("\(line)\nprintf '<%s>\\n' end\(count)\n")
        return try terminal.expect("<end\(count)>", within: 90).description
    }

    /// What a command writes, without the terminal's echo and the last newline.
    func output(_ line: String) throws -> String {
        let file = home.path / "output"
        try FileSystem.remove(file)
        try run("\(line) >'\(file)' 2>&1")
        // fish opens no file for a command that it does not find.
        let text = FileSystem.exists(file) ? String(decoding: try FileSystem.read(file), as: UTF8.self) : ""
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Every byte that a program started here finds in its environment, but for what each step changes.
    func environment() throws -> [ByteString] {
        let file = home.path / "environment"
        try run("/usr/bin/env -0 >'\(file)'")
        let changing = ["PWD=", "OLDPWD=", "_=", "SHLVL="].map { Array($0.utf8) }
        return try FileSystem.read(file).split(separator: 0).filter { entry in
            !changing.contains { entry.starts(with: $0) }
        }.map { ByteString($0) }.sorted()
    }

    /// Whether a module can be imported: `yes`, or what python says.
    func imports(_ module: String) throws -> String { try output("python -c 'import \(module); print(\"yes\")'") }

    /// The number of the generation that is active, 0 for none.
    func generation() throws -> Int {
        let prefix = try output("printenv VIRTUAL_ENV")
        guard let slash = prefix.lastIndex(of: "/"), prefix[..<slash].hasSuffix("/generations") else { return 0 }
        return Int(prefix[prefix.index(after: slash)...]) ?? 0
    }

    struct NotActive: Error, CustomStringConvertible {
        let number: Int
        let transcript: String
        var description: String { "generation \(number) is not active; the terminal shows:\n\(transcript)" }
    }

    /// Presses Enter until a generation is active: it is published, and shells take it at a prompt after that.
    func promptUntil(_ number: Int, within seconds: Int64 = 120) throws {
        let deadline = Deadline.after(milliseconds: seconds * 1000)
        while try generation() != number {
            if deadline.hasPassed { throw NotActive(number: number, transcript: String(terminal.text().suffix(4000))) }
        }
    }
}
