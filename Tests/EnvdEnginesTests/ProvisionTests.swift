import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Which engine is taken")
struct ProvisionTests {
    /// PATH without any uv: links to what is needed of the machine.
    private func bare(_ workshop: Workshop, uv: String? = nil) throws -> EngineContext {
        let tools = workshop.directory.path / "tools"
        try FileSystem.makeDirectories(tools)
        try FileSystem.replaceLink(tools / "python3", to: workshop.interpreter.path)
        for name in ["sh", "echo", "git"] { try? FileSystem.replaceLink(tools / name, to: Path("/usr/bin/\(name)")) }
        if let uv {
            let file = try workshop.directory.write("tools/uv", "#!/bin/sh\necho 'uv \(uv) (test)'\n")
            try FileSystem.setMode(file, 0o755)
        }
        return try workshop.context(["PATH": tools.bytes])
    }

    @Test("the user's uv goes first, and the reason says so")
    func usersOwn() async throws {
        let workshop = try await Workshop()
        let choice = try await EngineSelector(excluding: []).select(bare(workshop, uv: "99.0.0"))
        #expect(choice.engine.version == "99.0.0")
        #expect(choice.reason == "uv 99.0.0 from PATH (\(workshop.directory.path)/tools/uv)")
        #expect(choice.uv != nil)
    }

    @Test("where there is none, the pinned one is installed once, whole, and then used")
    func installed() async throws {
        let workshop = try await Workshop()
        let context = try bare(workshop, uv: "0.1.0")
        let choice = try await EngineSelector(excluding: []).select(context)
        #expect(choice.engine.version == EngineCatalogue.uv.version)
        #expect(choice.reason.hasSuffix("installed now: uv 0.1.0 on PATH is older than \(EngineCatalogue.oldestUv)"))
        #expect(choice.uv?.executable == context.engines / "uv-\(EngineCatalogue.uv.version)/bin/uv")
        #expect(try FileSystem.list(context.engines) == [ByteString("uv-\(EngineCatalogue.uv.version)")])
        let again = try await EngineSelector(excluding: []).select(context, mayInstall: false)
        #expect(again.reason.hasPrefix("envd's own uv \(EngineCatalogue.uv.version): "))
        let items = await EngineInventory.list(context, excluding: [])
        #expect(items.map(\.name) == ["uv", "uv", "pip"] + EngineCatalogue.tools.map(\.name))
        #expect(items.prefix(3).map(\.source) == [.path, .envd, .path])
        #expect(items.first?.note == "older than \(EngineCatalogue.oldestUv): not used")
    }

    @Test("where uv cannot be had, pip is taken, and the reason says why")
    func lastResort() async throws {
        let workshop = try await Workshop()
        var context = try bare(workshop)
        let nowhere = try workshop.offline().userEnvironment
        context.userEnvironment = nowhere.merging(["PATH": context.userEnvironment["PATH"] ?? ""]) { $1 }
        context.userEnvironment["PIP_CONFIG_FILE"] = "/dev/null"
        let choice = try await EngineSelector(excluding: []).select(context)
        #expect(choice.engine.name == "pip")
        #expect(choice.uv == nil)
        #expect(choice.reason.contains("no uv on PATH; could not install `uv \(EngineCatalogue.uv.version)`"))
        #expect(try FileSystem.list(context.engines).isEmpty)
        let items = await EngineInventory.list(context, excluding: [])
        #expect(items.prefix(2).map(\.source) == [.missing, .path])
    }

    @Test("a uv of a project, a generation or an environment on PATH is never run")
    func strangers() async throws {
        let workshop = try await Workshop()
        let mark = workshop.directory.path / "ran"
        for place in ["project/.venv/bin", "generations/1/env/bin", "other/bin"] {
            let file = try workshop.directory.write("\(place)/uv", "#!/bin/sh\n: > '\(mark)'\necho uv 99.0.0\n")
            try FileSystem.setMode(file, 0o755)
        }
        try workshop.directory.write("other/pyvenv.cfg", "")
        var context = try bare(workshop)
        let path = ["project/.venv/bin", "generations/1/env/bin", "other/bin", "tools"]
            .map { "\(workshop.directory.path)/\($0)" }.joined(separator: ":")
        context.userEnvironment["PATH"] = ByteString(path)
        let choice = try await EngineSelector(excluding: [workshop.root, workshop.directory.path / "generations"])
            .select(context, mayInstall: false)
        #expect(choice.engine.name == "pip")
        #expect(!FileSystem.exists(mark))
    }
}
