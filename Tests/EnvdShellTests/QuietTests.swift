import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Quiet and cheap")
struct QuietTests {
    @Test("a new generation is there at the next prompt, without a word", arguments: Shell.allCases)
    func generations(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world, directory: project)
        // The command hash knows the old one.
        #expect(try session.output("python") == "python of gen-p-1\n")
        try world.ready("p", generation: 2)
        #expect(!(try session.run("true")).contains("envd"))
        #expect(try session.output("python") == "python of gen-p-2\n")
        try world.withdraw(project)
        try session.run("true")
        #expect(try session.value("ENVD_ROOT") == nil)
    }

    @Test("a tool used before entering is the environment's after", arguments: Shell.allCases)
    func commandHash(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let outer = try world.prefix("outer")
        let session = try Session(
            shell, in: world, environment: ["PATH": (outer / "bin").bytes + ":/usr/bin:/bin"])
        #expect(try session.output("python") == "python of outer\n")
        try session.run("cd '\(project)'")
        #expect(try session.output("python") == "python of gen-p-1\n")
        try session.run("cd -")
        #expect(try session.output("python") == "python of outer\n")
    }

    @Test("a notice is shown once in a shell, and again when it is another", arguments: Shell.allCases)
    func notices(shell: Shell) throws {
        let world = try World()
        let first = Notice("envd: build failed: it's $HOME \\n", id: "p 1")
        let project = try world.ready("p", notice: first)
        let session = try Session(shell, in: world)
        try session.run("cd '\(project)'")
        try session.run("cd '\(world.outside)'")
        try world.bumpState()
        try session.run("cd '\(project)'")
        #expect(session.terminal.text().count(of: first.text) == 1)
        try world.ready("p", generation: 2, notice: Notice("envd: second", id: "p 2"))
        try session.run("true")
        try session.run("true")
        #expect(session.terminal.text().count(of: "envd: second") == 1)
    }

    @Test("news of a notice is shown once, and only where that notice was shown", arguments: Shell.allCases)
    func news(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p", notice: Notice("envd: building", id: "building-1"))
        let session = try Session(shell, in: world, directory: project)
        try FileSystem.makeDirectories(world.answers.news)
        try FileSystem.replace(world.answers.news("building-1"), with: Array("envd: finished\n".utf8))
        try world.ready("p", generation: 2)
        try session.run("true")
        try world.bumpState()
        try session.run("true")
        #expect(session.terminal.text().count(of: "envd: building") == 1)
        #expect(session.terminal.text().count(of: "envd: finished") == 1)
        let late = try Session(shell, in: world, directory: project)
        #expect(try late.value("ENVD_ROOT") == project.description)
        #expect(late.terminal.text().count(of: "envd: finished") == 0)
    }

    @Test("what is not allowed is named once, and nothing is run for it", arguments: Shell.allCases)
    func asked(shell: Shell) throws {
        let world = try World()
        let project = world.path / "p"
        try world.publish(asked: project, notice: "envd: `p` is not allowed")
        try world.directory.write("p/sub/pyproject.toml", "")
        try world.publish(asked: project / "sub", notice: nil)
        let session = try Session(shell, in: world)
        for _ in 1...2 {
            try session.run("cd '\(project)'")
            try world.bumpState()
            try session.run("cd '\(project)/sub'")
            try session.run("cd '\(world.outside)'")
        }
        #expect(session.terminal.text().count(of: "envd: `p` is not allowed") == 1)
        #expect(world.calls == ["hello \(shell.rawValue)"])
    }

    @Test("a manifest that nobody was told of is asked about, once for a state", arguments: Shell.allCases)
    func manifests(shell: Shell) throws {
        let world = try World()
        try world.directory.write("p/requirements.txt", "")
        try FileSystem.makeDirectories(world.path / "p/a/b")
        try world.directory.write("home/pyproject.toml", "")
        let reply = ShellRenderer.notice(Notice("envd: asked and answered"), shell: shell)
        try FileSystem.replace(world.path / "reply-ask", with: reply)
        let session = try Session(shell, in: world)
        try session.run("cd '\(world.path)/p/a/b'")
        try session.run("true")
        try session.run("true")
        #expect(world.calls == ["hello \(shell.rawValue)", "ask \(shell.rawValue)"])
        #expect(session.terminal.text().count(of: "envd: asked and answered") == 1)
        try world.bumpState()
        try session.run("true")
        #expect(world.calls.count == 3)
        #expect(session.terminal.text().count(of: "envd: asked and answered") == 1)
    }

    @Test("a daemon that is gone is called once for its last state", arguments: Shell.allCases)
    func gone(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world)
        // No process has the highest number of all.
        try world.bumpState(process: Int32.max)
        for _ in 1...3 { try session.run("true") }
        #expect(world.calls.count == 2)
        #expect(try session.output("cd '\(project)' && command -v python") == "\(world.path)/gen-p-1/bin/python\n")
        try FileSystem.remove(world.answers.directory)
        for _ in 1...3 { try session.run("true") }
        #expect(try session.value("ENVD_ROOT") == nil)
        #expect(world.calls.count == 3)
    }

    @Test("a daemon that another one has taken the place of is given the shell's variables", arguments: Shell.allCases)
    func replaced(shell: Shell) throws {
        let world = try World()
        try world.bumpState()
        let session = try Session(shell, in: world)
        try session.run("true")
        #expect(world.calls == ["hello \(shell.rawValue)"])
        // The first process of all lives.
        try world.bumpState(process: 1)
        for _ in 1...3 { try session.run("true") }
        #expect(world.calls == ["hello \(shell.rawValue)", "hello \(shell.rawValue)"])
    }

    @Test("variables that a build waits for are handed over once", arguments: Shell.allCases)
    func wants(shell: Shell) throws {
        let world = try World()
        let names = try [#require(VariableName("TOKEN")), #require(VariableName("OTHER"))]
        try world.publish(Answer(root: world.path / "p", generation: nil, wants: names))
        let session = try Session(shell, in: world)
        try session.run("cd '\(world.path)/p'")
        try world.bumpState()
        try session.run("true")
        #expect(world.calls.filter { $0 == "hello \(shell.rawValue) TOKEN OTHER" }.count == 1)
    }

    @Test("an idle prompt and a switch start no process", arguments: Shell.allCases)
    func processes(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        try FileSystem.makeDirectories(project / "a/b")
        let session = try Session(shell, in: world)
        let trace = world.path / "trace"
        let strace = try Terminal(
            [
                "/usr/bin/strace", "-qq", "-e", "trace=clone,clone3,fork,vfork,execve,socket", "-o", "\(trace)", "-p",
                "\(session.terminal.processIdentifier)", "-e", "signal=none",
            ],
            environment: world.environment())
        try #require(try waitUntilTraced(session.terminal.processIdentifier))
        for line in ["true", "true", "cd '\(project)'", "cd a/b", "true", "cd '\(world.outside)'", "true"] {
            try session.run(line)
        }
        // The proof that the trace sees what a shell starts.
        try session.run("/bin/true")
        try session.terminal.send("exit\n")
        _ = try session.terminal.waitForExit()
        _ = try strace.waitForExit()
        // fish colours what is typed in threads of its own.
        let started = String(decoding: try FileSystem.read(trace), as: UTF8.self).split(separator: "\n")
            .filter { !$0.contains("CLONE_THREAD") }
        #expect(started.count == 1)
    }

    /// A tracer shows in `/proc/<pid>/status`; each reading gives the processor away until it does.
    private func waitUntilTraced(_ process: Int32) throws -> Bool {
        for _ in 1...200_000 {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let descriptor = open("/proc/\(process)/status", O_RDONLY | O_CLOEXEC)
            let count = read(descriptor, &bytes, bytes.count)
            close(descriptor)
            let status = String(decoding: bytes[..<max(count, 0)], as: UTF8.self)
            if status.contains("TracerPid:\t"), !status.contains("TracerPid:\t0\n") { return true }
            sched_yield()
        }
        return false
    }

    @Test("a runtime directory that is a link is not trusted", arguments: Shell.allCases)
    func link(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        try FileSystem.rename(world.answers.directory, to: world.path / "elsewhere")
        try FileSystem.replaceLink(world.answers.directory, to: world.path / "elsewhere")
        let session = try Session(shell, in: world, directory: project)
        #expect(try session.value("ENVD_ROOT") == nil)
    }
}
