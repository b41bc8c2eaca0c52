import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Completion")
struct CompletionTests {
    /// What stands in a shell's command line after somebody typed `words` and TAB, as that shell completes.
    private func completed(_ words: [String], by shell: Shell, in home: Home, at directory: Path) throws -> [String] {
        let own = home.path / "home"
        let command: [String]
        switch shell {
        case .bash:
            let script = "PS1='$ '\nbind 'set bell-style none'\nsource <(envd --generate-completion-script bash)\n"
            try home.write(own / ".bashrc", script)
            command = [shell.program, "--noprofile", "--rcfile", "\(own)/.bashrc", "-i"]
        case .fish:
            let script = "set -g fish_greeting\nfunction fish_prompt; echo '> '; end\n"
            try home.directory.write(
                "home/.config/fish/config.fish", script + "envd --generate-completion-script fish | source\n")
            command = [shell.program, "-i"]
        case .zsh:
            let script = "PS1='%% '\nautoload -Uz compinit\ncompinit -u -D\nunsetopt zle_bracketed_paste 2>/dev/null\n"
            try home.write(own / ".zshrc", script + "bindkey -e\nsource <(envd --generate-completion-script zsh)\n")
            command = [shell.program, "-d", "-i"]
        }
        let terminal = try Terminal(
            command, environment: home.variables.merging(["PWD": directory.bytes]) { $1 }, workingDirectory: directory)
        let marker = "told"
        return try words.map { words in
            try terminal.send("echo \(marker)''-begin\n")
            try terminal.expect("\(marker)-begin", within: 240)
            // TAB, then before the line a command that shows it.
            try terminal.send("\(words)\t\u{1}printf '<%s>' \(marker)''-line \u{5} \(marker)''-end\n")
            try terminal.expect("<\(marker)-line>", within: 240)
            let line = try terminal.expect("<\(marker)-end>", within: 240).description
            return line.split(separator: "><").joined(separator: " ").filter { $0 != "<" && $0 != ">" }
        }
    }

    @Test("offers commands, generations and packages in the shell itself", arguments: Shell.allCases)
    func words(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let lines = try completed(
            ["envd ro", "envd rollback ", "envd rollback \(root) ", "envd update id", "envd status --js"], by: shell,
            in: home, at: root)
        let words = [
            "envd rollback", "envd rollback 1", "envd rollback \(root) 1", "envd update idna", "envd status --json",
        ]
        for (line, word) in zip(lines, words) { #expect(line.trimmed == word, "\(lines)") }
        // From elsewhere, a project by its path.
        let there = try completed(["envd status "], by: shell, in: home, at: home.outside)
        #expect(there.first?.contains("envd status \(root)") == true, "\(there)")
    }

    @Test("runs nothing that stands in a name", arguments: Shell.allCases)
    func hostile(shell: Shell) throws {
        let home = try Home(uv: false)
        let place = home.path / "names"
        try FileSystem.makeDirectories(place / "$(touch pwned)`touch pwned`;a b:c")
        let line = try completed(["envd status "], by: shell, in: home, at: place)
        #expect(line.first?.contains("$(touch pwned)`touch pwned`;a b:c") == true, "\(line)")
        #expect(!FileSystem.exists(place / "pwned"))
    }
}

extension String {
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
