import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// Shells that start inside, or with an environment that is active already.
    static let starting: [Claim] = [
        Claim("start-inside", .enterAndLeave, "a shell that starts inside P is active at its first prompt") { scene in
            let project = try scene.project()
            let session = try scene.session(in: project)
            #expect(session.greeting == "")
            #expect(try session.program("python") == scene.python())
        },
        Claim(
            "start-strange", .enterAndLeave, "a shell that inherits E but starts outside P leaves it by itself (tmux)"
        ) {
            scene in
            let project = try scene.project()
            let before = try scene.session().environment()
            let inside = try scene.session(in: project).environment()
            #expect(inside["VIRTUAL_ENV"] == scene.prefix().bytes)
            let session = try scene.session(environment: inside)
            #expect(session.greeting == "")
            #expect(try session.environment() == before)
        },
        Claim(
            "start-other", .enterAndLeave, "a shell that inherits E and starts in another project has that one's alone"
        ) {
            scene in
            let (first, second) = (try scene.project("one"), try scene.project("two"))
            let before = try scene.session().environment()
            let there = try scene.session(in: second).environment()
            let session = try scene.session(in: second, environment: try scene.session(in: first).environment())
            #expect(session.greeting == "")
            #expect(try session.environment().ofTheUser == there.ofTheUser)
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("start-stale", .enterAndLeave, "a shell whose inherited state is stale mends itself") { scene in
            let project = try scene.project()
            let before = try scene.session().environment()
            let old = try scene.session(in: project).environment()
            try scene.project("p", generation: 2)
            let session = try scene.session(in: project, environment: old)
            #expect(session.greeting == "")
            #expect(try session.value("PATH") == "\(scene.prefix(generation: 2))/bin:/usr/local/bin:/usr/bin:/bin")
            #expect(try session.value("VIRTUAL_ENV") == "\(scene.prefix(generation: 2))")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
            try scene.world.withdraw(project)
            let late = try scene.session(in: project, environment: old)
            #expect(late.greeting == "")
            #expect(try late.environment() == before)
        },
        Claim("start-login", .enterAndLeave, "a login shell whose start-up files set PATH anew is active all the same")
        {
            scene in
            let project = try scene.project()
            let inherited = try scene.session(in: project).environment()
            let session = try scene.session(
                before: scene.export("PATH", "/usr/bin:/bin"), in: project, environment: inherited)
            #expect(try session.value("PATH") == "\(scene.prefix())/bin:/usr/bin:/bin")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("PATH") == "/usr/bin:/bin")
            #expect(try session.environment().ofEnvd == [])
        },
        Claim("start-spoilt", .enterAndLeave, "a shell that inherits a part of the state starts, and leaves P") {
            scene in
            let project = try scene.project()
            let inherited = try scene.session(in: project).environment()
            for name in inherited.ofEnvd {
                for value in [nil, "a:b=c\nd"] as [ByteString?] {
                    var spoilt = inherited
                    spoilt[name] = value
                    let session = try scene.session(environment: spoilt)
                    #expect(session.greeting == "", "\(name)=\(value ?? "(unset)")")
                    try session.silently("cd '\(project)'")
                    #expect(try session.program("python") == scene.python())
                    try session.silently("cd '\(scene.outside)'")
                    #expect(try session.environment().ofEnvd == [], "\(name)=\(value ?? "(unset)")")
                }
            }
        },
    ]

    /// Shells and programs that are started inside.
    static let children: [Claim] = [
        Claim("exec", .enterAndLeave, "`exec` of the shell inside P works on and leaves cleanly") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            let command = (scene.shell.interactive(home: scene.world.home) + scene.options.arguments)
            try session.silently("exec \(command.joined(separator: " "))")
            #expect(try session.program("python") == scene.python())
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("child", .enterAndLeave, "a child shell of any kind inside P has E, and leaves cleanly") { scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["PYTHONHOME": "/old"])
            for inner in Shell.allCases {
                // Each kind exports names of its own at its start.
                var expected: [ByteString: ByteString] = [:]
                try session.within(inner) { _ in expected = try session.environment() }
                let before = try session.environment()
                try session.silently("cd '\(project)'")
                try session.within(inner) { shown in
                    #expect(shown == "", "\(inner)")
                    #expect(try session.program("python") == scene.python(), "\(inner)")
                    try session.silently("cd '\(scene.outside)'")
                    #expect(try session.environment() == expected, "\(inner)")
                    try session.silently("cd '\(project)'")
                }
                #expect(try session.program("python") == scene.python(), "\(inner)")
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before, "\(inner)")
            }
        },
        Claim("program", .enterAndLeave, "scripts and programs that are started in P find E's python") { scene in
            let project = try scene.project()
            let session = try scene.session(in: project)
            let python = "python of gen-p-1\n"
            #expect(try session.output("python") == python)
            #expect(try session.output("sh -c python") == python)
            #expect(try session.output("env python") == python)
            for shell in Shell.allCases { #expect(try session.output("\(shell.program) -c python") == python) }
        },
        Claim(
            "hook-in-script", .enterAndLeave, "a script that a shell in P starts and that loads the hook leaves cleanly"
        ) {
            scene in
            let project = try scene.project()
            try scene.world.directory.write("hook", scene.world.hook(scene.shell))
            let file = "\(scene.world.path)/script"
            try scene.world.directory.write(
                "script",
                """
                \(scene.options.lines)
                . '\(scene.world.path)/hook'
                cd '\(project)'; command -v python
                cd '\(scene.outside)'; printf '%s\\n' "$PATH"; cd '\(project)'
                """)
            let plain = scene.line(scene.shell == .bash ? "--norc" : "-f", fish: "--no-config")
            let session = try scene.session(in: project)
            #expect(
                try session.output("\(scene.shell.program) \(plain) '\(file)'")
                    == "\(scene.python())\n/usr/local/bin:/usr/bin:/bin\n")
            #expect(try session.program("python") == scene.python())
        },
    ]
}
