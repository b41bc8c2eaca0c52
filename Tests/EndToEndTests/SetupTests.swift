import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("envd setup")
struct SetupTests {
    private let home: Home
    private var own: Path { home.path / "home" }

    init() throws { home = try Home(uv: false, ["SHELL": "/bin/bash"]) }

    private func file(_ shell: Shell) -> Path {
        switch shell {
        case .bash: own / ".bashrc"
        case .zsh: own / ".zshrc"
        case .fish: own / ".config/fish/config.fish"
        }
    }

    private func text(_ file: Path) throws -> String { String(decoding: try FileSystem.read(file), as: UTF8.self) }

    /// Whether a new shell has the hook's function.
    private func loads(_ shell: Shell) -> Bool {
        let arguments =
            switch shell {
            case .bash: ["--noprofile", "--rcfile", "\(file(.bash))", "-ic", "declare -F envd"]
            case .zsh: ["-ic", "whence -w envd"]
            case .fish: ["-ic", "functions -q envd; and echo function"]
            }
        let outcome = home.run(Path(shell.program), arguments)
        return outcome.status == 0 && !outcome.output.isEmpty && !outcome.output.contains("command")
    }

    @Test("what somebody wrote between the markers is neither written over nor taken out")
    func foreignLine() throws {
        try home.envd("setup", "--yes", "bash").expect(0)
        let edited = try text(file(.bash)).replacing("# <<< envd <<<", with: "precious=1\n# <<< envd <<<")
        try home.write(file(.bash), edited)
        for arguments in [["setup", "--yes", "bash"], ["setup", "--undo"]] {
            let refusal = try home.run(Programs.envd, arguments).expect(1)
            #expect(refusal.errors.contains("a line between the markers is not envd's"), "\(refusal.errors)")
            #expect(try text(file(.bash)) == edited)
        }
    }

    @Test("writes once what a new shell loads the hook by, and takes out exactly that", arguments: Shell.allCases)
    func journey(shell: Shell) throws {
        // What is there before: no file, none of its lines ended, an empty one, an ordinary one.
        for before in [nil, "# no end", "", "# mine\n"] as [String?] {
            if let before {
                try FileSystem.makeDirectories(file(shell).parent)
                try home.write(file(shell), before)
            }
            try home.envd("setup", "--yes", shell.rawValue).expect(0)
            let once = try text(file(shell))
            #expect(once.hasPrefix(before ?? ""))
            #expect(loads(shell), "\(once)")
            let again = try home.envd("setup", "--yes", shell.rawValue).expect(0)
            #expect(again.output.contains("has the lines already"))
            #expect(try text(file(shell)) == once)
            // What the user adds behind stays.
            try FileSystem.append(file(shell), Array("# after\n".utf8))
            try home.envd("setup", "--undo").expect(0)
            #expect(try text(file(shell)) == (before ?? "") + "# after\n")
            try FileSystem.remove(file(shell))
            if let before { try home.write(file(shell), before) }
            try home.envd("setup", "--yes", shell.rawValue).expect(0)
            try home.envd("setup", "--undo").expect(0)
            #expect(try FileSystem.status(file(shell)) == nil ? before == nil : text(file(shell)) == before)
            #expect(try home.envd("setup", "--undo").expect(0).output == "there was nothing to take out\n")
            try FileSystem.remove(file(shell))
        }
    }

