import EnvdCore
import EnvdLoop
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdDaemon

@Suite("What shells hand over, in the daemon")
struct ShellEnvironmentTests {
    init() { EventLoop.startForTests() }

    @Test("the newest shell's word counts, but a variable that only a manifest wants stays")
    func handOver() async {
        let shells = await ShellEnvironment(generations: "/g")
        #expect(await !shells.isKnown)
        await shells.handOver(["PATH": "/usr/bin", "TOKEN": "t", "UV_OFFLINE": "1"], wanted: [])
        #expect(await shells.isKnown)
        await shells.handOver(["PATH": "/bin"], wanted: ["TOKEN"])
        #expect(await shells.variables == ["PATH": "/bin", "TOKEN": "t"])
    }

    @Test("no environment of ours and no relative directory is left in PATH")
    func path() async {
        let shells = await ShellEnvironment(generations: "/g")
        await shells.handOver(["PATH": "/g/p/generations/1/bin:.::/usr/bin:/gg"], wanted: [])
        #expect(await shells.variables["PATH"] == "/usr/bin:/gg")
    }
}

@Suite("Who can write a project")
struct OwnershipTests {
    @Test("what everybody can write is not trusted, a sticky directory is")
    func modes() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("pyproject.toml", "")
        #expect(Ownership.objection(to: file) == nil)
        try FileSystem.setMode(file, 0o666)
        #expect(Ownership.objection(to: file)?.contains("everybody can write") == true)
        #expect(Ownership.objection(to: directory.path) == nil)
        try FileSystem.setMode(directory.path, 0o777)
        #expect(Ownership.objection(to: directory.path) != nil)
        try FileSystem.setMode(directory.path, 0o1777)
        #expect(Ownership.objection(to: directory.path) == nil)
        #expect(Ownership.objection(to: directory.path / "absent") == nil)
    }
}
