import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What a shell inherits is read, never evaluated")
struct InheritedStateTests {
    @Test(
        "of an inherited list of scripts for leaving only the user's own in envd's prefixes are read",
        arguments: [Shell.bash, .zsh])
    func inherited(shell: Shell) throws {
        let world = try World()
        let evil = "export EVIL=$EVIL.; : >'\(world.path)/evil'\n"
        let far = try world.directory.write("far.sh", evil)
        let place = "projects/p/generations/1/etc/conda/deactivate.d"
        let near = try world.directory.write("\(place)/a.sh", "export NEAR=1\n")
        let scripts = [
            "\(far)", "\(world.path)/\(place)/../../../../../../../../far.sh", "/etc/profile", "\(near)", "",
        ]
        let session = try Session(
            shell, in: world,
            environment: [
                "ENVD_ROOT": "/any", "ENVD_UNDO": ByteString("1" + scripts.map { ";!" + $0 }.joined()),
            ])
        #expect(!FileSystem.exists(world.path / "evil"))
        let environment = try session.environment()
        #expect(environment["NEAR"] == "1")
        #expect(environment["ENVD_UNDO"] == nil && environment["ENVD_ROOT"] == nil)
    }

    @Test("names that are no names are dropped", arguments: Shell.allCases)
    func names(shell: Shell) throws {
        let world = try World()
        let session = try Session(
            shell, in: world,
            environment: [
                "ENVD_ROOT": "/any", "PATH": "/gone/bin:/usr/bin:/bin",
                "ENVD_UNDO": ByteString(
                    "1;PATH:x[$(touch \(world.path)/evil)]+/gone/bin;y[$(touch \(world.path)/evil)]=;z`touch x`-~"),
            ])
        #expect(try session.value("ENVD_ROOT") == nil)
        #expect(!FileSystem.exists(world.path / "evil"))
    }

    @Test("ENVD_SHELL names a project, and no file elsewhere", arguments: Shell.allCases)
    func pinned(shell: Shell) throws {
        let world = try World()
        // Without any answer there would be no directory to lead out of.
        let project = try world.ready("p")
        try world.directory.write("evil/enter.\(shell.rawValue)", ": >'\(world.path)/ran'\n")
        for value in ["/../../../evil", "/x/../../../../evil", "../../evil"] as [ByteString] {
            let session = try Session(shell, in: world, environment: ["ENVD_SHELL": value])
            try session.run("cd /; cd '\(world.outside)'")
            #expect(!FileSystem.exists(world.path / "ran"), "\(value)")
        }
        let session = try Session(shell, in: world, environment: ["ENVD_SHELL": project.bytes])
        try session.run("cd /")
        #expect(try session.program("python") == "\(world.path)/gen-p-1/bin/python")
    }

    @Test("what was inherited by half is left as a whole", arguments: Shell.allCases, 0..<3)
    func half(shell: Shell, lost: Int) throws {
        let world = try World()
        let prefix = "/data/envd/projects/p-1/generations/4"
        var variables: [ByteString: ByteString] = [
            "ENVD_ROOT": "/any", "PATH": ByteString("\(prefix)/bin:/usr/bin:/bin"), "VIRTUAL_ENV": ByteString(prefix),
            "VIRTUAL_ENV_PROMPT": "p", "UV_PROJECT_ENVIRONMENT": ByteString(prefix),
            "ENVD_UNDO": ByteString(
                "4;PATH+\(prefix)/bin~;VIRTUAL_ENV=\(prefix);VIRTUAL_ENV_PROMPT=p;UV_PROJECT_ENVIRONMENT=\(prefix)"),
        ]
        if lost == 0 { variables["ENVD_ROOT"] = nil }
        if lost == 1 { variables["ENVD_UNDO"] = nil }
        if lost == 2 { variables["ENVD_UNDO"] = "garbage" }
        let session = try Session(shell, in: world, environment: variables)
        let now = try session.environment()
        #expect(now["PATH"] == "/usr/bin:/bin")
        for name in ["VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "UV_PROJECT_ENVIRONMENT", "ENVD_ROOT", "ENVD_UNDO"] {
            #expect(now[ByteString(name)] == nil, "\(name)")
        }
    }

    @Test("fish gets what the scripts did when they were recorded")
    func recorded() throws {
        let world = try World()
        let first = try #require(VariableName("FIRST"))
        let prefix = try world.prefix("gen")
        var delta = Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            assignments: [
                .init(variable: first, value: "early"), .init(variable: .condaPrefix, value: prefix.bytes),
            ], conda: .init(variables: []))
        delta.scripts = .init(
            entering: [world.path / "a.sh"], leaving: [],
            additions: [.init(variable: .path, entries: ["/script/bin"])],
            assignments: [.init(variable: first, value: "late")])
        let project = world.path / "p"
        try world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        try session.run("cd '\(project)'")
        #expect(try session.value("FIRST") == "late")
        #expect(try session.value("PATH")?.hasPrefix("/script/bin:\(prefix)/bin:") == true)
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
        #expect(world.switches == 0)
    }
}
