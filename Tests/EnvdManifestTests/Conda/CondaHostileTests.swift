import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Hostile YAML")
struct CondaHostileTests {
    private static func laughs(_ levels: Int, _ width: Int, key: Bool = false) -> String {
        var text = "a0: &a0 [lol]\n"
        for level in 1...levels {
            let aliases = (0..<width).map { _ in "*a\(level - 1)" }.joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        return text + (key ? "? *a\(levels)\n: x\n" : "") + "dependencies: *a\(levels)\n"
    }

    @Test(
        "is refused or read at once",
        arguments: [
            laughs(9, 9), laughs(30, 2), laughs(8, 2, key: true), laughs(30, 2, key: true), laughs(5, 3, key: true),
            "dependencies: " + String(repeating: "[", count: 100_000),
            "dependencies: " + String(repeating: "{a: ", count: 100_000),
            "dependencies:\n" + String(repeating: "- ", count: 100_000) + "a",
            String(repeating: "? ", count: 100_000) + "a",
            (0..<1_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            "dependencies: [" + String(repeating: "a,", count: 510_000) + "a]",
            (0..<510_000).map { "k\($0): 1\n" }.joined(),
            "dependencies: &a\n- b: &b *a\n", "a: &a\n  <<: *a\ndependencies: [x]", "dependencies: [&a a, <<: *a]",
            "dependencies: [\"\\ud800\"]", "dependencies: [\"\\x00\"]", "dependencies: [a\u{7}]",
            "%YAML 9.9\n---\na: b",
            "<<: [a]\ndependencies: [a]", "? [a]\n: b\ndependencies: [a]", "dependencies: [!x a]",
            "dependencies: [\(String(repeating: "a", count: 1_000_000))]",
            "dependencies: ['numpy \(String(repeating: "(", count: 5_000))']",
            "dependencies: ['numpy \(String(repeating: "1|", count: 4_000))1']",
            "channels: [\(String(repeating: "a/", count: 100_000))]\ndependencies: []",
            "dependencies:\n- pip:\n  - \(String(repeating: "(", count: 300_000))",
        ].map { HostileText(text: $0) })
    func hostile(sample: HostileText) throws {
        let project = try SampleProject(["environment.yml": sample.text])
        let start = ContinuousClock.now
        if case .failure(let diagnostic) = project.reading.spec {
            #expect(diagnostic.message.hasPrefix("could not read `environment.yml`: "), "\(diagnostic)")
            #expect(diagnostic.message.utf8.count < 600)
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(project.isProject)
    }

    @Test(
        "too much is named",
        arguments: [
            (laughs(9, 9), "more than 16 aliases (`*name`) are used"),
            ("dependencies: " + String(repeating: "[", count: 100_000), "it is nested more than 64 levels deep"),
            ((0..<510_000).map { "k\($0): 1\n" }.joined(), "it holds more than 500000 values"),
            ("x: &a 1\ny: *a\n# " + String(repeating: "x", count: 70_000), "it uses anchors and is larger than 64 KiB"),
            ("dependencies: [\"\\x00\"]", "`\u{0}`: there is a control character in it"),
            ("dependencies: [!x a]", "the tag `!x` is not supported"),
            ("? [a]\n: b\ndependencies: [a]", "a key has to be a text"),
            ("<<: [a]\ndependencies: [a]", "`<<` takes in tables alone"),
        ].map { HostileText(text: $0.0, cause: $0.1) })
    func named(sample: HostileText) throws {
        let cause = sample.cause
        #expect(try condaDiagnostic(sample.text).message == "could not read `environment.yml`: \(cause)")
    }

    @Test("more than 16 MiB are not read, nor what is not UTF-8")
    func bytes() throws {
        let project = try SampleProject([:])
        try project.write("environment.yml", [UInt8](repeating: 0x23, count: 17 << 20))
        #expect(try project.diagnostic().message == "could not read `environment.yml`: file too large")
        for (bytes, cause) in [([0xFF], "it is not UTF-8"), ([0x00], "there is a NUL byte in it")] {
            try project.write("environment.yml", Array("dependencies:\n- a\n#".utf8) + bytes.map { UInt8($0) })
            let diagnostic = try project.diagnostic()
            #expect(diagnostic.message == "could not read `environment.yml`: \(cause)")
            #expect(diagnostic.location?.line == 3)
        }
    }

    @Test("a build's star is no alias, however many there are")
    func stars() throws {
        let lines = (0..<200).map { "  - lib\($0) * *mkl\n  - lib\($0)x=*=*mkl" }.joined(separator: "\n")
        #expect(try condaLayer("dependencies:\n\(lines)\n").specs.count == 400)
    }
}

/// A text that is too long for the name of a test.
struct HostileText: Sendable, CustomTestStringConvertible {
    var text: String
    var cause = ""
    var testDescription: String { "\(text.prefix(40).debugDescription)… (\(text.utf8.count))" }
}
