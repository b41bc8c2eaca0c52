import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("envd lock, from a stale lock file to the environment")
struct LockTests {
    private let python = ["--python", "/usr/bin/python3"]

    @Test("a stale uv.lock is told, written by `envd lock`, and the environment follows")
    func stale() throws {
        let home = try Home()
        let root = try home.project(files: ["pyproject.toml": manifest("\"six<1.16\", \"attrs\"")])
        let uv = try Programs.uv()
        try home.run(uv, ["lock"] + python, in: root).expect(0)
        try home.envd("allow", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 1)
        try home.write(root / "pyproject.toml", manifest("\"six\", \"idna\""))
        #expect(try home.settledGeneration(root) == 2)
        let told = try home.envd("status", in: root).expect(0).output
        #expect(told.contains("`uv.lock` is stale") && told.contains("`envd lock` brings it up to date"))
        let refused = try home.envd("update", "six", in: root).expect(1)
        #expect(refused.errors.contains("`envd lock --upgrade-package six`"))

        let said = try home.envd("lock", in: root).expect(0).output
        #expect(said.contains("uv.lock: - attrs, + idna 3."))
        #expect(said.contains("the environment follows"))
        try home.run(uv, ["lock", "--check"] + python, in: root).expect(0)
        #expect(try home.settledGeneration(root) == 3)
        #expect(!(try home.envd("status", in: root).expect(0).output.contains("stale")))
        #expect(try home.version("six", in: root) == "1.15.0")

        let before = try FileSystem.status(root / "uv.lock")
        #expect(try home.envd("lock", in: root).expect(0).output == "uv.lock: up to date, not touched\n")
        #expect(try FileSystem.status(root / "uv.lock") == before)
        #expect(try home.settledGeneration(root) == 3)

        // From elsewhere, and one package alone.
        let one = try home.envd("lock", "-C", root.description, "-P", "six", in: home.outside).expect(0)
        #expect(one.output.hasPrefix("uv.lock: six 1.15.0 -> 1."))
        #expect(try home.settledGeneration(root) == 4)
        #expect(try home.version("six", in: root) != "1.15.0")

        let locked = try FileSystem.read(root / "uv.lock")
        try home.write(root / "pyproject.toml", manifest("\"six>99\""))
        let failed = try home.envd("lock", in: root).expect(1)
        #expect(failed.errors.contains("could not lock `pyproject.toml`: ") && failed.errors.contains("six"))
        #expect(try FileSystem.read(root / "uv.lock") == locked)
        // The lock file of before goes with the manifest of before, whose environment is there: nothing is stale.
        try home.write(root / "pyproject.toml", manifest("\"six\", \"idna\""))
        #expect(try home.settledGeneration(root) == 4)
        #expect(!(try home.envd("status", in: root).expect(0).output.contains("stale")))
    }

    @Test("a project that is not allowed, or denied, is refused and nothing of it runs")
    func notAllowed() throws {
        let home = try Home()
        let root = try home.project(files: [
            "pyproject.toml": """
            [project]
            name = "p"
            version = "1"
            dynamic = ["dependencies"]
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            """, "backend.py": "open('ran', 'w')\n",
        ])
        let unknown = try home.envd("lock", in: root).expect(1)
        #expect(unknown.errors.contains("is in no project that you allowed"))
        #expect(unknown.errors.contains("hint: envd allow"))
        try home.envd("deny", in: root).expect(0)
        #expect(try home.envd("lock", in: root).expect(1).errors.contains("is denied"))
        #expect(try FileSystem.list(root) == ["backend.py", "pyproject.toml"])
    }
}
