import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

extension Workshop {
    /// Writes uv.lock as its user would.
    func lock() async throws {
        let context = try context()
        let result = await PlainCommandRunner().run(
            Command(
                executable: engine.executable,
                arguments: ["lock", "--project", root.bytes, "--python", interpreter.path.bytes],
                environment: UvEngine.environment(context).values, workingDirectory: context.temporary, writable: nil),
            onLine: { _ in })
        try #require(result.succeeded, "\(String(decoding: result.standardError, as: UTF8.self))")
    }

    func writeProject(_ dependencies: String) throws {
        try write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "0.1"
            requires-python = ">=3.9"
            dependencies = [\(dependencies)]
            [dependency-groups]
            dev = ["iniconfig"]
            """)
    }
}

@Suite("uv.lock")
struct UvLockTests {
    @Test("a fresh lock file is obeyed to the letter, for the layer's groups alone and this machine")
    func fresh() async throws {
        let workshop = try await Workshop()
        try workshop.writeProject("\"six==1.15.0\", \"colorama; sys_platform == 'win32'\"")
        try await workshop.lock()
        // As if the lock had been made when there was no newer one.
        try workshop.writeProject("\"six\", \"colorama; sys_platform == 'win32'\"")
        let locked = String(decoding: try FileSystem.read(workshop.root / "uv.lock"), as: UTF8.self)
            .replacing("specifier = \"==1.15.0\"", with: "").replacing("name = \"six\",  }", with: "name = \"six\" }")
        try workshop.write("uv.lock", locked)
        var layer = PythonLayer.pyproject(["six"])
        layer.lock = LockFile(path: "uv.lock", content: Fingerprint(of: [UInt8]()))
        let context = try workshop.withoutNetwork(cache: workshop.directory.path / "empty-cache")
        let resolution = try await workshop.resolve(layer, context)
        #expect(resolution.packages == ["six": "1.15.0"])
        layer.groups = ["dev"]
        #expect(try await workshop.resolve(layer, context).packages.keys.sorted() == ["iniconfig", "six"])
        #expect(!workshop.said.contains { $0.contains("stale") })
        #expect(String(decoding: try FileSystem.read(workshop.root / "uv.lock"), as: UTF8.self) == locked)
    }

    @Test("a stale lock file is told, not written, and its pins stay")
    func stale() async throws {
        let workshop = try await Workshop()
        try workshop.writeProject("\"six<1.16\"")
        try await workshop.lock()
        let before = try FileSystem.read(workshop.root / "uv.lock")
        try workshop.writeProject("\"six\", \"idna\"")
        var layer = PythonLayer.pyproject(["idna", "six"], groups: ["dev"])
        layer.lock = LockFile(path: "uv.lock", content: Fingerprint(of: before))
        let resolution = try await workshop.resolve(layer)
        #expect(resolution.packages["six"] == "1.15.0")
        #expect(resolution.packages.keys.sorted() == ["idna", "iniconfig", "six"])
        #expect(workshop.said.contains("uv.lock is stale: resolved anew without writing it"))
        #expect(resolution.staleLock == "uv.lock")
        #expect(try FileSystem.read(workshop.root / "uv.lock") == before)
    }
}
