import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// Directories and projects with names that mean something to a shell, a prompt or a terminal.
@Suite("Names are data to shells, prompts and terminals")
struct HostileNamesTests {
    /// A shell as its user may have set it up; `%F{201}` is a colour that no shell takes by itself. fish's own title of
    /// the terminal has the working directory as it is.
    struct Setting: CustomTestStringConvertible, Sendable {
        let shell: Shell
        var options = ""
        var testDescription: String { "\(shell.rawValue): \(options)" }
    }

    static let settings = [
        Setting(shell: .bash), Setting(shell: .zsh), Setting(shell: .fish, options: "function fish_title; end"),
        Setting(shell: .bash, options: "shopt -s promptvars extglob nullglob; set -u"),
        Setting(shell: .bash, options: "set -o posix; shopt -u promptvars"),
        Setting(shell: .zsh, options: "setopt prompt_subst prompt_percent prompt_bang"),
        Setting(shell: .zsh, options: "setopt rc_quotes csh_junkie_quotes ksh_arrays sh_word_split glob_subst"),
        Setting(shell: .zsh, options: "setopt no_prompt_percent no_unset auto_pushd pushd_to_home chase_links"),
    ]

    static let names: [ByteString] =
        [
            "-n", "-", "--", "+1", "a b", " ", "%F{201}%(?.x.y)%", "%s%n", "$(touch canary)", "`touch canary`",
            "${x:=y}$HOME", "$((x[$(touch canary)]))", ";touch canary;", "|touch canary", "&touch canary", "<(x)",
            "\u{1b}[35;46mx", "\u{1b}]0;owned\u{7}", "\u{9b}35;46mx", "new\nline", "last\n", "\nfirst", "tab\tcr\r",
            "'", "\"", "\\", "\\n", "'\"\\'\\\\\"", "a'b", "''", "*", "?", "[a-z]", "{a,b}", "~", "~root", "!!", "^a^b",
            "#", "=ls", "@ENVD@", "a:b", "é", "語", "\u{202e}x", "\u{1}\u{7f}", "A=b", "0", "...", "enter.bash",
            "enter.zsh", "enter.fish", "full.bash", "asked", "now", ByteString([0xff, 0xfe]), ByteString([0x83, 0x20]),
            ByteString([0xc3]), ByteString([0xe2, 0x82]),
            ByteString("$(touch canary)`touch canary`%F{201}" + String(repeating: "n", count: 219)),
            ByteString([UInt8](repeating: 0xff, count: 255)), ByteString(String(repeating: "'", count: 255)),
        ]

    /// What a terminal would obey, and a prompt's colour.
    static let forbidden = ["\u{1b}[35;46m", "\u{1b}]0;owned", "\u{9b}35;46m", "\u{1b}[38;5;201m", "owned\u{7}"]

    @Test("a project of any name is entered and left, runs nothing and colours nothing", arguments: settings)
    func names(_ setting: Setting) throws {
        let world = try World()
        let projects = world.path / "projects"
        for (index, name) in Self.names.enumerated() {
            try publish(projects.appending(Path(name)), name, number: index, in: world)
        }
        let session = try Session(
            setting.shell, in: world, before: setting.options, environment: ["TERM": "xterm-256color"])
        let before = try session.environment()
        for (index, name) in Self.names.enumerated() {
            try check(projects.appending(Path(name)), name, number: index, session, before)
        }
        // Among the answers, too, a directory may be called like one of them.
        try session.run("cd '\(projects)'")
        #expect(try session.environment() == before)
        #expect(!session.terminal.text().contains("s a directory"))
        for place in [world.path, world.home, world.outside, projects] {
            #expect(!FileSystem.exists(place / "canary"), "something was run")
        }
    }

    @Test(
        "a path as long as a file's may be, with the answers' directory before it, is a path", arguments: Shell.allCases
    )
    func long(shell: Shell) throws {
        let world = try World()
        var root = world.path
        // PATH_MAX, less the name of an answer while it is written. With /run/user/1000 before it, that is 4,000 bytes.
        let length = 4095 - world.answers.directory.bytes.bytes.count - "/roots/.envd-1234567-1234567890".utf8.count
        while root.bytes.bytes.count < length - 1 {
            let left = length - 1 - root.bytes.bytes.count
            root = root.appending(Path(ByteString(String(repeating: "d", count: min(250, left)))))
        }
        try publish(root, "deep", number: 1, in: world)
        let session = try Session(shell, in: world)
        try check(root, "deep", number: 1, session, try session.environment())
    }

    private func publish(_ root: Path, _ name: ByteString, number: Int, in world: World) throws {
        let prefix = try world.prefix("gen-\(number)")
        var delta = try PythonPrefix.delta(prefix: prefix, name: name)
        let variable = try #require(VariableName("HOSTILE"))
        delta.assignments.append(.init(variable: variable, value: name))
        try world.publish(
            Answer(
                root: root, generation: GenerationNumber(1), delta: delta,
                notice: Notice("envd: `\(name.description)` is ready", id: "notice-\(number)")))
    }

    private func check(
        _ root: Path, _ name: ByteString, number: Int, _ session: Session, _ before: [ByteString: ByteString]
    ) throws {
        let (world, shell) = (session.world, session.shell)
        let shown = String(reflecting: name.description.prefix(40))
        let mark = session.terminal.transcript.count
        // Through a file: a terminal's line editor would take some bytes for keys.
        let move = world.path / "move"
        try FileSystem.replace(move, with: Array("cd -- ".utf8) + shell.quoted(root.bytes) + [0x0a], mode: 0o644)
        try session.run(". '\(move)'")
        let inside = try session.environment()
        let prefix = (world.path / "gen-\(number)").bytes
        #expect(inside["VIRTUAL_ENV"] == prefix, "\(shown)")
        #expect(inside["ENVD_ROOT"] == root.bytes, "\(shown)")
        #expect(inside["HOSTILE"] == name, "\(shown)")
        #expect(inside["PATH"] == prefix + "/bin:" + (before["PATH"] ?? ""), "\(shown)")
        try session.run("true")
        #expect(!FileSystem.exists(root / "canary"), "\(shown) was run")
        try session.run("cd '\(world.outside)'")
        let after = try session.environment()
        #expect(after == before, "\(shown)")
        let text = session.terminal.text(since: mark)
        for sequence in Self.forbidden {
            #expect(!text.contains(sequence), "\(shown) reached the terminal: \(text.debugDescription)")
        }
        #expect(text.contains("is ready"), "\(shown): \(text.debugDescription)")
    }
}
