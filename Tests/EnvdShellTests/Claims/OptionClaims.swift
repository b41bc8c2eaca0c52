import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// Options of the shell.
    static let options: [Claim] = [
        Claim("strict-script", .shells, "a script with these options that loads the hook twice hears no word") {
            scene in
            let project = try scene.project()
            try scene.world.directory.write("hook", scene.world.hook(scene.shell))
            let outcome = try scene.script(
                """
                . '\(scene.world.path)/hook'
                . '\(scene.world.path)/hook'
                cd '\(project)'
                command -v python
                cd '\(scene.outside)'
                cd /
                printf '[%s]\\n' "$PATH"
                """)
            #expect(outcome.shown == "\(scene.python())\n[/usr/local/bin:/usr/bin:/bin]\n")
            #expect(outcome.status == 0)
            #expect(scene.world.calls.filter { $0.hasPrefix("hello") }.count == 1)
        },
        Claim("strict-mistakes", .shells, "under these options an interactive shell goes on, whatever fails") { scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["PYTHONHOME": "/old"])
            let before = try session.environment()
            for _ in 1...2 {
                try session.silently(scene.line("! true", fish: "not true"), "cd '\(project)'", "true", "cd .")
                #expect(try session.program("python") == scene.python())
                try scene.world.bumpState()
                try session.silently("true", "cd '\(scene.outside)'")
                try session.run(scene.line("! cd /nowhere-at-all", fish: "not cd /nowhere-at-all"))
                #expect(try session.environment() == before)
            }
        },
        Claim("options-later", .shells, "these options may be set after the hook was loaded, inside or outside") {
            scene in
            let project = try scene.project()
            for inside in [false, true] {
                let session = try Session(scene.shell, in: scene.world)
                let before = try session.environment()
                if inside { try session.silently("cd '\(project)'") }
                let setting = scene.options.lines.isEmpty ? "true" : scene.options.lines
                // The prompt of fish's vi mode changes with it.
                try session.run(setting)
                try session.silently("cd '\(project)'", "true")
                #expect(try session.program("python") == scene.python())
                try scene.project("p", generation: 2)
                try session.silently("true")
                #expect(try session.program("python") == scene.python(generation: 2))
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment().filter { $0.key != "IFS" } == before)
                try scene.project("p")
            }
        },
        Claim("emulation", .shells, "the hook loads and works where zsh emulates sh or ksh") { scene in
            let project = try scene.project()
            for mode in ["sh", "ksh"] {
                let session = try scene.session(before: "emulate \(mode)")
                #expect(session.greeting == "")
                let before = try session.environment()
                try session.silently("cd '\(project)'")
                #expect(try session.program("python") == scene.python())
                try session.silently("true", "cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        }.notIn(.bash, .fish, because: "emulation is zsh's"),
        Claim("options-kept", .shells, "the shell's options are the same after moves as before") { scene in
            let project = try scene.project()
            let read =
                switch scene.shell {
                case .bash: "set +o; shopt -p; printf '%q\\n' \"$IFS\" || :"
                case .zsh: "setopt; unsetopt; printf '%s\\n' \"$IFS\""
                case .fish: "status features; bind; set -g | string match -r '^fish_[^ ]*'"
                }
            let session = try scene.session()
            let before = try session.output(read)
            try session.silently("cd '\(project)'", "true")
            #expect(try session.output(read) == before)
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.output(read) == before)
            #expect(!before.isEmpty)
        },
        Claim("aliases", .shells, "aliases and functions that are called like what the hook uses do not reach it") {
            scene in
            let project = try scene.project()
            let tools = ["cat", "grep", "sed", "ls", "rm", "stat", "readlink", "dirname", "head"]
            // fish's own functions use its builtin commands by their names.
            let names = scene.isFish ? tools : tools + ["echo", "printf", "source", "read", "type", "which"]
            var own = names.map { "alias \($0)='echo mine'" }.joined(separator: "; ")
            own += scene.line(
                "; pwd() { echo mine; }; sleep() { echo mine; }", fish: "; function pwd; echo mine; end")
            for late in [false, true] {
                let session = try scene.session(before: late ? "" : own, after: late ? own : "")
                #expect(session.greeting == "")
                try session.silently("cd '\(project)'", "true")
                #expect(try session.value("VIRTUAL_ENV") == "\(scene.prefix())")
                try scene.project("p", generation: 2)
                try session.silently("true", "cd '\(scene.outside)'", "true")
                #expect(try session.value("PATH") == "/usr/local/bin:/usr/bin:/bin")
                try scene.project("p")
            }
        },
    ]

    /// Loading, and putting out of action.
    static let loading: [Claim] = [
        Claim("twice", .shells, "loading the hook twice is loading it once") { scene in
            try scene.world.directory.write("hook", scene.world.hook(scene.shell))
            let load = ". '\(scene.world.path)/hook'"
            let project = try scene.project("p", notice: Notice("envd: told"))
            let session = try scene.session(after: load)
            let before = try session.environment()
            try session.silently(load)
            #expect(try session.run("cd '\(project)'") == "envd: told\n")
            let inside = try session.environment()
            try session.silently(load, "true", "cd .", "cd ..", load, "cd '\(project)'")
            #expect(try session.environment() == inside)
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("start-up-again", .shells, "sourcing the start-up file again inside P changes nothing") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            let inside = try session.environment()
            let file = [Shell.bash: ".bashrc", .zsh: ".zshrc", .fish: ".config/fish/config.fish"][scene.shell] ?? ""
            try session.silently(". ~/\(file)", "true", ". ~/\(file)")
            #expect(try session.environment() == inside)
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("deactivate", .shells, "`envd deactivate` removes every trace and keeps out until `envd activate`") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'", "envd deactivate")
            #expect(try session.environment() == before)
            try session.silently("cd .", "cd '\(scene.outside)'", "cd '\(project)'", "true")
            try scene.project("p", generation: 2)
            try session.silently("true")
            #expect(try session.environment() == before)
            try session.silently("envd activate")
            #expect(try session.program("python") == scene.python(generation: 2))
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("disabled", .shells, "`ENVD_DISABLE=1` keeps the hook out") { scene in
            let project = try scene.project()
            let session = try scene.session(in: project, environment: ["ENVD_DISABLE": "1"])
            try session.silently("cd .", "cd '\(scene.outside)'", "cd '\(project)'", "true")
            #expect(try session.value("PATH") == "/usr/local/bin:/usr/bin:/bin")
            #expect(try session.environment().ofEnvd == ["ENVD_DISABLE"])
            #expect(scene.world.calls == [])
        },
        Claim("envd-command", .shells, "`envd` passes its words, its output and its status on") { scene in
            try scene.world.script("envd", "printf '<%s>' \"$@\"; exit 7")
            let session = try scene.session()
            let read = scene.line(" || printf '%s' $?", fish: "; or printf '%s' $status")
            #expect(try session.output("envd status 'a  b' '' '*'\(read)") == "<status><a  b><><*>7")
        },
        Claim(
            "names", .shells,
            "but for `envd`, and cd's three in bash, every name that the hook makes begins with `_envd`"
        ) {
            scene in
            let read =
                switch scene.shell {
                case .bash: "compgen -v || :; compgen -A function || :; compgen -a || :"
                case .zsh: "(emulate zsh; print -rl -- ${(k)parameters} ${(k)functions} ${(k)aliases})"
                case .fish: "set -n; functions -an; abbr -l; set -Un"
                }
            let session = try scene.session(
                before:
                    "\(scene.line("{ \(read); } >|'\(scene.world.path)/names'", fish: "begin; \(read); end >'\(scene.world.path)/names'"))"
            )
            let project = try scene.project()
            try session.silently("cd '\(project)'", "true", "cd '\(scene.outside)'")
            let before = Set(scene.text(of: scene.world.path / "names").split(separator: "\n"))
            #expect(before.count > 20)
            let made = Set(try session.output(read).split(separator: "\n")).subtracting(before)
            // What the shell itself sets once it is interactive.
            let shells = [
                "_", "PROMPT_COMMAND", "OLDPWD", "BASH_", "PIPESTATUS", "FUNCNAME", "COLUMNS", "LINES", "fish_",
                "__fish", "history", "HIST", "dir", "precmd_functions", "chpwd_functions", "PS1", "status",
                "CMD_DURATION",
                "MATCH", "reply", "hostname", "MBEGIN", "MEND", "match", "mbegin", "mend", "zle", "widgets",
            ]
            let ours = made.filter { name in !shells.contains { name.hasPrefix($0) && !name.hasPrefix("_envd") } }
            #expect(ours.contains("envd"))
            let allowed: Set<Substring> = scene.shell == .bash ? ["envd", "cd", "pushd", "popd"] : ["envd"]
            #expect(ours.filter { !$0.hasPrefix("_envd") }.subtracting(allowed) == [])
        },
    ]
}
