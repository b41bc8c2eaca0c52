import EnvdControl
import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdDaemon

@Suite("Who works in a prefix")
struct PrefixUsersTests {
    private let directory: TemporaryDirectory
    private let projects: Path
    private let prefix: Path
    private let root: Path

    init() throws {
        directory = try TemporaryDirectory()
        projects = directory.path / "data/projects"
        prefix = projects / "p-0123456789abcdef/generations/12"
        root = directory.path / "p"
        for made in [prefix / "bin", prefix / "lib", root] { try FileSystem.makeDirectories(made) }
    }

    private func generation(made: Int64? = nil, retired: Int64?) -> Generation {
        var generation = Generation(
            project: ProjectID("0123456789abcdef"), number: GenerationNumber(12), state: .retired,
            key: Fingerprint(hex: "k"), prefix: prefix, delta: Delta(), engine: "uv 1", interpreter: nil)
        generation.retired = retired.map { Timestamp.now.adding(seconds: $0) }
        generation.made = made.map { Timestamp.now.adding(seconds: $0) }
        return generation
    }

    /// A shell that has come as far as to wait for a line.
    private func waiting(
        _ script: String = "", environment: [ByteString: ByteString] = [:], in place: Path? = nil
    ) throws -> Terminal {
        let file = try directory.write("script", "\(script)\necho open\nread line\n")
        let process = try Terminal(["/bin/sh", file.description], environment: environment, workingDirectory: place)
        try process.expect("open")
        return process
    }

    private func ways(of prefix: Path? = nil) -> [GarbageReport.User.Way] {
        PrefixUsers(below: projects).users(of: prefix ?? self.prefix).map(\.way)
    }

    @Test("nobody works in what no process names, and a neighbour with a longer number is another prefix")
    func nobody() throws {
        #expect(ways() == [])
        let neighbour = projects / "p-0123456789abcdef/generations/123"
        try FileSystem.makeDirectories(neighbour)
        let process = try waiting(in: neighbour)
        withExtendedLifetime(process) {
            #expect(ways() == [])
            #expect(ways(of: neighbour) == [.directory])
        }
    }

    @Test("a program of the prefix works in it")
    func program() throws {
        let copy = prefix / "bin/tail"
        try FileSystem.replace(copy, with: try FileSystem.read("/usr/bin/tail"), mode: 0o755)
        try directory.write("line", "open\n")
        let script = try directory.write("script", "exec -a tail '\(copy)' -f '\(directory.path)/line'\n")
        let process = try Terminal(["/bin/bash", script.description], environment: [:])
        try process.expect("open")
        withExtendedLifetime(process) { #expect(ways() == [.program]) }
    }

    @Test("so does one that was called by its name there, though it is a link to another program")
    func link() throws {
        try FileSystem.replaceLink(prefix / "bin/tail", to: "/usr/bin/tail")
        try directory.write("line", "open\n")
        let process = try Terminal(["\(prefix)/bin/tail", "-f", "\(directory.path)/line"], environment: [:])
        try process.expect("open")
        withExtendedLifetime(process) { #expect(ways() == [.program]) }
    }

    @Test("so does a process that stands in it, or holds a file of it open without mapping it")
    func directoryAndFile() throws {
        let standing = try waiting(in: prefix / "lib")
        #expect(ways() == [.directory])
        try FileSystem.replace(prefix / "lib/data", with: [])
        let reader = try waiting("exec 7<'\(prefix)/lib/data'")
        withExtendedLifetime([standing, reader]) { #expect(Set(ways()) == [.directory, .file]) }
    }

    @Test("so does one that was started with it in its environment, to the last byte of a variable")
    func environment() throws {
        for value in ["\(prefix)", "\(prefix)/bin:/usr/bin", "/usr/bin:\(prefix)/bin"] {
            let process = try waiting(environment: ["X": ByteString(value)])
            withExtendedLifetime(process) { #expect(ways() == [.environment], "\(value)") }
        }
    }

    @Test("envd's own programs use nothing: they are gone when the answer is there")
    func excepted() throws {
        let process = try waiting(in: prefix)
        withExtendedLifetime(process) {
            #expect(PrefixUsers(below: projects, except: "/bin/sh").users(of: prefix) == [])
        }
    }

    @Test("a shell that waits at a prompt of before has what was current then, and nothing else")
    func waitingShell() throws {
        let shell = try Terminal(
            ["/bin/bash", "--norc", "--noprofile"], environment: ["PS1": "ready> ", "TERM": "dumb"],
            workingDirectory: root)
        try shell.expect("ready> ")
        let users = PrefixUsers(below: projects)
        func isInUse(_ generation: Generation, by shellRoot: Path? = nil) -> Bool {
            users.users(of: generation, root: shellRoot ?? root).contains {
                $0.way == .prompt && $0.process == shell.processIdentifier
            }
        }
        // Retired after the shell has last read something: it cannot have switched.
        #expect(isInUse(generation(made: -3600, retired: 60)))
        #expect(isInUse(generation(retired: 60)))
        #expect(isInUse(generation(retired: nil)))
        // Retired before the shell was there, or made after its prompt: never its own.
        #expect(!isInUse(generation(made: -7200, retired: -3600)))
        #expect(!isInUse(generation(made: 600, retired: 1200)))
        // It stands elsewhere.
        #expect(!isInUse(generation(retired: 60), by: directory.path / "q"))
    }

    @Test("prefixes are found among other bytes, each once")
    func needles() {
        let needle = Array("/s/projects/".utf8)
        let text =
            "X=/s/projects/a-1/generations/3/bin:/s/projects/a-1/generations/3\0/s/projects/b-2/aside-4/lib\n"
            + "/s/projects/c-3/generations\0/s/projects/\0/s/projects/d-4/generations/5 (deleted)\0/other/s/projects"
        let found = PrefixUsers.prefixes(in: Array(text.utf8), needle).map(\.description).sorted()
        #expect(found == ["a-1/generations/3", "b-2/aside-4", "d-4/generations/5"])
    }
}
