import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// Functions, traps and events that a user's shell runs at prompts and moves.
    static let userHooks: [Claim] = [
        Claim("prompt-command", .shells, "PROMPT_COMMAND, a string or an array, set before or after, runs as it would")
        {
            scene in
            let settings = [
                ("PROMPT_COMMAND='mine;'", ""), ("PROMPT_COMMAND=(mine :)", ""), ("", "PROMPT_COMMAND+=(mine)"),
                ("", "PROMPT_COMMAND=\"${PROMPT_COMMAND:+$PROMPT_COMMAND;}mine\""),
                ("", "PROMPT_COMMAND=\"mine;$PROMPT_COMMAND\""),
            ]
            for (before, after) in settings {
                let mine = "mine() { printf '%s\\n' \"$? ${#PIPESTATUS[@]}\" >>'\(scene.logFile)'; }"
                let session = try scene.session(before: "\(mine)\n\(before)", after: after)
                let project = try scene.project()
                try scene.emptyLog()
                try session.silently("cd '\(project)'", "true | true | true", "cd '\(scene.outside)'")
                #expect(scene.log.count(of: "0 ") == 3, "\(before)\(after)")
                if !before.isEmpty { #expect(scene.log.contains("0 3\n"), "\(before)\(after)") }
                if scene.options.name != "strict" {
                    try session.silently("sh -c 'exit 3'")
                    #expect(scene.log.contains("3 1\n"), "\(before)\(after)")
                }
            }
        }.notIn(.zsh, because: "precmd_functions").notIn(.fish, because: "events"),
        Claim("precmd", .shells, "precmd, chpwd and their arrays, filled before or after, run as they would") { scene in
            let note = { (name: String) in "\(name)() { echo \"\(name) $?\" >>'\(scene.logFile)'; }" }
            let functions = ["precmd", "chpwd", "early", "late"].map(note).joined(separator: "\n")
            let session = try scene.session(
                before: "\(functions)\nprecmd_functions=(early) chpwd_functions=(early)",
                after: "precmd_functions+=(late) chpwd_functions+=(late)")
            let project = try scene.project()
            try scene.emptyLog()
            try session.silently("cd '\(project)'")
            let log = scene.log
            #expect(log == "chpwd 0\nearly 0\nlate 0\nprecmd 0\nearly 0\nlate 0\n")
            #expect(try session.program("python") == scene.python())
        }.notIn(.bash, because: "PROMPT_COMMAND").notIn(.fish, because: "events"),
        Claim("events", .shells, "the user's handlers of fish's events run as they would") { scene in
            var functions = ""
            for (name, event) in [
                ("a", "--on-event fish_prompt"), ("b", "--on-variable PWD"), ("c", "--on-event fish_preexec"),
                ("d", "--on-event fish_postexec"), ("e", "--on-event fish_exit"),
            ] {
                functions += "function my_\(name) \(event); echo \(name) >>'\(scene.logFile)'; end\n"
            }
            let project = try scene.project()
            let session = try scene.session(before: functions)
            try scene.emptyLog()
            try session.silently("cd '\(project)'")
            #expect(scene.log == "c\nb\nd\na\n")
            try session.terminal.send("exit\n")
            _ = try session.terminal.waitForExit()
            #expect(scene.log == "c\nb\nd\na\nc\nd\ne\n")
        }.notIn(.bash, .zsh, because: "events are fish's"),
        Claim("exit-trap", .shells, "the user's trap for EXIT runs, with the status that the shell ends with") {
            scene in
            let project = try scene.project()
            let trap = scene.line(
                "trap 'echo \"bye $?\" >>\"\(scene.logFile)\"' EXIT",
                fish: "function bye --on-event fish_exit; echo bye >>'\(scene.logFile)'; end")
            let session = try scene.session(before: trap)
            try session.silently("cd '\(project)'")
            try session.terminal.send("exit 5\n")
            #expect(try session.terminal.waitForExit() == 5)
            #expect(scene.log == scene.line("bye 5\n", fish: "bye\n"))
        },
        Claim("int-trap", .shells, "Ctrl-C and the user's trap for INT work at a prompt inside") { scene in
            let project = try scene.project()
            let session = try scene.session(before: "trap 'echo interrupted >>\"\(scene.logFile)\"' INT")
            try session.silently("cd '\(project)'")
            try session.run(scene.line("kill -INT $$", fish: "kill -INT $fish_pid"))
            #expect(scene.log == "interrupted\n")
            #expect(try session.program("python") == scene.python())
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("VIRTUAL_ENV") == nil)
        },
        Claim("err-trap", .shells, "the user's traps for ERR and DEBUG stay, and the first hears nothing of the hook") {
            scene in
            let project = try scene.project()
            let (err, debug) = scene.shell == .bash ? ("ERR", "DEBUG") : ("ZERR", "DEBUG")
            let session = try scene.session(
                before: "trap 'echo err >>\"\(scene.logFile)\"' \(err); trap ': debug' \(debug)")
            try scene.emptyLog()
            try session.silently("true", "cd '\(project)'", "true", "cd '\(scene.outside)'", "true")
            try scene.project("p", generation: 2)
            try session.silently("true", "cd '\(project)'", "true")
            #expect(scene.log == "")
            let traps = try session.output("trap")
            #expect(traps.contains("echo err") && traps.contains(": debug"))
        }.notIn(.fish, because: "it has no such traps"),
        Claim("err-once", .shells, "the user's trap for ERR hears once of each error that the user makes") { scene in
            let project = try scene.project()
            let session = try scene.session(
                before: "trap 'echo err >>\"\(scene.logFile)\"' \(scene.shell == .bash ? "ERR" : "ZERR")")
            try session.silently("cd '\(project)'")
            try scene.emptyLog()
            try session.silently("false")
            #expect(scene.log == "err\n")
            try session.silently("true")
            #expect(scene.log == "err\n")
        }.notIn(.fish, because: "it has no such traps").notUnder("strict", because: "an error ends the shell")
            .failing(in: .bash, "the trap runs twice: the hook at the prompt ends with the status of before"),
    ]
}
