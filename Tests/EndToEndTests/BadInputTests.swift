import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Bad input keeps the old environment and says what and where")
struct BadInputTests {
    /// One way to spoil a project that was fine, and what its user has to be told.
    struct Spoiling: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var file = "pyproject.toml"
        var text: String
        /// nil: the whole file is meant, or a line that the engine does not tell.
        var line: Int?
        /// Words that the message, the hint or the log must have.
        var words: [String] = []
    }

    static let spoilings = [
        Spoiling(
            testDescription: "malformed TOML", text: "[project]\nname = \"demo\"\nversion = 1 2\n", line: 3),
        Spoiling(
            testDescription: "a file that is written to its half",
            text: "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\n    \"idna\",\n    \"si"),
        Spoiling(
            testDescription: "a requirement that is none",
            text: "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\n    \"idna\",\n    \"six=!1\",\n]\n",
            line: 6, words: ["=!1"]),
        Spoiling(
            testDescription: "a package that nobody publishes",
            text: """
                [project]
                name = "demo"
                version = "1"
                dependencies = [
                    "idna",
                    "envd-no-such-package-a8f31c",
                ]

                """, line: 6, words: ["envd-no-such-package-a8f31c"]),
        Spoiling(
            testDescription: "a Python that the machine has not",
            text: "[project]\nname = \"demo\"\nversion = \"1\"\nrequires-python = \">=3.99\"\n", line: 4,
            words: ["3.99"]),
    ]

    @Test("the environment stays, status names file, line and a hint, the log the cause", arguments: spoilings)
    func spoiled(_ spoiling: Spoiling) throws {
        let home = try Home()
        let root = try home.ready(files: ["pyproject.toml": manifest("\"idna\"")])
        let session = try HookedShell(.bash, in: home, directory: root)
        let daemon = try #require(home.daemonProcess)
        try home.write(root / spoiling.file, spoiling.text)
        try home.waitForNotice("is not up to date", about: root)
        #expect(try session.run("true").contains("is not up to date"))
        #expect(try !session.run("true").contains("is not up to date"))
        try expectTrouble(home, root, file: root / spoiling.file, line: spoiling.line, words: spoiling.words)
        #expect(try session.imports("idna") == "yes")
        #expect(home.daemonProcess == daemon)

        try home.write(root / spoiling.file, manifest("\"idna\", \"six\""))
        try home.waitForCurrent(2, of: root)
        try session.promptUntil(2)
        #expect(try session.imports("six") == "yes")
        #expect(try home.status(root).failure == nil)
    }

    @Test("a manifest that its user cannot read is told", .enabled(if: getuid() != 0, "root reads everything"))
    func unreadable() throws {
        let home = try Home()
        let root = try home.ready(files: ["pyproject.toml": manifest("\"idna\"")])
        try FileSystem.setMode(root / "pyproject.toml", 0o000)
        try home.waitForNotice("is not up to date", about: root)
        try expectTrouble(home, root, file: root / "pyproject.toml", line: nil, words: ["permission denied"])
        try FileSystem.setMode(root / "pyproject.toml", 0o644)
        try home.envd("wait", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 1)
    }

    @Test("without a network the environment stays, and what is wrong is told")
    func noNetwork() throws {
        let home = try Home(["UV_HTTP_RETRIES": "0"])
        let root = try home.ready(files: ["pyproject.toml": manifest("\"idna\"")])
        // The shell hands over where its index is: nowhere.
        let session = try HookedShell(
            .bash, in: home, directory: root, with: ["UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple"])
        try home.write(root / "pyproject.toml", manifest("\"idna\",\n    \"pluggy\""))
        try home.waitForNotice("is not up to date", about: root)
        try expectTrouble(home, root, file: nil, line: nil, words: ["127.0.0.1"])
        #expect(try session.imports("idna") == "yes")
        try session.run("unset UV_DEFAULT_INDEX")
        #expect(try session.output("envd build").contains("building"))
        let waited = home.envd("wait", in: root)
        #expect(waited.status == 0, "\(waited.errors)\(home.envd("log", in: root).output)")
        try session.promptUntil(try #require(try home.status(root).current?.number))
        #expect(try session.imports("pluggy") == "yes")
    }

    private func expectTrouble(_ home: Home, _ root: Path, file: Path?, line: Int?, words: [String]) throws {
        let waited = home.envd("wait", in: root)
        #expect(waited.status == 1, "\(waited.errors)")
        let text = try home.envd("status", in: root).expect(0).output
        #expect(text.contains("failed (the old environment is active)"), "\(text)")
        #expect(text.contains("\n  hint  "), "\(text)")
        if let file { #expect(text.contains("\n  at           \(file)\(line.map { ":\($0)" } ?? "")"), "\(text)") }
        let status = try home.status(root)
        #expect(status.state == "failed")
        #expect(status.current?.number == 1)
        let failure = try #require(status.failure)
        if let file { #expect(failure.location?.file == file.description) }
        if let line { #expect(failure.location?.line == line) }
        let log = try home.envd("log", in: root).expect(0).output
        #expect(log.contains(failure.message), "\(log)")
        for word in words { #expect((text + log).contains(word), "\(text)\(log)") }
    }
}
