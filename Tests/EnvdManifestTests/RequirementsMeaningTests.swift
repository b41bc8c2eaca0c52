import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("What a requirements file means decides, not how it is written")
struct RequirementsMeaningTests {
    private static let base = """
        --index-url https://example.org/simple
        --extra-index-url https://example.org/more
        --pre
        --no-binary six
        -c limits.txt
        -r sub/other.txt
        flask[async,dotenv]>=2,<4; python_version >= "3.9"
        six==1.17.0 --hash=sha256:aa --hash=sha256:bb
        -e ./pkg[dev]
        """

    private static func files(_ text: String, _ changes: [String: String] = [:]) -> [String: String] {
        ["requirements.txt": text, "limits.txt": "a<2\nb<3\n", "sub/other.txt": "c\nd==1\n"].merging(changes) { $1 }
    }

    @Test(
        "the same said otherwise gives the same spec",
        arguments: [
            "# head\n\n" + base + "\n\n# tail",
            base.replacing("\n", with: "\r\n"),
            base.replacing("\n", with: "\u{0C}"),
            "\u{FEFF}" + base,
            base.replacing("flask[async,dotenv]>=2,<4; ", with: "Flask [ dotenv , async ] (<4, >= 2) ;"),
            base.replacing("\"3.9\"", with: "'3.9'"),
            base.replacing("python_version >= \"3.9\"", with: "(python_version>=\"3.9\")"),
            base.replacing(
                "six==1.17.0 --hash=sha256:aa --hash=sha256:bb",
                with: "six == 1.17.0 \\\n  --hash sha256:bb \\\n  --hash sha256:aa # pinned"),
            base.replacing("--index-url ", with: "-i"),
            base.replacing("--index-url ", with: "--pypi-url="),
            base.replacing("--pre\n", with: "").replacing("-c limits", with: "--pre\n-c limits"),
            base.replacing("--no-binary six", with: "--no-bin=SIX"),
            base.replacing("-e ./pkg[dev]", with: "--editable=\"./pkg[dev]\""),
            base.replacing("-r sub/other.txt", with: "--requirement  ./sub/../sub/other.txt"),
            base.replacing("-r sub/other.txt", with: "d==1\nc"),
            base.split(separator: "\n").reversed().joined(separator: "\n")
                .replacing(
                    "--extra-index-url https://example.org/more\n--index-url https://example.org/simple",
                    with: "--index-url https://example.org/simple\n--extra-index-url https://example.org/more"),
        ])
    func same(text: String) throws {
        // What is read but says nothing (which file was included) is no part of the spec.
        #expect(try fingerprint(Self.files(text)) == fingerprint(Self.files(Self.base)))
    }

    @Test("order, comments and blanks of included files count as little")
    func included() throws {
        let changed = Self.files(Self.base, ["limits.txt": "# c\nB < 3\n\n\nA<2", "sub/other.txt": "d == 1\nC # c"])
        #expect(try fingerprint(changed) == fingerprint(Self.files(Self.base)))
    }

    @Test(
        "another meaning gives another spec",
        arguments: [
            base.replacing("sha256:bb", with: "sha256:cc"), base.replacing(" --hash=sha256:bb", with: ""),
            base.replacing("\"3.9\"", with: "\"3.10\""), base.replacing("async,", with: ""),
            base.replacing("<4", with: "<5"), base.replacing("--pre\n", with: ""),
            base.replacing("--no-binary six", with: "--only-binary six"),
            base.replacing("/simple", with: "/other"), base.replacing("-e ./pkg", with: "./pkg"),
            base.replacing("-c limits.txt\n", with: ""), base.replacing("[dev]", with: ""),
            base.replacing("--index-url https://example.org/simple\n", with: "")
                + "\n--index-url https://example.org/simple",
            base + "\n--no-index", base.replacing("six==1.17.0 ", with: "six==1.17.0 --config-settings=a=b "),
            base.replacing("-r sub/other.txt", with: "-c sub/other.txt"),
        ])
    func other(text: String) throws {
        #expect(try fingerprint(Self.files(text)) != fingerprint(Self.files(Self.base)))
    }

    @Test("the order of indexes, of links and of choices of formats counts, that of flags does not")
    func order() throws {
        func print(_ lines: String...) throws -> Fingerprint {
            try fingerprint(["requirements.txt": lines.joined(separator: "\n")])
        }
        let (a, b) = ("--extra-index-url https://example.org/a", "--extra-index-url https://example.org/b")
        #expect(try print(a, b) != print(b, a))
        #expect(
            try print("-f https://example.org/a", "-f https://example.org/b")
                != print("-f https://example.org/b", "-f https://example.org/a"))
        #expect(try print("--no-binary six", "--only-binary :all:") != print("--only-binary :all:", "--no-binary six"))
        #expect(try print("--pre", "--prefer-binary", a) == print(a, "--prefer-binary", "--pre"))
        #expect(try print("--trusted-host a", "--trusted-host b") == print("--trusted-host b", "--trusted-host a"))
        #expect(
            try print("six --config-settings=a=1 --config-settings=b=2") == print("six --config-settings=b=2 -Ca=1"))
        #expect(
            try print("six --config-settings=a=1 --config-settings=a=2") != print("six -C a=2 -C a=1"))
    }

    @Test("what is normal is read as itself", arguments: RequirementsCorpus.files)
    func normalForm(text: String) throws {
        let project = try SampleProject(["requirements.txt": text, "nested.txt": "nested==1", "limits.txt": "limit<2"])
        guard case .success(let spec) = project.reading.spec else { return }
        let layer = spec.python
        let lines = layer.options + layer.requirements
        let again = try SampleProject([
            "requirements.txt": (lines + (layer.constraints.isEmpty ? [] : ["-c c.txt"])).joined(separator: "\n"),
            "c.txt": layer.constraints.joined(separator: "\n"),
        ])
        let second = try again.layer()
        #expect(second.requirements == layer.requirements)
        #expect(second.constraints == layer.constraints)
        #expect(second.options == layer.options)
    }

    @Test("links of a file in another directory are found from the root")
    func nestedLinks() throws {
        let project = try SampleProject([
            "requirements.txt": "-r sub/more.txt\n-f wheels",
            "sub/more.txt": "-f ../wheels\n-f here\n-f nowhere\n-f https://example.org/l",
            "sub/here/x": "", "wheels/x": "",
        ])
        #expect(
            try project.layer().options == [
                "--find-links wheels", "--find-links sub/here", "--find-links nowhere",
                "--find-links https://example.org/l", "--find-links wheels",
            ])
    }
}
