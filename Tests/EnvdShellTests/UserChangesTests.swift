import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What the user changes inside")
struct UserChangesTests {
    @Test("entries that the user adds to PATH stay, before ours and after, in their order", arguments: Shell.allCases)
    func path(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world)
        try session.run("cd '\(project)'")
        try session.run(
            shell == .fish ? "set -gx PATH /first $PATH /last" : "export PATH=\"/first:$PATH:/last\"")
        // A new generation stands where the old one stood.
        try world.ready("p", generation: 2)
        try session.run("true")
        #expect(try session.value("PATH") == "/first:\(world.path)/gen-p-2/bin:/usr/local/bin:/usr/bin:/bin:/last")
        try session.run("cd '\(world.outside)'")
        #expect(try session.value("PATH") == "/first:/usr/local/bin:/usr/bin:/bin:/last")
    }

    @Test("a changed variable keeps the user's value, also across generations", arguments: Shell.allCases)
    func scalars(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world, environment: ["PYTHONHOME": "/old"])
        let before = try session.environment()
        try session.run("cd '\(project)'")
        try session.run(shell.export("VIRTUAL_ENV", "/mine"))
        try session.run(shell.export("PYTHONHOME", "/mine too"))
        for generation in 2...3 {
            try world.ready("p", generation: generation)
            try session.run("true")
            let inside = try session.environment()
            #expect(inside["VIRTUAL_ENV"] == "/mine")
            #expect(inside["PYTHONHOME"] == "/mine too")
            #expect(inside["UV_PROJECT_ENVIRONMENT"]?.description == "\(world.path)/gen-p-\(generation)")
        }
        try session.run("cd '\(world.outside)'")
        var expected = before
        expected["VIRTUAL_ENV"] = "/mine"
        expected["PYTHONHOME"] = "/mine too"
        #expect(try session.environment() == expected)
    }

    @Test("a variable that is only hidden comes back after many generations", arguments: Shell.allCases)
    func hidden(shell: Shell) throws {
        let world = try World()
        let project = world.path / "p"
        let delta = Delta(removals: [.pythonHome])
        try world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
        let session = try Session(shell, in: world, environment: ["PYTHONHOME": "/old"])
        try session.run("cd '\(project)'")
        for generation in 2...3 {
            try world.publish(Answer(root: project, generation: GenerationNumber(generation), delta: delta))
            try session.run("true")
            #expect(try session.value("PYTHONHOME") == nil)
        }
        try session.run("cd '\(world.outside)'")
        #expect(try session.value("PYTHONHOME") == "/old")
    }

    @Test("values arrive unchanged, and come back unchanged", arguments: Shell.allCases)
    func values(shell: Shell) throws {
        let world = try World()
        let odd: [ByteString] = [
            "back\\slash \\n \\'", "new\n\nline\n", "\r\t\u{1b}[m\u{7f}\u{1}", "'\"`$(touch /nowhere) $HOME !! ;&|", "",
            ByteString([0xff, 0x80, 0x41, 0xc3]), "é 漢 ~ * ? [a] {b,c}", "-n", "--",
        ]
        var environment: [ByteString: ByteString] = [:]
        var assignments: [Delta.Assignment] = []
        for (index, value) in odd.enumerated() {
            let name = try #require(VariableName("ODD_\(index)"))
            assignments.append(.init(variable: name, value: value))
            environment[ByteString(name.text)] = odd[(index + 1) % odd.count]
        }
        let project = world.path / "p"
        try world.publish(
            Answer(root: project, generation: GenerationNumber(1), delta: Delta(assignments: assignments)))
        let session = try Session(shell, in: world, environment: environment)
        let before = try session.environment()
        try session.run("cd '\(project)'")
        let inside = try session.environment()
        for assignment in assignments { #expect(inside[ByteString(assignment.variable.text)] == assignment.value) }
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test("a child shell of another kind works inside and leaves cleanly", arguments: Shell.allCases, Shell.allCases)
    func children(outer: Shell, inner: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(outer, in: world, environment: ["PYTHONHOME": "/old"])
        try world.writeStartUp(inner)
        // Each kind exports names of its own at its start.
        try session.run(inner.interactiveLine(home: world.home))
        let innerBefore = try session.environment()
        try session.run("exit")
        let before = try session.environment()
        try session.run("cd '\(project)'")
        try session.run(inner.interactiveLine(home: world.home))
        #expect(try session.program("python") == "\(world.path)/gen-p-1/bin/python")
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == innerBefore)
        try session.run("cd '\(project)'; exit")
        #expect(try session.program("python") == "\(world.path)/gen-p-1/bin/python")
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test("inherited state that is stale mends itself at the first prompt", arguments: Shell.allCases)
    func stale(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p", generation: 2)
        let inherited: [ByteString: ByteString] = [
            "ENVD_ROOT": project.bytes, "ENVD_UNDO": "1;PATH+/gone/bin~;VIRTUAL_ENV=/gone",
            "PATH": "/gone/bin:/usr/bin:/bin", "VIRTUAL_ENV": "/gone",
        ]
        let outside = try Session(shell, in: world, environment: inherited)
        let environment = try outside.environment()
        #expect(environment["PATH"] == "/usr/bin:/bin")
        #expect(environment.keys.filter { $0.description.contains("ENV") } == [])
        var hostile = inherited
        hostile["ENVD_UNDO"] = ByteString(
            "1;PATH:x[$(touch \(world.path)/evil)]+/gone/bin;y[$(touch \(world.path)/evil)]=")
        let refusing = try Session(shell, in: world, environment: hostile)
        #expect(try refusing.value("ENVD_ROOT") == nil)
        #expect(!FileSystem.exists(world.path / "evil"))
        let inside = try Session(shell, in: world, directory: project, environment: inherited)
        #expect(try inside.value("PATH") == "\(world.path)/gen-p-2/bin:/usr/bin:/bin")
        // A login shell's start-up files set PATH anew: what says to be active is not there.
        let reset = try Session(
            shell, in: world, before: shell.export("PATH", "/usr/bin:/bin"), directory: project,
            environment: try inside.environment())
        #expect(try reset.value("PATH") == "\(world.path)/gen-p-2/bin:/usr/bin:/bin")
    }

    @Test("a hand-made activation inside survives leaving", arguments: Shell.allCases)
    func handMade(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let other = try world.prefix("other")
        let session = try Session(shell, in: world)
        try session.run("cd '\(project)'")
        try session.run(shell.export("VIRTUAL_ENV", other.description))
        try session.run(
            shell == .fish ? "set -gx PATH '\(other)/bin' $PATH" : "PATH=\"\(other)/bin:$PATH\"; export PATH")
        try session.run("cd '\(world.outside)'")
        #expect(try session.program("python") == "\(other)/bin/python")
        #expect(try session.value("VIRTUAL_ENV") == other.description)
        #expect(try session.value("PATH") == "\(other)/bin:/usr/local/bin:/usr/bin:/bin")
    }
}
