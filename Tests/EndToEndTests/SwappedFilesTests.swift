import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Files that change while they are built from", .timeLimit(.minutes(20)))
struct SwappedFilesTests {
    /// A uv that, asked for something, waits until a file says something.
    ///
    /// - Parameter command: a shell's pattern for its first two words.
    private func arm(_ home: Home, _ command: String = "'pip compile'", until file: Path, says word: String) throws {
        let wrapper = """
            #!/bin/sh
            case "$1 $2" in \(command)) until grep -q '\(word)' '\(file)'; do sleep 0.01; done ;; esac
            exec '\(try Programs.uv())' "$@"

            """
        try FileSystem.remove(home.path / "tools/uv")
        try FileSystem.replace(home.path / "tools/uv", with: Array(wrapper.utf8), mode: 0o755)
    }

    private static func manifest(_ dependency: String, _ more: String = "") -> String {
        "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\"\(dependency)\"]\n" + more
    }

    @Test("an engine is shown what was read: code and indexes that come meanwhile are asked for, and not used before")
    func manifest() throws {
        let home = try Home()
        let port = try SilentPort()
        let canary = home.path / "canary"
        let root = try home.ready(files: [
            "pyproject.toml": Self.manifest("six"), "ev/setup.py": "open('\(canary)', 'w')\n",
        ])
        let evil = Self.manifest(
            "six",
            """
            [[tool.uv.index]]
            url = "http://127.0.0.1:\(port.number)/simple"
            [tool.uv.sources]
            six = { path = "ev" }

            """)
        try arm(home, until: root / "pyproject.toml", says: "tool.uv.sources")
        try home.write(root / "pyproject.toml", Self.manifest("idna"))
        try FileEvents.wait(in: home.path / "state/envd/logs", for: "a build that resolves") {
            let log = home.envd("log", in: root).output
            return log.contains("pyproject.toml changed") && log.contains("uv pip compile")
        }
        try home.write(root / "pyproject.toml", evil)
        try home.envd("wait", in: root).expect(1)
        #expect(try home.status(root).state == "waiting for your word")
        #expect(!FileSystem.exists(canary))
        #expect(!port.wasCalled)
        try home.write(root / "pyproject.toml", Self.manifest("six"))
        try home.envd("wait", in: root).expect(0)
        #expect(try FileSystem.list(home.data / "tmp") == [])
    }

    @Test("`envd lock`, too, shows its tool what was read, and writes what that made of it")
    func lock() throws {
        let home = try Home()
        let port = try SilentPort()
        let canary = home.path / "canary"
        let root = try home.ready(files: [
            "pyproject.toml": Self.manifest("six"), "ev/setup.py": "open('\(canary)', 'w')\n",
        ])
        let more = "[[tool.uv.index]]\nurl = \"http://127.0.0.1:\(port.number)/simple\"\n"
        let evil = Self.manifest("six", more + "[tool.uv.sources]\nsix = { path = \"ev\" }\n")
        try arm(home, "lock*", until: root / "pyproject.toml", says: "tool.uv.sources")
        let terminal = try Terminal(
            [Programs.envd.description, "lock"], environment: home.variables, workingDirectory: root)
        try FileEvents.wait(in: home.path / "state/envd/logs", for: "a lock under way") {
            home.envd("log", in: root).output.contains("uv lock")
        }
        try home.write(root / "pyproject.toml", evil)
        #expect(try terminal.waitForExit(within: 240) == 0)
        let lock = String(decoding: try FileSystem.read(root / "uv.lock"), as: UTF8.self)
        #expect(lock.contains("name = \"six\"") && !lock.contains("\"ev\"") && !lock.contains("tmp/"), "\(lock)")
        #expect(!FileSystem.exists(canary))
        #expect(!port.wasCalled)
        home.envd("wait", in: root)
        #expect(try FileSystem.list(home.data / "tmp") == [])
    }

    @Test("settings of uv above a project are not obeyed, and its status says so")
    func above() throws {
        let home = try Home()
        let port = try SilentPort()
        try home.write(home.path / "uv.toml", "index-url = \"http://127.0.0.1:\(port.number)/simple\"\n")
        let root = try home.ready(files: ["pyproject.toml": Self.manifest("idna")])
        #expect(!port.wasCalled)
        let status = try home.envd("status", in: root).expect(0)
        #expect(status.output.contains("uv.toml`, which lies above the project, is not obeyed"), "\(status.output)")
    }
}