    @Test("writes through links, keeps mode and inode, and finds files where the shells have them")
    func places() throws {
        try FileSystem.makeDirectories(own / "dotfiles")
        try home.write(own / "dotfiles/bashrc", "# linked\n")
        try FileSystem.setMode(own / "dotfiles/bashrc", 0o640)
        try FileSystem.hardLink(own / "dotfiles/bashrc", as: own / "dotfiles/other")
        try FileSystem.replaceLink(own / ".bashrc", to: "dotfiles/bashrc")
        let before = try FileSystem.status(own / "dotfiles/bashrc")
        // Set without being exported, as most have it: only zsh knows.
        try home.write(own / ".zshenv", "ZDOTDIR=$HOME/zsh\n")
        try FileSystem.makeDirectories(own / "zsh")
        home.variables["ZDOTDIR"] = nil
        home.variables["XDG_CONFIG_HOME"] = (own / "conf").bytes
        try home.envd("setup", "--yes", "bash", "zsh", "fish").expect(0)
        #expect(try FileSystem.linkTarget(own / ".bashrc") == "dotfiles/bashrc")
        let after = try FileSystem.status(own / "dotfiles/bashrc")
        #expect(after?.inode == before?.inode && after?.mode == 0o640 && after?.links == 2)
        #expect(try text(own / "dotfiles/bashrc").contains("envd hook bash"))
        #expect(try text(own / "zsh/.zshrc").contains("envd hook zsh"))
        #expect(try text(own / "conf/fish/config.fish").contains("envd hook fish"))
        #expect(!FileSystem.exists(own / ".zshrc"))
        try home.envd("setup", "--undo").expect(0)
        #expect(try text(own / "dotfiles/bashrc") == "# linked\n")
        #expect(try FileSystem.status(own / "dotfiles/bashrc")?.inode == before?.inode)
        #expect(!FileSystem.exists(own / "zsh/.zshrc") && !FileSystem.exists(own / "conf/fish/config.fish"))
    }

    @Test("asks, and does nothing without an answer, where there is no terminal, or where it need not")
    func asking() throws {
        try home.write(file(.bash), "# mine\n")
        #expect(try home.envd("setup").expect(1).errors.contains("hint: envd setup --yes"))
        try home.envd("setup", "--dry-run").expect(0)
        #expect(try text(file(.bash)) == "# mine\n")
        for (answer, changes) in [("n", false), ("", true)] {
            let command = [Programs.envd.description, "setup", "bash"]
            let terminal = try Terminal(command, environment: home.variables, workingDirectory: home.outside)
            try terminal.expect("write this? [Y/n]", within: 240)
            try terminal.send("\(answer)\n")
            #expect(try terminal.waitForExit(within: 240) == 0)
            #expect(try text(file(.bash)).contains("envd hook bash") == changes)
        }
        try home.write(file(.bash), "# mine\n  eval \"$(envd hook bash)\"\n")
        #expect(try home.envd("setup", "--yes").expect(0).output.contains("loads the hook already, in line 2"))
    }

    @Test("leaves alone what it cannot write or make out, says why, and sets up the others")
    func refusals() throws {
        try home.write(file(.bash), "# mine\n")
        try FileSystem.setMode(file(.bash), 0o444)
        try home.write(file(.zsh), "# >>> envd >>>\n# mine\n")
        let outcome = try home.envd("setup", "--yes", "bash", "zsh", "fish").expect(1)
        if getuid() != 0 {
            #expect(outcome.errors.contains("could not write `\(file(.bash))`: permission denied"))
            #expect(outcome.errors.contains("have it add: if command -v envd"))
            #expect(try text(file(.bash)) == "# mine\n")
        }
        #expect(outcome.errors.contains("\(file(.zsh)):1: could not tell which lines"))
        #expect(try text(file(.zsh)) == "# >>> envd >>>\n# mine\n")
        #expect(try text(file(.fish)).contains("envd hook fish"))
    }

    @Test("names the program by its path where bin is not on PATH, and goes back to its name")
    func path() throws {
        let bare: [ByteString: ByteString] = ["PATH": "/usr/bin:/bin"]
        try home.write(file(.bash), "# mine\n")
        let outcome = try home.envd("setup", "--yes", "bash", with: bare).expect(0)
        #expect(outcome.output.contains("is not on PATH here"))
        #expect(try text(file(.bash)).contains("\(Programs.envd) hook bash"))
        try home.envd("setup", "--yes", "bash").expect(0)
        #expect(try !text(file(.bash)).contains("\(Programs.envd)"))
        #expect(loads(.bash))
        try home.envd("setup", "--undo").expect(0)
        #expect(try text(file(.bash)) == "# mine\n")
    }
}
