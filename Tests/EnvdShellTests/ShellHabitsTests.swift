import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The user's shell stays the user's")
struct ShellHabitsTests {
    @Test("a strict script that loads the hook twice hears no word and gets the environment")
    func strict() throws {
        let options: [(Shell, String)] = [
            (.bash, "set -euo pipefail -o noclobber"), (.bash, "set -o posix; set -eu"), (.bash, "set -eET"),
            (.bash, "IFS=:; shopt -s nullglob failglob; set -f"),
            (.zsh, "set -euo pipefail; setopt noclobber ksh_arrays sh_word_split"),
            (.zsh, "setopt no_unset err_exit warn_create_global glob_subst ksh_typeset rc_quotes csh_junkie_quotes"),
            (.fish, "set -g fish_trace"),
        ]
        for (shell, setting) in options {
            let world = try World()
            let project = try world.ready("p")
            try world.directory.write("hook", world.hook(shell))
            let script = """
                \(setting)
                . '\(world.path)/hook'
                . '\(world.path)/hook'
                cd '\(project)'
                command -v python
                cd '\(world.outside)'
                cd /
                echo "[$PATH]"
                """
            let terminal = try Terminal(
                [shell.program] + (shell == .bash ? ["--norc"] : shell == .zsh ? ["-f"] : ["--no-config"]) + [
                    "-c", script,
                ],
                environment: world.environment(), workingDirectory: world.outside)
            #expect(try terminal.waitForExit() == 0, "\(shell) with \(setting)")
            let shown = terminal.text().replacing("\r\n", with: "\n")
            let path = shell == .fish ? "/usr/local/bin:/usr/bin:/bin" : "/usr/local/bin:/usr/bin:/bin"
            #expect(shown == "\(world.path)/gen-p-1/bin/python\n[\(path)]\n", "\(shell) with \(setting)")
            #expect(world.calls == ["hello \(shell.rawValue)"])
        }
    }

    @Test("an interactive shell under strict options goes on", arguments: [Shell.bash, .zsh])
    func strictInteractive(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let options =
            shell == .bash
            ? "set -euo pipefail; set -o noclobber" : "set -euo pipefail; setopt noclobber ksh_arrays sh_word_split"
        let session = try Session(shell, in: world, before: options)
        try session.run("! true")
        try session.run("cd '\(project)'")
        #expect(try session.value("VIRTUAL_ENV") == "\(world.path)/gen-p-1")
        try session.run("cd '\(world.outside)'")
        try session.run("! cd /nowhere-at-all")
        let shown = session.terminal.text()
        for word in ["unbound", "not set", "bad ", "not found", "_envd"] { #expect(!shown.contains(word)) }
    }

    @Test("deactivate removes every trace and pauses, activate comes back", arguments: Shell.allCases)
    func deactivate(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        try world.script("envd", "echo \"envd got $*\"")
        let session = try Session(shell, in: world)
        let before = try session.environment()
        try session.run("cd '\(project)'")
        try session.run("envd deactivate")
        #expect(try session.environment() == before)
        try session.run("cd .; cd '\(world.outside)'; cd '\(project)'")
        #expect(try session.environment() == before)
        try session.run("envd activate")
        #expect(try session.program("python") == "\(world.path)/gen-p-1/bin/python")
        #expect(try session.output("envd status 'a  b'") == "envd got status a  b\n")
    }

    @Test("ENVD_DISABLE keeps the hook out", arguments: Shell.allCases)
    func disabled(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world, directory: project, environment: ["ENVD_DISABLE": "1"])
        try session.run("cd .")
        #expect(try session.value("ENVD_ROOT") == nil)
        #expect(world.calls == [])
    }

    @Test("the status of the last command, its pipeline and its last word are kept", arguments: Shell.allCases)
    func status(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        try world.directory.write("p/sub/file", "")
        let session = try Session(shell, in: world)
        // Typed on lines of their own, so that a prompt and a switch lie between.
        let read =
            switch shell {
            case .bash: "echo \"$? ${PIPESTATUS[*]}\""
            case .zsh: "echo \"$? ${pipestatus[*]}\""
            case .fish: "echo \"$status $pipestatus\""
            }
        try session.terminal.send("cd '\(project)'; false | true | false\n")
        #expect(try session.output(read) == "1 1 0 1\n")
        try world.ready("p", generation: 2)
        try session.terminal.send("true | false\n")
        #expect(try session.output(read) == "1 0 1\n")
        #expect(try session.output("cd /nowhere-at-all 2>/dev/null; \(read)") == "1 1\n")
        if shell != .fish {
            try session.terminal.send("cd '\(project)' last\n")
            try session.terminal.send(": first second\n")
            #expect(try session.output("echo $_") == "second\n")
            #expect(try session.output("cd '\(project)/sub' && echo $_") == "\(project)/sub\n")
        }
    }

