import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// Each name that a shell means something by is refused, or takes any value without running it.
@Suite("A variable's name makes no shell run its value")
struct ShellParametersTests {
    /// Those that a shell has only when they are used, or only interactively.
    static let more = [
        "BASH_COMPAT", "BASH_LOADABLES_PATH", "CHILD_MAX", "COMPREPLY", "COMP_CWORD", "COMP_LINE", "COMP_POINT",
        "COMP_WORDS", "COPROC", "EMACS", "EPOCHREALTIME", "EPOCHSECONDS", "EXECIGNORE", "FCEDIT", "FIGNORE",
        "FUNCNEST", "GLOBIGNORE", "HISTCMD", "HISTCONTROL", "HISTFILE", "HISTFILESIZE", "HISTIGNORE", "HISTSIZE",
        "HISTTIMEFORMAT", "HOSTFILE", "IGNOREEOF", "INPUTRC", "INSIDE_EMACS", "MAIL", "MAILCHECK", "MAILPATH",
        "MAPFILE", "OPTARG", "OPTERR", "OPTIND", "PROMPT_DIRTRIM", "RANDOM", "READLINE_LINE", "REPLY", "SECONDS",
        "SRANDOM", "TIMEFORMAT", "TMOUT", "auto_resume", "histchars", "ARGV0", "BAUD", "CDPATH", "CORRECT_IGNORE",
        "DIRSTACKSIZE", "ERRNO", "KEYTIMEOUT", "LISTMAX", "LOGCHECK", "NULLCMD", "PSVAR", "REPORTMEMORY", "REPORTTIME",
        "SAVEHIST", "SPROMPT", "STTY", "TERM", "TERMINFO", "TIMEFMT", "TMPPREFIX", "TRY_BLOCK_ERROR", "WATCH",
        "WATCHFMT", "WORDCHARS", "ZBEEP", "ZLE_SPACE_SUFFIX_CHARS", "ZLS_COLORS", "history", "umask", "version",
        "POSIXLY_CORRECT", "LD_RUN_PATH", "EDITOR",
    ]
    static let values: [ByteString] = ["x[$(touch canary)]", "psvar[$(touch canary)]", "argv[`touch canary`]"]

    @Test(arguments: Shell.allCases)
    func names(shell: Shell) throws {
        let directory = try TemporaryDirectory("parameters")
        let listing =
            switch shell {
            case .bash: "compgen -v"
            case .zsh:
                """
                zmodload zsh/parameter zsh/zle zsh/complist zsh/sched zsh/zutil zsh/system zsh/datetime zsh/terminfo \
                zsh/mapfile zsh/langinfo zsh/watch; print -l ${(k)parameters}
                """
            case .fish: "set --names"
            }
        let known = String(decoding: try run(shell, listing, in: directory.path).output, as: UTF8.self)
        let all = Set(
            known.split(separator: "\n").compactMap { VariableName(String($0)) }
                + Self.more.compactMap { VariableName($0) })
        #expect(all.count > 60 && all.contains { $0.refusal != nil })
        let names = all.filter { $0.refusal == nil && !$0.text.hasPrefix("LC_") }.sorted()
        var script = ""
        for (index, name) in names.enumerated() {
            for (number, value) in Self.values.enumerated() {
                let delta = Delta(
                    assignments: [
                        .init(variable: name, value: value),
                        .init(variable: try #require(VariableName("AFTER")), value: "1"),
                    ])
                let text = ShellRenderer.activation(delta, shell: shell, outside: [:])
                try FileSystem.replace(directory.path / "text-\(index)-\(number)", with: text, mode: 0o644)
                let look = "/usr/bin/test \"$AFTER\" = 1"
                let report = "/usr/bin/printf '%s\\n' \(name)"
                script +=
                    shell == .fish
                    ? "set -e AFTER; source ./text-\(index)-\(number); test -e canary; and \(report); rm -f canary; \(look); or \(report)\n"
                    : "( . ./text-\(index)-\(number); \(look) || \(report); : $((1 + 1)) ); if [ -e canary ]; then \(report); rm canary; fi\n"
            }
        }
        let said = try run(shell, script, in: directory.path)
        #expect(String(decoding: said.output, as: UTF8.self) == "")
        // Some take only certain values and say so; they are none the worse for it.
        let complaints = said.errors.split(separator: "\n").filter { line in
            !["BASH_COMPAT", "TERM", "LANG"].contains { line.contains($0) }
        }
        #expect(complaints == [])
    }

    private func run(_ shell: Shell, _ script: String, in directory: Path) throws -> (output: [UInt8], errors: String) {
        let options: [ByteString] =
            switch shell {
            case .bash: ["--norc", "--noprofile"]
            case .zsh: ["-f"]
            case .fish: ["--no-config"]
            }
        let file = directory / "script"
        try FileSystem.replace(file, with: Array(script.utf8), mode: 0o644)
        let result = PlainCommandRunner.runBlocking(
            Command(
                executable: Path(shell.program), arguments: options + [file.bytes],
                environment: ["PATH": "/usr/bin:/bin", "HOME": directory.bytes, "LC_ALL": "C.UTF-8", "TERM": "dumb"],
                workingDirectory: directory, writable: nil), within: 240)
        return (result.standardOutput, String(decoding: result.standardError, as: UTF8.self))
    }
}
