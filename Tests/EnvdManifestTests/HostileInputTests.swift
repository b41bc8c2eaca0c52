import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Hostile input")
struct HostileInputTests {
    @Test("a FIFO in place of a manifest holds nobody up", arguments: ["pyproject.toml", "requirements.txt"])
    func fifo(name: String) throws {
        let project = try SampleProject()
        try FileSystem.makeFifo(project.root / name)
        #expect(try project.diagnostic().message == "could not read `\(name)`: invalid argument")
        #expect(!project.isProject)
        #expect(project.inputs.contains(name))
    }

    @Test("a FIFO or device that is included or stands beside the manifest holds nobody up")
    func fifoBeside() throws {
        let project = try SampleProject(["requirements.txt": "a\n-r pipe\n-r /dev/zero\n"])
        for name in ["pipe", "uv.lock", ".python-version", "uv.toml"] { try FileSystem.makeFifo(project.root / name) }
        #expect(try project.diagnostic().message == "could not read `pipe`: invalid argument")
        try project.write("pyproject.toml", "[project]\nname = 'p'")
        #expect(try project.layer().lock == nil)
    }

    @Test("a directory in place of a manifest is named", arguments: ["pyproject.toml", "requirements.txt"])
    func directory(name: String) throws {
        let project = try SampleProject()
        try FileSystem.makeDirectories(project.root / name)
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message == "could not read `\(name)`: is a directory")
        #expect(diagnostic.location?.file == project.root / name)
        #expect(!project.isProject)
    }

    @Test(
        "values nested 100,000 deep are refused before they are parsed",
        arguments: [
            "x = " + String(repeating: "[", count: 100_000),
            "x = " + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
            "x = " + String(repeating: "{a=", count: 100_000),
            String(repeating: "a.", count: 100_000) + "b = 1",
            "[" + String(repeating: "a.", count: 100_000) + "b]",
            "[[" + String(repeating: "'a' . ", count: 100_000) + "b]]",
            "x = {" + String(repeating: "a.", count: 100_000) + "b = 1}",
            "x = " + String(repeating: "{a.a.a.a.a.a.a.a.a.a = ", count: 10_000),
            "x = " + String(repeating: "[\n# c\n{a = ", count: 50_000),
        ])
    func deep(text: String) throws {
        let project = try SampleProject(["pyproject.toml": "[project]\nname = 'p'\n\(text)\n"])
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message.contains("deep") || diagnostic.message.contains("too many parts"))
        #expect((diagnostic.location?.line ?? 0) >= 3)
        #expect(project.isProject)
        let locked = try SampleProject(["pyproject.toml": "[project]\nname = 'p'\n", "uv.lock": text])
        #expect(try locked.layer().lock != nil)
    }

    @Test("a nesting that people write is read")
    func shallow() throws {
        let nested = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let wide = "{" + (0..<200).map { "a\($0).b.c = 1" }.joined(separator: ", ") + "}"
        let text =
            "[project]\nname = 'p'\n[tool.x]\nnested = \(nested)\nwide = \(wide)\nnumbers = [1.5, -2.0e3, 1979-05-27]\n"
        #expect(try layer("pyproject.toml", text).requirements == [])
    }

    @Test("more than 16 MiB are not read", arguments: ["pyproject.toml", "requirements.txt"])
    func huge(name: String) throws {
        let project = try SampleProject()
        try project.write(name, Array("[project]\nname = 'p'\n".utf8) + [UInt8](repeating: 0x23, count: 20 << 20))
        #expect(try project.diagnostic().message == "could not read `\(name)`: file too large")
    }

    @Test("a million values are refused")
    func manyValues() throws {
        let text = "[project]\nname = 'p'\nx = [" + String(repeating: "1,", count: 1_000_000) + "]\n"
        #expect(try SampleProject(["pyproject.toml": text]).diagnostic().message.contains("more than 500000 values"))
    }

    @Test(
        "bytes that are not UTF-8, and NUL, are named with their line",
        arguments: ["pyproject.toml", "requirements.txt"])
    func encoding(name: String) throws {
        let project = try SampleProject()
        let head = Array((name == "pyproject.toml" ? "[project]\nname = 'p'\n" : "a\nb\n").utf8)
        for (bytes, cause) in [
            ([0x23, 0xFF, 0x0A], "it is not UTF-8"), ([0x23, 0x00, 0x0A], "there is a NUL byte in it"),
        ] {
            try project.write(name, head + bytes.map { UInt8($0) })
            let diagnostic = try project.diagnostic()
            #expect(diagnostic.message == "could not read `\(name)`: \(cause)")
            #expect(diagnostic.location?.line == 3)
        }
    }

    @Test("groups that include each other many times over are expanded once")
    func groupBomb() throws {
        var text = "[dependency-groups]\ndev = [{include-group = 'g0'}]\n"
        for number in 0..<40 {
            text += "g\(number) = [{include-group = 'g\(number + 1)'}, {include-group = 'g\(number + 1)'}]\n"
        }
        #expect(try layer("pyproject.toml", text + "g40 = ['a']\n").requirements == ["a"])
        var chain = "[dependency-groups]\ndev = [{include-group = 'g0'}]\n"
        for number in 0..<5_000 { chain += "g\(number) = [{include-group = 'g\(number + 1)'}]\n" }
        #expect(
            try SampleProject(["pyproject.toml": chain + "g5000 = []\n"]).diagnostic().message.contains("too deeply"))
    }

    @Test("files that include each other many times over are read once")
    func includeBomb() throws {
        let project = try SampleProject(["requirements.txt": "-r 0.txt"])
        for number in 0..<12 {
            try project.write("\(number).txt", String(repeating: "-r \(number + 1).txt\n", count: 9))
        }
        try project.write("12.txt", "a")
        #expect(try project.layer().requirements == ["a"])
    }

    @Test("a marker with 100,000 parentheses and a wildcard of 500 stars are survived")
    func longGrammar() throws {
        let parentheses = "a; " + String(repeating: "(", count: 100_000)
        #expect(try SampleProject(["requirements.txt": parentheses]).diagnostic().message.contains("too long"))
        let members = String(repeating: "*a", count: 500)
        let text = "[project]\nname = 'p'\n[tool.uv.workspace]\nmembers = ['\(members)', '../../../../*/*/*', '/']\n"
        let project = try SampleProject(["pyproject.toml": text])
        try FileSystem.makeDirectories(project.root / String(repeating: "a", count: 200))
        #expect(try project.layer().requirements == [])
    }

    @Test("two thousand mutations of real manifests give a spec or a diagnostic")
    func mutations() throws {
        var generator = Seeded(state: 0x9E37_79B9_7F4A_7C15)
        let requirements = """
            -r more.txt
            -c limits.txt # c
            --index-url https://${USER}@example.org/simple
            Requests[security,tests] >= 2.8.1, == 2.8.* ; python_version < "2.7" \\
                --hash=sha256:aa --hash=sha256:bb
            -e ./pkg[dev] ; sys_platform == 'linux'
            pip @ https://example.org/pip.zip
            """
        let samples: [(name: String, text: [UInt8])] = [
            ("pyproject.toml", Array(EditTests.base.utf8)), ("requirements.txt", Array(requirements.utf8)),
            ("uv.lock", Array(EditTests.lock.utf8)), (".python-version", Array("cpython-3.12\n".utf8)),
        ]
        let pieces = [
            "[", "]", "{", "}", "\"", "'", "\"\"\"", "\\", "\n", "\r\n", "=", ".", "#", ";", "@", "$", "${A}", "\u{0}",
            "é",
        ]
        let project = try SampleProject(["more.txt": "x", "limits.txt": "y<1"])
        var specs = 0
        for round in 0..<2_000 {
            // Each second round leaves pyproject.toml away, for the other format to be followed.
            for (index, sample) in samples.enumerated() {
                if index == 0, round % 2 == 1 {
                    try FileSystem.remove(project.root / sample.name)
                    continue
                }
                var bytes = sample.text
                for _ in 0...(generator.next() % 4) {
                    let at = Int(generator.next() % UInt64(bytes.count + 1))
                    let length = min(Int(generator.next() % 12), bytes.count - at)
                    switch generator.next() % 5 {
                    case 0: bytes.removeSubrange(at..<(at + length))
                    case 1: bytes.insert(contentsOf: pieces[Int(generator.next() % UInt64(pieces.count))].utf8, at: at)
                    case 2: bytes.insert(contentsOf: Array(bytes[at..<(at + length)]), at: at)
                    case 3: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: at)
                    default: bytes.removeSubrange(at...)
                    }
                    if bytes.isEmpty { break }
                }
                try project.write(sample.name, bytes)
            }
            _ = project.isProject
            let reading = project.reading
            #expect(!reading.inputs.isEmpty)
            switch reading.spec {
            case .success(let spec):
                specs += 1
                #expect(Fingerprint(of: spec.canonicalEncoding).hex.utf8.count == 64)
            case .failure(let diagnostic): #expect(diagnostic.message.hasPrefix("could not "))
            }
        }
        #expect(specs > 100 && specs < 1_900)
    }
}

/// SplitMix64: the same numbers in each run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
