import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// What is said, and how often.
    static let notices: [Claim] = [
        Claim("notice-once", .quietAndCheap, "a build that fails is reported once, not at each prompt or visit") {
            scene in
            let notice = Notice("envd: build failed: it's $HOME \\n `x`", id: "p 1")
            let project = try scene.project("p", notice: notice)
            let session = try scene.session()
            #expect(try session.run("cd '\(project)'") == notice.text + "\n")
            try session.silently("true", "cd '\(scene.outside)'")
            try scene.world.bumpState()
            try session.silently("true", "cd '\(project)'", "true", "cd .")
        },
        Claim("notice-next", .quietAndCheap, "another notice about P is shown at the next prompt, once") { scene in
            let project = try scene.project("p", notice: Notice("envd: first", id: "p 1"))
            let session = try scene.session(in: project)
            #expect(session.greeting == "envd: first\n")
            try scene.project("p", generation: 2, notice: Notice("envd: second", id: "p 2"))
            #expect(try session.run("true") == "envd: second\n")
            try session.silently("true", "true")
        },
        Claim("notice-shells", .quietAndCheap, "each shell is told once, and its subshells and scripts are not") {
            scene in
            let project = try scene.project("p", notice: Notice("envd: told"))
            for _ in 1...2 {
                let session = try scene.session()
                #expect(try session.run("cd '\(project)'") == "envd: told\n")
                try session.silently("\(scene.shell.program) -c true", "sh -c 'cd . && true'")
                if !scene.isFish { try session.silently("(cd . && true)", "(cd / && cd '\(project)')") }
            }
        },
        Claim("notice-error", .quietAndCheap, "a notice goes to standard error, so that no output of a command has it")
        {
            scene in
            let project = try scene.project("p", notice: Notice("envd: told"))
            let session = try scene.session()
            let file = scene.world.path / "out"
            #expect(
                try session.run(
                    scene.line("{ cd '\(project)'; } >'\(file)'", fish: "begin; cd '\(project)'; end >'\(file)'"))
                    == "envd: told\n")
            #expect(scene.text(of: file) == "")
        },
        Claim("news", .quietAndCheap, "the end of a build is told once, in the shells that were told of its beginning")
        {
            scene in
            let project = try scene.project("p", notice: Notice("envd: building", id: "building-1"))
            let session = try scene.session(in: project)
            #expect(session.greeting == "envd: building\n")
            try FileSystem.makeDirectories(scene.world.answers.news)
            try FileSystem.replace(scene.world.answers.news("building-1"), with: Array("envd: finished\n".utf8))
            try scene.project("p", generation: 2)
            #expect(try session.run("true") == "envd: finished\n")
            try scene.world.bumpState()
            try session.silently("true")
            let late = try scene.session(in: project)
            #expect(late.greeting == "")
            try late.silently("true")
        },
        Claim("wants", .quietAndCheap, "variables that a build waits for are handed over once in a shell") { scene in
            let names = try [#require(VariableName("TOKEN")), #require(VariableName("OTHER"))]
            let project = scene.world.path / "p"
            try scene.world.publish(Answer(root: project, generation: nil, wants: names))
            let session = try scene.session()
            try session.silently("cd '\(project)'")
            try scene.world.bumpState()
            try session.silently("true")
            #expect(scene.world.calls.count { $0 == "hello \(scene.shell.rawValue) TOKEN OTHER" } == 1)
        },
        Claim(
            "asked-once", .quietAndCheap, "a manifest that the daemon was not told of is asked about once for a state"
        ) {
            scene in
            try scene.world.directory.write("p/requirements.txt", "")
            try FileSystem.makeDirectories(scene.world.path / "p/a/b")
            let reply = ShellRenderer.notice(Notice("envd: asked and answered"), shell: scene.shell)
            try FileSystem.replace(scene.world.path / "reply-ask", with: reply)
            let session = try scene.session()
            #expect(try session.run("cd '\(scene.world.path)/p/a/b'") == "envd: asked and answered\n")
            try session.silently("true", "true")
            #expect(scene.questions == 1)
            try scene.world.bumpState()
            try session.silently("true", "true")
            #expect(scene.questions == 2)
        },
        Claim("home-not-asked", .quietAndCheap, "manifests in the home directory and above are not asked about") {
            scene in
            try scene.world.directory.write("home/pyproject.toml", "")
            try scene.world.directory.write("requirements.txt", "")
            let session = try scene.session()
            try session.silently("cd ~", "cd '\(scene.world.path)'", "cd '\(scene.outside)'", "true")
            #expect(scene.questions == 0)
            try scene.world.directory.write("home/project/pyproject.toml", "")
            try session.silently("cd ~/project")
            #expect(scene.questions == 1)
        },
    ]

    /// A daemon's word at the shell's next prompt.
    static let generations: [Claim] = [
        Claim("next-generation", .daemon, "a new environment is there at the first prompt after it is ready, silently")
        {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            // The command hash knows the old one.
            #expect(try session.output("python") == "python of gen-p-1\n")
            for generation in 2...3 {
                try scene.project("p", generation: generation)
                try session.silently("true")
                #expect(try session.output("python") == "python of gen-p-\(generation)\n")
                #expect(
                    try session.value("PATH")
                        == "\(scene.prefix(generation: generation))/bin:/usr/local/bin:/usr/bin:/bin")
            }
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("failed-generation", .daemon, "a build that fails leaves the old environment active, with one line") {
            scene in
            let project = try scene.project()
            let session = try scene.session(in: project)
            try scene.project("p", notice: Notice("envd: could not build"))
            #expect(try session.run("true") == "envd: could not build\n")
            #expect(try session.program("python") == scene.python())
            try scene.project("p", generation: 2)
            try session.silently("true")
            #expect(try session.program("python") == scene.python(generation: 2))
        },
        Claim("first-generation", .daemon, "a project without an environment has it at the prompt after it is built") {
            scene in
            let project = scene.world.path / "p"
            try scene.world.publish(Answer(root: project, generation: nil))
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'", "true")
            #expect(try session.environment().ofTheUser == before)
            #expect(try session.value("ENVD_PROMPT") == "p building")
            try scene.project()
            try session.silently("true")
            #expect(try session.program("python") == scene.python())
        },
    ]

    /// What is not allowed.
    static let trust: [Claim] = [
        Claim("not-allowed", .trust, "in a project that is not allowed the shell says once what to type") { scene in
            let project = scene.world.path / "p"
            try scene.world.publish(asked: project, notice: "envd: `p` is not allowed; type: envd allow")
            try scene.world.directory.write("p/sub/pyproject.toml", "")
            try scene.world.publish(asked: project / "sub", notice: nil)
            let session = try scene.session()
            let before = try session.environment()
            #expect(try session.run("cd '\(project)'") == "envd: `p` is not allowed; type: envd allow\n")
            try session.silently("true", "cd sub", "cd '\(scene.outside)'", "cd '\(project)'")
            try scene.world.bumpState()
            try session.silently("true", "cd '\(scene.outside)'", "cd '\(project)'")
            #expect(try session.environment() == before)
            #expect(scene.questions == 0)
        },
        Claim("taken-back", .trust, "a project whose allowance is taken back is left at the next prompt") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            #expect(try session.program("python") == scene.python())
            try scene.world.withdraw(project)
            try session.silently("true")
            #expect(try session.environment() == before)
        },
        Claim("not-run", .trust, "what lies in a directory is never run or read by a shell that goes there") { scene in
            let marker = "\(scene.world.path)/marker"
            for name in [
                ".envrc", ".env", ".venv/bin/activate", ".venv/bin/python", "envd", "envd-hook", "enter.bash",
                "enter.zsh",
                "enter.fish", "full.bash", "plain.fish", "command", "printf", "test", "read", "python",
            ] {
                let file = try scene.world.directory.write("p/\(name)", ": >'\(marker)'\n")
                try FileSystem.setMode(file, 0o755)
            }
            let project = scene.world.path / "p"
            let session = try scene.session(environment: ["PATH": ".:/usr/bin:/bin"])
            try session.silently("cd '\(project)'", "true", "cd ..", "cd p", "cd '\(scene.outside)'")
            #expect(!FileSystem.exists(scene.world.path / "marker"))
        },
    ]
}
