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