    @Test("bash: PROMPT_COMMAND as a string or an array, traps, and the user's own cd are kept")
    func bash() throws {
        for form in ["PROMPT_COMMAND='mine $? ${PIPESTATUS[*]};'", "PROMPT_COMMAND=('mine $? ${PIPESTATUS[*]}' :)"] {
            let world = try World()
            let project = try world.ready("p")
            let log = world.path / "log"
            let before = """
                mine() { printf '%s.' "$*" >>'\(log)'; }
                cd() { builtin cd "$@" && echo "moved" >>'\(world.path)/moves'; }
                \(form)
                trap 'echo "INT" >>\(log)' INT; trap ': debug' DEBUG; trap 'echo bye >>\(log)' EXIT; trap ': err' ERR
                """
            let session = try Session(.bash, in: world, before: before)
            try session.terminal.send("false | false | true\n")
            #expect(try session.output("cd '\(project)' && command -v python").contains("gen-p-1"))
            #expect(try session.output("trap -p DEBUG ERR").count(of: ": ") == 2)
            #expect(String(decoding: try FileSystem.read(world.path / "moves"), as: UTF8.self) == "moved\n")
            try session.terminal.send("exit\n")
            _ = try session.terminal.waitForExit()
            let logged = String(decoding: try FileSystem.read(log), as: UTF8.self)
            #expect(logged.contains("0 1 1 0."))
            #expect(logged.hasSuffix("bye\n"))
        }
    }

    @Test("zsh: the user's hook functions are kept, and a widget may change directory")
    func zsh() throws {
        let world = try World()
        let project = try world.ready("p", notice: Notice("envd: a notice"))
        let before = """
            mine() { echo "$1 $?" >>'\(world.path)/log' }
            precmd_functions=(mine) chpwd_functions=(mine)
            go() { cd '\(project)'; zle reset-prompt }
            zle -N go; bindkey '^G' go
            """
        let session = try Session(.zsh, in: world, before: before)
        try session.run("false")
        try session.terminal.send("\u{7}")
        #expect(try session.program("python") == "\(world.path)/gen-p-1/bin/python")
        #expect(session.terminal.text().count(of: "envd: a notice") == 1)
        let logged = String(decoding: try FileSystem.read(world.path / "log"), as: UTF8.self)
        #expect(logged.contains(" 0\n"))
        #expect(
            try session.output("print $precmd_functions $chpwd_functions") == "_envd_prompt mine _envd_look mine\n")
    }

    @Test("the name shows before the prompt inside, and PS1 is never exported", arguments: Shell.allCases)
    func prompt(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p", prefix: "my $(touch nowhere) env")
        let session = try Session(shell, in: world)
        let shown = "(my __touch nowhere_ env) "
        let read = shell == .fish ? "fish_prompt" : "echo \"$PS1\""
        let before = try session.output(read)
        try session.run("cd '\(project)'")
        #expect(try session.output(read) == shown + before)
        #expect(try session.value("PS1") == nil)
        try session.run("cd '\(world.outside)'")
        #expect(try session.output(read) == before)
        try session.run(shell.export("VIRTUAL_ENV_DISABLE_PROMPT", "1"))
        try session.run("cd '\(project)'")
        #expect(try session.output(read) == before)
    }

    @Test("a subshell of the user's uses the environment and shows nothing", arguments: [Shell.bash, .zsh])
    func subshell(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p", notice: Notice("envd: a notice"))
        let session = try Session(shell, in: world)
        let before = try session.environment()
        #expect(try session.output("(cd '\(project)' && command -v python)") == "\(world.path)/gen-p-1/bin/python\n")
        #expect(try session.environment() == before)
        #expect(session.terminal.text().count(of: "envd: a notice") == 0)
    }
}
