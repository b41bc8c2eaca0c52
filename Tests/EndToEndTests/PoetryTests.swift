import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A Poetry project, from the file to the environment")
struct PoetryTests {
    /// The index that pip or uv are told to use, as a source that Poetry reads page by page: not every index has
    /// the JSON of PyPI.
    private static var source: String {
        let names = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"]
        let told = names.lazy.compactMap { ProcessEnvironment.path($0)?.description }.first
        return """
            [[tool.poetry.source]]
            name = "simple"
            url = "\(told ?? "https://pypi.org/simple/")"
            """
    }

    private func manifest(_ dependencies: String, extra: String = "") -> String {
        """
        [tool.poetry]
        name = "demo"
        version = "0.1"
        description = "prose"
        authors = []
        [tool.poetry.dependencies]
        python = "^3.9"
        \(dependencies)
        \(Self.source)
        [build-system]
        requires = ["poetry-core"]
        build-backend = "poetry.core.masonry.api"
        \(extra)
        """
    }

    @Test("envd installs its own Poetry on first need, says so, and rebuilds for what Poetry would read alone")
    func whole() throws {
        let home = try Home()
        let root = try home.project(files: [
            "pyproject.toml": manifest("six = \"<1.16\""), "demo/__init__.py": "answer = 1\n",
        ])
        #expect(try home.envd("engines").expect(0).output.contains("poetry  missing"))
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        let status = try home.status(root)
        #expect(status.current?.number == 1, "\(home.envd("log", in: root).output)")
        #expect(try home.version("six", in: root) == "1.15.0")
        let log = try home.envd("log", in: root).expect(0).output
        #expect(log.contains("installing poetry ") && log.contains("there is no poetry.lock"))
        let listed = try home.envd("engines").expect(0).output
        #expect(
            listed.split(separator: "\n").contains { $0.hasPrefix("poetry ") && $0.contains("\(home.data)/engines/") })
        try home.envd("engines", "install", "poetry").expect(0)
        #expect(try home.envd("engines", "install", "poetri").expect(1).errors.contains("it installs: uv, poetry"))
        let answer = ["exec", root.description, "--", "python", "-c", "import demo; print(demo.answer)"]
        #expect(try home.run(Programs.envd, answer).expect(0).output == "1\n")
        #expect(try FileSystem.list(root).sorted() == ["demo", "pyproject.toml"].map { ByteString($0) })

        try home.write(root / "pyproject.toml", manifest("six = '<1.16' # c", extra: "[tool.ruff]\nline-length = 9"))
        #expect(try home.settledGeneration(root) == 1)
        // What was locked stays where it fits, also where there is no lock file.
        try home.write(root / "pyproject.toml", manifest("six = \"*\"\nidna = \"*\""))
        try home.waitForCurrent(2, of: root, within: 240)
        #expect(try home.version("idna", in: root) != nil)
        #expect(try home.version("six", in: root) == "1.15.0")
        try home.write(root / "pyproject.toml", manifest("six = \"^99\""))
        try home.envd("wait", in: root).expect(1)
        let failure = try #require(try home.status(root).failure)
        #expect(failure.message.contains("six (^99)"))
        #expect(failure.location?.line == 8)
    }
}
