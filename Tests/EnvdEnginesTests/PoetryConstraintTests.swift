import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdPackaging
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Poetry's version constraints")
struct PoetryConstraintTests {
    static let constraints = [
        "*", "x", "X", "*.*", "1", "1.2", "1.2.3", "=1.2", "==1.2.3", "v1.2", "= 1.2", "== 1.2.0", "dev",
        "^1", "^1.2", "^1.2.3", "^0", "^0.2", "^0.2.3", "^0.0", "^0.0.3", "^0.0.0", "^ 1.2", "^1.2.3.4", "^2.0.0b1",
        "^1!1.2", "^0.1.dev0", "^1.0.post1",
        "~1", "~1.2", "~1.2.3", "~0", "~0.3", "~0.0.4", "~ 1.2", "~1.2.3.4", "~2.0rc1",
        "~=1.4", "~=1.4.5", "~=2", "~= 2.2", "~=1.4.5a4", "~=2.2.post3",
        "1.*", "1.2.*", "==1.*", "!=1.2.*", "1.2.3.*", "1.*.*", "== 2.*", "v2.*",
        ">1", ">=1.2", "<2", "<=2.0", "> 1.2", ">= 1.2", "< 2", "!=1.5", "!= 1.5.0", ">=1.2.*",
        ">=1,<2", ">=1.2, <2.0", ">= 1.2 , < 2", ">=1 <2", "> 1 < 3", ">=1,<2,!=1.5", ">=1.2,!=1.3.*,<2", ">=1,<3,",
        "^1 || ^3", "^1|^3", "^1.2 || ~2.1 || 3.*", "<1||>=2", ">=1,<2 || >=3,<4", "1.0 || 2.0", ">=2.7,<3 || >=3.6",
        "!=1.0,!=2.0", "^3.8, !=3.9.7", ">=1.0a1,<1.0", "<2.0b2", ">1.0.post1", "<=1.0rc1", "2.0.dev3", ">=1.0.0.0.1",
    ]

    static let versions: [String] = {
        var result: [String] = []
        for major in 0...4 {
            for minor in ["", ".0", ".1", ".2", ".3", ".4", ".5", ".6", ".9", ".10"] {
                result.append("\(major)\(minor)")
                if !minor.isEmpty { result += ["0", "1", "3", "4", "5", "7"].map { "\(major)\(minor).\($0)" } }
            }
            result += ["a1", "b1", "b2", "rc1", ".dev0", ".dev3", ".post1", ".post2"].map { "\(major).0\($0)" }
        }
        return result + ["1.2.3.3", "1.2.3.4", "1.2.3.5", "1.4.5a4", "1.4.5a5", "2.2.post3", "1.5.post1"]
    }()

    @Test("allow the versions that poetry-core allows")
    func agreement() async throws {
        #expect(Self.constraints.count >= 60)
        let found = try await RealPoetry.pinned.value
        let program = """
            import sys
            from poetry.core.constraints.version import parse_constraint, Version
            cut = sys.argv.index("--")
            versions = [Version.parse(text) for text in sys.argv[cut + 1:]]
            for text in sys.argv[1:cut]:
                constraint = parse_constraint(text)
                print("".join("+" if constraint.allows(version) else "-" for version in versions))
            """
        let words = ["-I", "-c", program] + Self.constraints + ["--"] + Self.versions
        let result = await PlainCommandRunner().run(
            Command(
                executable: found.executable, arguments: words.map { ByteString($0) },
                environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", writable: nil), onLine: { _ in })
        let rows = String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n")
        try #require(rows.count == Self.constraints.count, "\(String(decoding: result.standardError, as: UTF8.self))")
        // Epochs are written, not compared, here.
        for (text, row) in zip(Self.constraints, rows) where !text.contains("!1.2") || text.hasPrefix("!") {
            let constraint = try PoetryConstraint(text)
            let allowed = try constraint.alternatives.map { try #require(VersionSpecifiers($0), "\(text)") }
            for (written, verdict) in zip(Self.versions, row) {
                // poetry-core makes two ranges of `!=1`, and the upper one leaves out the post-releases of 1.
                if text.contains("!="), written.contains("post") { continue }
                let version = try #require(PythonVersion(written))
                #expect(
                    allowed.contains { $0.contain(version) } == (verdict == "+"),
                    "`\(text)` as `\(constraint.text)` and \(written)")
            }
        }
    }

    @Test(
        "are written as PEP 440",
        arguments: [
            ("^1.2", "<2.0,>=1.2"), ("^0.0.3", "<0.0.4,>=0.0.3"), ("^1!1.2", "<1!2.0,>=1!1.2"),
            ("~1.2.3", "<1.3.0,>=1.2.3"),
            ("1.2.*", "==1.2.*"), ("*", ""), ("^1 || *", ""), ("^1 || ^3", "<2,>=1||<4,>=3"), ("1.0", "==1.0"),
        ])
    func written(text: String, expected: String) throws { #expect(try PoetryConstraint(text).text == expected) }

    @Test("that poetry-core refuses are refused", arguments: ["abc", "^", "1.x", ">=", "1.2.foo", "^1.*", ">>1", ""])
    func refused(text: String) { #expect(throws: PoetryConstraint.Refusal.self) { try PoetryConstraint(text) } }
}
