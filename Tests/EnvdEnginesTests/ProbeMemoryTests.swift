import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Synchronization
import Testing

@Suite("What programs said of themselves")
struct ProbeMemoryTests {
    /// Runs commands and counts them by the program's name.
    private final class CountingRunner: CommandRunner {
        let counts = Mutex<[String: Int]>([:])

        func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
            counts.withLock { $0[command.executable.name.description, default: 0] += 1 }
            return await PlainCommandRunner().run(command, onLine: onLine)
        }

        func count(_ name: String) -> Int { counts.withLock { $0[name] ?? 0 } }
    }

    @Test("is asked once, and again when the file or what is beside it is another one")
    func interpreter() async throws {
        let workshop = try await Workshop()
        let runner = CountingRunner()
        var context = try workshop.context()
        context.runner = runner
        let places = workshop.directory.path / "places"
        try FileSystem.makeDirectories(places)
        try FileSystem.replaceLink(places / "uv", to: workshop.engine.executable)
        context.userEnvironment["PATH"] = places.bytes + ":/usr/bin:/bin"
        func look() async throws -> Interpreter {
            let uv = try #require(await UvDiscovery(context: context, excluding: []).onPath())
            return try await InterpreterFinder(
                uv: UvEngine(executable: uv.path, version: uv.version), excluding: []
            ).find(requiresPython: [">=3.9"], context: context)
        }
        let first = try await look()
        let (uv, python) = (runner.count("uv"), runner.counts.withLock { $0.values.reduce(0, +) } - runner.count("uv"))
        #expect(uv == 2 && python >= 1)
        #expect(try await look() == first)
        #expect(runner.count("uv") == uv)
        #expect(runner.counts.withLock { $0.values.reduce(0, +) } == uv + python)
        // A program that comes into a directory of PATH may be the one that is wanted now.
        try FileSystem.replaceLink(places / "python3", to: "/usr/bin/env")
        _ = try await look()
        #expect(runner.count("uv") == uv + 1)
        // Another build of uv says its own version.
        let copy = workshop.directory.path / "copy"
        try FileSystem.replace(copy, with: FileSystem.read(workshop.engine.executable, limit: 256 << 20), mode: 0o755)
        try FileSystem.replaceLink(places / "uv", to: copy)
        _ = try await look()
        #expect(runner.count("uv") == uv + 3)
    }

    @Test("a script is asked each time, for it may answer anything")
    func script() async throws {
        let workshop = try await Workshop()
        let runner = CountingRunner()
        var context = try workshop.context()
        context.runner = runner
        let places = workshop.directory.path / "places"
        try FileSystem.makeDirectories(places)
        try FileSystem.replace(places / "uv", with: Array("#!/bin/sh\necho uv 0.99.1\n".utf8), mode: 0o755)
        context.userEnvironment["PATH"] = places.bytes + ":/usr/bin:/bin"
        for turn in 1...2 {
            #expect(await UvDiscovery(context: context, excluding: []).onPath()?.version == "0.99.1")
            #expect(runner.count("uv") == turn)
        }
    }
}
