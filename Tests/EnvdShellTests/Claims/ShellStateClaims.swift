import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// What else a shell keeps for its user.
    static let shellState: [Claim] = [
        Claim("command-hash", .shells, "the command hash is refreshed: a tool used before entering is E's after") {
            scene in
            let project = try scene.project()
            let outer = try scene.world.prefix("outer")
            let session = try scene.session(environment: ["PATH": (outer / "bin").bytes + ":/usr/bin:/bin"])
            for _ in 1...2 {
                #expect(try session.output("python") == "python of outer\n")
                try session.silently("cd '\(project)'")
                #expect(try session.output("python") == "python of gen-p-1\n")
                try session.silently("cd '\(scene.outside)'")
            }
        },
        Claim("variables", .shells, "REPLY, the arguments and what a match left are the user's") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let set: String
            let read: String
            switch scene.shell {
            case .bash:
                set = "REPLY=r; set -- 'a b' c; [[ abc =~ b ]]; OPTIND=4"
                read = "printf '%s|' \"$REPLY\" \"$#\" \"$1\" \"${BASH_REMATCH[0]}\" \"$OPTIND\""
            case .zsh:
                set = "REPLY=r; reply=(x y); set -- 'a b' c; [[ abc =~ b ]]; OPTIND=4"
                read = "printf '%s|' \"$REPLY\" \"$#\" \"$1\" \"$MATCH\" \"$OPTIND\""
            case .fish:
                set = "set -g REPLY r; set -g argv 'a b' c; string match -rq '(?<found>b)' abc; set -g OPTIND 4"
                read = "printf '%s|' $REPLY (count $argv) $argv[1] $found $OPTIND"
            }
            try session.silently(set)
            for line in ["cd '\(project)'", "true", "cd '\(scene.outside)'", "true"] {
                try session.silently(line)
                #expect(try session.output(read) == "r|2|a b|b|4|", "\(line)")
                try scene.world.bumpState()
            }
        },
        Claim("descriptors", .shells, "no file stays open, and the umask and the limits are kept") { scene in
            let project = try scene.project("p", notice: Notice("envd: told"))
            let session = try scene.session(before: "umask 027")
            // A shell that starts a program may hold a pipe to it while that reads: the fewest of some readings count.
            let files = {
                try (1...3).map { _ in
                    try session.output("/bin/ls /proc/\(session.terminal.processIdentifier)/fd").count(of: "\n")
                }.min() ?? 0
            }
            let before = try (files(), session.output("umask; ulimit -n"))
            #expect(before.1.contains("027"))
            try session.run("cd '\(project)'")
            for _ in 1...3 { try session.silently("cd '\(scene.outside)'", "cd '\(project)'", "true") }
            #expect(try files() <= before.0)
            #expect(try session.output("umask; ulimit -n") == before.1)
        },
        Claim("input", .shells, "the hook reads nothing of what is typed or piped to the shell") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let list = scene.line(
                "printf '%s\\n' '\(project)' '\(scene.outside)' '\(project)' | while read -r d; do cd \"$d\"; pwd; done",
                fish: "printf '%s\\n' '\(project)' '\(scene.outside)' '\(project)' | while read -l d; cd $d; pwd; end")
            #expect(try session.output(list) == "\(project)\n\(scene.outside)\n\(project)\n")
            // Typed ahead, while a move is under way.
            try session.silently("cd '\(scene.outside)'")
            try session.terminal.send("cd '\(project)'\nprintf '<%s>\\n' end\n")
            try session.terminal.expect("<end>")
            try session.terminal.expect("\u{1b}[?2004h")
        },
        Claim("functions-called", .shells, "a function of the user's that shadows PATH or E's variables gets its own") {
            scene in
            let project = try scene.project()
            let body = "cd '\(project)'; cd '\(scene.outside)'"
            let session = try scene.session(
                after: scene.line(
                    "go() { local VIRTUAL_ENV=mine; \(body); printf '%s\\n' \"$VIRTUAL_ENV\"; }",
                    fish: "function go; set -lx VIRTUAL_ENV mine; \(body); printf '%s\\n' \"$VIRTUAL_ENV\"; end"))
            let before = try session.environment()
            #expect(try session.output("go") == "mine\n")
            #expect(try session.environment() == before)
        },
    ]

    private static func readPrompt(_ scene: Scene) -> String {
        scene.line("printf '%s\\n' \"$PS1\"", fish: "fish_prompt; echo")
    }

    /// What a user sees before each line.
    static let prompts: [Claim] = [
        Claim("prompt", .shells, "without a framework E's name shows before the prompt, and goes with E") { scene in
            let project = try scene.world.ready("p", prefix: "my $(touch nowhere) env")
            let session = try scene.session()
            let read = readPrompt(scene)
            let before = try session.output(read)
            for _ in 1...2 {
                try session.silently("cd '\(project)'", "true")
                #expect(try session.output(read) == "(my __touch nowhere_ env) " + before)
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.output(read) == before)
            }
        },
        Claim("prompt-off", .shells, "VIRTUAL_ENV_DISABLE_PROMPT is obeyed") { scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["VIRTUAL_ENV_DISABLE_PROMPT": "1"])
            let before = try session.output(readPrompt(scene))
            try session.silently("cd '\(project)'", "true")
            #expect(try session.output(readPrompt(scene)) == before)
            #expect(try session.value("VIRTUAL_ENV_PROMPT") == "gen-p-1")
        },
        Claim("prompt-conda", .shells, "conda's `changeps1: false` is obeyed, and with it on the name shows as conda's")
        {
            scene in
            for (name, modifier) in [("shown", "(name) "), ("hidden", "")] as [(String, ByteString)] {
                let delta = Delta(assignments: [
                    .init(variable: .condaDefaultEnvironment, value: "name"),
                    .init(variable: .condaPromptModifier, value: modifier),
                ])
                let root = scene.world.path / name
                try scene.world.publish(Answer(root: root, generation: GenerationNumber(1), delta: delta))
            }
            let session = try scene.session()
            let before = try session.output(readPrompt(scene))
            try session.silently("cd '\(scene.world.path)/shown'")
            #expect(try session.output(readPrompt(scene)) == "(name) " + before)
            try session.silently("cd '\(scene.world.path)/hidden'")
            #expect(try session.output(readPrompt(scene)) == before)
            #expect(try session.value("CONDA_PROMPT_MODIFIER") == "")
        },
        Claim("prompt-exported", .shells, "PS1 is never exported") { scene in
            let project = try scene.project()
            let session = try scene.session()
            for line in ["true", "cd '\(project)'", "true", "cd '\(scene.outside)'"] {
                try session.silently(line)
                #expect(try session.value("PS1") == nil)
            }
        },
        Claim("prompt-rebuilt", .shells, "a prompt that is made anew each time does not grow, and is the user's after")
        {
            scene in
            let project = try scene.project()
            let own =
                switch scene.shell {
                case .bash: "PROMPT_COMMAND=mine; mine() { PS1=\"x$? \(Shell.prompt)\"; }"
                case .zsh: "precmd() { PS1=\"x$? \(Shell.prompt)\"; }"
                case .fish: "function fish_prompt; echo -n \"x$status \(Shell.prompt)\"; end"
                }
            let session = try scene.session(after: own)
            try session.run("cd '\(project)'")
            for _ in 1...3 {
                try session.run("true")
                let prompt = try session.output(readPrompt(scene), silent: false)
                #expect(prompt.count(of: "gen-p-1") <= 1)
                #expect(prompt.hasSuffix("x0 \(Shell.prompt)\n"))
            }
            try session.run("cd '\(scene.outside)'")
            try session.run("true")
            #expect(try session.output(readPrompt(scene), silent: false) == "x0 \(Shell.prompt)\n")
        },
        Claim("prompt-status", .shells, "a prompt that shows the last status shows it inside, too") { scene in
            let project = try scene.project()
            let own =
                switch scene.shell {
                case .bash: "PS1='<$?> \(Shell.prompt)'"
                case .zsh: "PS1='<%?> \(Shell.prompt)'"
                case .fish: "function fish_prompt; echo -n \"<$status> \(Shell.prompt)\"; end"
                }
            let session = try scene.session(after: own)
            try session.run("cd '\(project)'; sh -c 'exit 7'")
            try session.run("sh -c 'exit 9'")
            try session.run("true")
            #expect(session.terminal.text().contains("<7> \(Shell.prompt)"))
            #expect(session.terminal.text().contains("<9> \(Shell.prompt)"))
        }.notUnder("strict", because: "an error ends the shell"),
        Claim("prompt-readonly", .shells, "a PS1 that is readonly costs no word") { scene in
            let project = try scene.project()
            let session = try scene.session(after: "readonly PS1")
            #expect(session.greeting == "")
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            #expect(try session.program("python") == scene.python())
            try session.silently("true", "cd '\(scene.outside)'", "true")
            #expect(try session.environment() == before)
        }.notIn(.fish, because: "its prompt is a function"),
        Claim("prompt-unset", .shells, "a PS1 that is unset stays so, and costs no word") { scene in
            let project = try scene.project()
            let session = try scene.session(after: "unset PS1")
            let before = try session.environment()
            for line in ["cd '\(project)'", "true", "cd '\(scene.outside)'"] {
                #expect(try session.run(line).allSatisfy { $0 == " " })
                #expect(try session.output("echo \"${PS1-unset}\"", silent: false) == "unset\n")
            }
            #expect(try session.environment() == before)
        }.notIn(.fish, because: "its prompt is a function"),
        Claim("prompt-two", .shells, "in another project the name is that one's, and in a subdirectory it stays") {
            scene in
            let (first, second) = (try scene.project("one"), try scene.project("two"))
            try FileSystem.makeDirectories(second / "sub")
            let session = try scene.session()
            let before = try session.output(readPrompt(scene))
            try session.silently("cd '\(first)'")
            #expect(try session.output(readPrompt(scene)) == "(gen-one-1) " + before)
            try session.silently("cd '\(second)'")
            #expect(try session.output(readPrompt(scene)) == "(gen-two-1) " + before)
            try session.silently("cd sub")
            #expect(try session.output(readPrompt(scene)) == "(gen-two-1) " + before)
        },
    ]
}
