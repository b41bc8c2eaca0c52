import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Entering and leaving")
struct EnterAndLeaveTests {
    @Test(
        "cd and a command on one line use the environment, and leaving gives back every byte", arguments: Shell.allCases
    )
    func roundTrip(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world, environment: ["PYTHONHOME": "/old home", "LD_LIBRARY_PATH": "/x:"])
        let before = try session.environment()
        #expect(try session.output("cd '\(project)' && command -v python") == "\(world.path)/gen-p-1/bin/python\n")
        let inside = try session.environment()
        #expect(inside["VIRTUAL_ENV"] == (world.path / "gen-p-1").bytes)
        #expect(inside["UV_PROJECT_ENVIRONMENT"] == (world.path / "gen-p-1").bytes)
        #expect(inside["VIRTUAL_ENV_PROMPT"] == "gen-p-1")
        #expect(inside["PYTHONHOME"] == nil)
        #expect(inside["LD_LIBRARY_PATH"] == (world.path / "gen-p-1/nv").bytes + ":/x:")
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test("every way to change directory switches at once", arguments: Shell.allCases)
    func waysIn(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        try FileSystem.makeDirectories(project / "sub")
        try FileSystem.replaceLink(world.outside / "link", to: project / "sub")
        let session = try Session(shell, in: world)
        let python = "\(world.path)/gen-p-1/bin/python\n"
        let none = shell == .fish ? "; command -q python; or echo none" : "; command -v python || echo none"
        #expect(try session.output("pushd '\(project)' >/dev/null && command -v python") == python)
        #expect(try session.output("popd >/dev/null\(none)").hasSuffix("none\n"))
        #expect(try session.output("cd - >/dev/null && command -v python").hasSuffix(python))
        try session.run("cd '\(world.outside)'")
        #expect(try session.output("cd link && command -v python") == python)
        #expect(try session.output("echo $PWD") == "\(world.outside)/link\n")
        try session.run("cd '\(world.outside)'")
        #expect(try session.output("cd .\(none)").hasSuffix("none\n"))
        try session.run(shell == .fish ? "set -g CDPATH . '\(world.path)'" : "CDPATH='\(world.path)'")
        #expect(try session.output("cd p/sub >/dev/null && command -v python") == python)
        if shell != .fish {
            try session.run(shell == .bash ? "CDPATH=; shopt -s autocd" : "setopt autocd")
            try session.run("cd '\(world.path)'")
            try session.run("./p")
            #expect(try session.program("python") == python.trimmingNewline)
        }
    }

    @Test("a subdirectory changes nothing and prints nothing", arguments: Shell.allCases)
    func subdirectory(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        try FileSystem.makeDirectories(project / "a/b")
        let session = try Session(shell, in: world, directory: project)
        let inside = try session.environment()
        let calls = world.calls.count
        #expect(!(try session.run("cd a/b")).contains("envd"))
        #expect(try session.environment() == inside)
        #expect(world.calls.count == calls)
    }

    @Test("one project leaves no trace in the next, and a nested one comes and goes", arguments: Shell.allCases)
    func between(shell: Shell) throws {
        let world = try World()
        let first = try world.ready("one")
        let second = try world.ready("two")
        try world.ready("one/nested")
        try world.publish(Answer(root: world.path / "one/unbuilt", generation: nil))
        let session = try Session(shell, in: world)
        let outside = try session.environment()
        try session.run("cd '\(second)'")
        let direct = try session.environment()
        try session.run("cd '\(first)'")
        let outer = try session.environment()
        try session.run("cd '\(second)'")
        #expect(try session.environment() == direct)
        try session.run("cd '\(first)/nested'")
        #expect(try session.program("python") == "\(world.path)/gen-nested-1/bin/python")
        #expect(!(try session.environment()["PATH"] ?? "").description.contains("gen-one"))
        try session.run("cd '\(first)/unbuilt'")
        #expect(try session.environment().filter { !$0.key.bytes.starts(with: "ENVD_".utf8) } == outside)
        #expect(try session.value("ENVD_PROMPT") == "unbuilt building")
        try session.run("cd ..")
        #expect(try session.environment() == outer)
    }

    @Test("a shell that starts inside is active at its first prompt", arguments: Shell.allCases)
    func startInside(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world, directory: project)
        #expect(try session.program("python") == "\(world.path)/gen-p-1/bin/python")
        #expect(world.calls == ["hello \(shell.rawValue)"])
    }

    @Test("a list that was unset is unset again, an empty one empty", arguments: Shell.allCases, [nil, "", ":"])
    func lists(shell: Shell, value: String?) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(
            shell, in: world, environment: value.map { ["LD_LIBRARY_PATH": ByteString($0)] } ?? [:])
        let before = try session.environment()
        #expect(before["LD_LIBRARY_PATH"] == value.map { ByteString($0) })
        try session.run("cd '\(project)'")
        let inside = try session.value("LD_LIBRARY_PATH")
        #expect(inside == "\(world.path)/gen-p-1/nv" + (value == ":" ? "::" : ""))
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test("fifty cycles leave the environment as it was", arguments: Shell.allCases)
    func cycles(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let session = try Session(shell, in: world)
        let before = try session.environment()
        let body = "cd '\(project)'; cd '\(world.outside)'"
        try session.run(
            shell == .fish ? "for i in (seq 50); \(body); end" : "for i in {1..50}; do \(body); done")
        #expect(try session.environment().filter { $0.key != "i" } == before)
    }

    @Test(
        "odd directory names work", arguments: Shell.allCases,
        [
            ByteString("with space"), "it's", "$test", "\"';&&$e|'\"", "new\nline", "ends\n", "é", "back\\slash",
            "*[a]?",
            ByteString([0x62, 0xff, 0xfe]),
        ])
    func oddNames(shell: Shell, name: ByteString) throws {
        let world = try World()
        let project = world.path.appending(Path(name))
        let prefix = try world.prefix("gen")
        var delta = try PythonPrefix.delta(prefix: prefix, name: name)
        delta.additions[0].entries.append(project.appending("bin").bytes)
        try world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
        let session = try Session(shell, in: world)
        let before = try session.environment()
        // Typed through a file: a terminal's line editor would take a newline for the end of the line.
        try FileSystem.replace(world.path / "go", with: Array("cd ".utf8) + shell.quoted(project.bytes) + [0x0a])
        try session.run(". '\(world.path)/go'")
        let inside = try session.environment()
        #expect(inside["ENVD_ROOT"] == project.bytes)
        #expect(inside["VIRTUAL_ENV_PROMPT"] == name)
        #expect(
            inside["PATH"] == (prefix / "bin").bytes + ":" + (project / "bin").bytes + ":/usr/local/bin:/usr/bin:/bin")
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }
}
