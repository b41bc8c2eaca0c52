import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A project with a name that shells and terminals would obey")
struct HostileProjectTests {
    static let name = "$(touch canary)`touch canary`%F{201}\u{1b}]0;owned\u{7}\n'\"\\-n"

    @Test("is built, shown, entered and left like any other, also by prompts that are made of variables")
    func project() throws {
        let home = try Home()
        let root = try home.ready(Self.name, files: ["requirements.txt": "idna\n"])
        for outcome in try [home.envd("status", in: root), home.envd("allow", in: root), home.envd("log", in: root)] {
            try outcome.expect(0)
            #expect(!(outcome.output + outcome.errors).contains("\u{1b}"), "\(outcome.output)")
        }
        let prompts: [Shell: String] = [
            .bash: "PS1=\"<${VIRTUAL_ENV_PROMPT}> $PS1\"",
            .zsh: "setopt prompt_subst; PS1=\"<${VIRTUAL_ENV_PROMPT}> $PS1\"",
            .fish: "function fish_prompt; eval \"echo '<'$VIRTUAL_ENV_PROMPT'> '\"; end; function fish_title; end",
        ]
        for shell in Shell.allCases {
            let session = try HookedShell(shell, in: home, with: ["TERM": "xterm-256color"])
            let before = try session.environment()
            let move = home.path / "move"
            let quote = shell == .fish ? "\\'" : "'\\''"
            let path = shell == .fish ? root.description.replacing("\\", with: "\\\\") : root.description
            try home.write(move, "cd '\(path.replacing("'", with: quote))'\n")
            let mark = session.terminal.transcript.count
            if shell == .fish { try session.run(prompts[shell] ?? "") }
            try session.run(". '\(move)'")
            #expect(try session.imports("idna") == "yes")
            // As a start-up file does it in a shell that is started inside.
            try session.run(prompts[shell] ?? "")
            try session.run("true")
            #expect(try session.output("printenv VIRTUAL_ENV_PROMPT").hasPrefix("__touch canary__touch canary__F_201_"))
            try session.run("cd '\(home.outside)'")
            #expect(try session.environment() == before, "\(shell)")
            let text = session.terminal.text(since: mark)
            for obeyed in ["\u{1b}]0;owned", "\u{1b}[38;5;201m"] { #expect(!text.contains(obeyed), "\(shell)") }
            #expect(text.contains("__touch canary_"), "\(shell)")
        }
        for place in [root, home.outside, home.path, home.path / "home"] {
            #expect(!FileSystem.exists(place / "canary"), "\(place)")
        }
    }
}
