import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A tool written in Python")
struct PythonToolTests {
    /// A small one, quick to install.
    private static let small = EngineCatalogue.PythonTool(
        name: "pyflakes", version: "3.4.0", oldest: "3.0.0", requiresPython: [">=3.9"],
        requirements: """
            pyflakes==3.4.0 \\
                --hash=sha256:f742a7dbd0d9cb9ea41e9a24a918996e8170c799fa528688d40dd582c8265f4f

            """)

    /// PATH with uv, python3 and what a test adds.
    private func context(_ workshop: Workshop, tool: String? = nil, index: Bool = true) throws -> EngineContext {
        let tools = workshop.directory.path / "tools"
        try FileSystem.makeDirectories(tools)
        try FileSystem.replaceLink(tools / "python3", to: workshop.interpreter.path)
        try FileSystem.replaceLink(tools / "uv", to: workshop.engine.executable)
        for name in ["sh", "echo"] { try? FileSystem.replaceLink(tools / name, to: Path("/usr/bin/\(name)")) }
        if let tool {
            let file = try workshop.directory.write("tools/pyflakes", "#!/bin/sh\necho 'Pyflakes (version \(tool))'\n")
            try FileSystem.setMode(file, 0o755)
        }
        var context = index ? try workshop.context() : try workshop.offline(cache: workshop.directory.path / "empty")
        context.userEnvironment["PATH"] = tools.bytes
        return context
    }

    @Test("the user's own copy goes first when it is new enough")
    func usersOwn() async throws {
        let workshop = try await Workshop()
        let choice = try await PythonToolSelector(excluding: []).select(
            Self.small, context(workshop, tool: "99.1"), mayInstall: false)
        #expect(choice.reason == "pyflakes 99.1 from PATH (\(workshop.directory.path)/tools/pyflakes)")
        #expect(choice.tool.leading.isEmpty)
    }

    @Test("else the pinned one is installed once, whole, with a line that says so, and runs from its place")
    func installed() async throws {
        let workshop = try await Workshop()
        let context = try context(workshop, tool: "2.9")
        let choice = try await PythonToolSelector(excluding: []).select(Self.small, context)
        #expect(choice.reason.hasSuffix("installed now: pyflakes 2.9 on PATH is older than 3.0.0"))
        #expect(workshop.said.contains("installing pyflakes 3.4.0 for envd itself"))
        #expect(try FileSystem.list(context.engines) == ["pyflakes-3.4.0"])
        #expect(choice.tool.executable == context.engines / "pyflakes-3.4.0/bin/python")
        #expect(choice.tool.leading == ["-I", "-m", "pyflakes"])
        let again = try await PythonToolSelector(excluding: []).select(Self.small, context, mayInstall: false)
        #expect(again.reason.hasPrefix("envd's own pyflakes 3.4.0: "))
    }

    @Test("one that cannot be had leaves nothing behind, and says what to do")
    func unreachable() async throws {
        let workshop = try await Workshop()
        let context = try context(workshop, index: false)
        let failure = try await workshop.failure {
            _ = try await PythonToolSelector(excluding: []).select(Self.small, context)
        }
        #expect(failure.message.hasPrefix("could not install `pyflakes 3.4.0`: "))
        #expect(failure.hint?.hasPrefix("install pyflakes yourself, 3.0.0 or newer") == true)
        #expect(failure.location == nil)
        #expect(try FileSystem.list(context.engines).isEmpty)
    }

    @Test("a file that is not the pinned one is refused")
    func otherHash() async throws {
        let workshop = try await Workshop()
        let context = try context(workshop)
        var tool = Self.small
        tool.requirements = tool.requirements.replacing("sha256:f", with: "sha256:0")
        let failure = try await workshop.failure {
            _ = try await PythonToolSelector(excluding: []).select(tool, context)
        }
        #expect(failure.message.contains("hash"))
        #expect(try FileSystem.list(context.engines).isEmpty)
    }

    @Test("a copy of a project, a generation or an environment on PATH is never run")
    func strangers() async throws {
        let workshop = try await Workshop()
        let mark = workshop.directory.path / "ran"
        for place in ["project/bin", "other/bin"] {
            let file = try workshop.directory.write(
                "\(place)/pyflakes", "#!/bin/sh\n: > '\(mark)'\necho pyflakes 99.0.0\n")
            try FileSystem.setMode(file, 0o755)
        }
        try workshop.directory.write("other/pyvenv.cfg", "")
        var context = try context(workshop)
        let path = ["project/bin", "other/bin", "tools"].map { "\(workshop.directory.path)/\($0)" }
        context.userEnvironment["PATH"] = ByteString(path.joined(separator: ":"))
        let failure = try await workshop.failure {
            _ = try await PythonToolSelector(excluding: [workshop.root]).select(Self.small, context, mayInstall: false)
        }
        #expect(failure.message == "could not find `pyflakes`: no pyflakes on PATH")
        #expect(!FileSystem.exists(mark))
    }
}
