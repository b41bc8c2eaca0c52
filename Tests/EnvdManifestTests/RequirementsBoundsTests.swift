import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Any bytes may be a requirements file")
struct RequirementsBoundsTests {
    private func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
        (isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF])
            + text.utf16.flatMap { unit -> [UInt8] in
                let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
                return isLittle ? [low, high] : [high, low]
            }
    }

    private func utf32(_ text: String, isLittle: Bool) -> [UInt8] {
        ("\u{FEFF}" + text).unicodeScalars.flatMap { scalar -> [UInt8] in
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: scalar.value >> UInt32($0)) }
            return isLittle ? bytes.reversed() : bytes
        }
    }

    private func requirements(_ bytes: [UInt8]) throws -> [String] {
        let project = try SampleProject()
        try project.write("requirements.txt", bytes)
        return try project.layer().requirements
    }

    @Test("byte order marks and coding lines are obeyed")
    func encodings() throws {
        let text = "# ä\nsix==1\nflask\n"
        let expected = ["flask", "six==1"]
        #expect(try requirements([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == expected)
        #expect(try requirements(utf16(text, isLittle: true)) == expected)
        #expect(try requirements(utf16(text, isLittle: false)) == expected)
        #expect(try requirements(utf32(text, isLittle: true)) == expected)
        #expect(try requirements(utf32(text, isLittle: false)) == expected)
        let marker: [UInt8] = Array("six; os_name == '".utf8) + [0xE4, 0xA4] + Array("'\n".utf8)
        #expect(try requirements(Array("# -*- coding: latin-1 -*-\n".utf8) + marker) == ["six; os_name == \"ä¤\""])
        #expect(
            try requirements(Array("#!x\n# vim: set fileencoding=ISO_8859-15 :\n".utf8) + marker) == [
                "six; os_name == \"ä€\""
            ])
        #expect(try requirements(Array("# coding=cp1252\n".utf8) + [0x23, 0x80, 0x0A]) == [])
        #expect(try requirements(Array("# coding: utf-8\nsix; os_name == 'ä'".utf8)) == ["six; os_name == \"ä\""])
        // On the third line it is a comment like others.
        #expect(try requirements(Array("\n\n# coding: klingon\nsix".utf8)) == ["six"])
    }

    @Test("an encoding that is not known, or not kept to, is named with its line")
    func badEncodings() throws {
        for (bytes, line, cause) in [
            (Array("\n# coding: klingon\n".utf8), 2, "its encoding `klingon` is not known here: save it as UTF-8"),
            (Array("# coding: ascii\n".utf8) + [0x23, 0xC3, 0xA4], 2, "it says that it is ASCII and is not"),
            (Array("six\n\n#".utf8) + [0xE4, 0x0A], 3, "it is not UTF-8"),
            ([0xFF, 0xFE, 0x00, 0xD8], 1, "it is not UTF-16, which its first bytes say that it is"),
            ([0xFF, 0xFE, 0x41], 1, "it is not UTF-16, which its first bytes say that it is"),
        ] as [([UInt8], Int, String)] {
            let project = try SampleProject()
            try project.write("requirements.txt", bytes)
            let diagnostic = try project.diagnostic()
            #expect(diagnostic.message == "could not read `requirements.txt`: \(cause)")
            #expect(diagnostic.location?.line == line)
        }
    }

    @Test(
        "nothing at all is a file that asks for nothing",
        arguments: ["", "\n", "\r\n\r\n", "\u{FEFF}", "# c", "\\", "\\\n\\\n"])
    func empty(text: String) throws { #expect(try layer("requirements.txt", text).requirements == []) }

    @Test("ten megabytes are refused at once, whatever they hold", arguments: ["six\n", "\n", "x", "# comment\n", "("])
    func large(piece: String) throws {
        let text = String(repeating: piece, count: (10 << 20) / piece.utf8.count)
        let project = try SampleProject(["requirements.txt": text])
        let time = ContinuousClock().measure {
            #expect(throws: Diagnostic.self) { try project.layer() }
        }
        #expect(try project.diagnostic().message == "could not read `requirements.txt`: it is larger than 4 MiB")
        #expect(time < .seconds(20))
    }

    @Test(
        "very many lines are read or refused in bounded time",
        arguments: [
            ("# comment\n", true), ("\n", true), ("\\\n", true), ("\\", true), ("# \\\n", true),
            ("six\n", false), ("six \\\n", false), ("\u{0C}", true),
        ])
    func manyLines(piece: String, isFine: Bool) throws {
        let text = String(repeating: piece, count: (512 << 10) / piece.utf8.count)
        let project = try SampleProject(["requirements.txt": text])
        let time = ContinuousClock().measure {
            switch project.reading.spec {
            case .success: #expect(isFine)
            case .failure(let diagnostic): #expect(!isFine, "\(diagnostic)")
            }
        }
        #expect(time < .seconds(60))
    }

    @Test(
        "a line of nearly 256 KiB is read or refused in bounded time, and nothing of it floods the message",
        arguments: [
            ("x", "x"), ("six==", "1"), ("six==1", ".1"), ("six", ">=1,"), ("six; os_name=='x'", " and os_name=='x'"),
            ("six; ", "("), ("six", " --hash=sha256:aa"), ("six[a", ",a"), ("-i '", "x "), ("-e ./x", "/x"),
            ("git+https://e.org/x@", "#&egg="), ("", "${A"), ("six; os_name == '", "\\x41"), ("a @ b", ";"),
            ("./x", ";"), ("six", " -f x"), ("", "a@"), ("./", "["), ("six", "]"), ("six ", "\"\""), ("-e '", "' '"),
        ])
    func longLine(start: String, piece: String) throws {
        let text = start + String(repeating: piece, count: ((256 << 10) - 64) / piece.utf8.count)
        let project = try SampleProject(["requirements.txt": text])
        let time = ContinuousClock().measure {
            if case .failure(let diagnostic) = project.reading.spec { #expect(diagnostic.message.utf8.count < 300) }
        }
        #expect(time < .seconds(60))
    }

    @Test("a longer line is refused with its number")
    func tooLong() throws {
        let hashes = String(repeating: " --hash=sha256:\(String(repeating: "a", count: 64))", count: 4_000)
        let diagnostic = try SampleProject(["requirements.txt": "six\nflask==1\(hashes)\n"]).diagnostic()
        #expect(diagnostic.message == "could not read `requirements.txt`: the line is longer than 256 KiB")
        #expect(diagnostic.location?.line == 2)
    }

    @Test("an include that vanishes fails the reading, and its return heals it")
    func vanishing() throws {
        let project = try SampleProject(["requirements.txt": "six\n-r more.txt\n", "more.txt": "flask"])
        #expect(try project.layer().requirements == ["flask", "six"])
        try FileSystem.remove(project.root / "more.txt")
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message == "could not read `more.txt`: no such file or directory")
        #expect(diagnostic.location == .init(file: project.root / "requirements.txt", line: 2, column: 1))
        #expect(project.inputs.contains("more.txt"))
        try project.write("more.txt", "flask")
        #expect(try project.layer().requirements == ["flask", "six"])
    }

    @Test("sixteen levels are read, and constraints of constraints")
    func deep() throws {
        let project = try SampleProject(["requirements.txt": "-r d/1.txt"])
        for number in 1..<15 {
            try project.write(
                String(repeating: "d/", count: number) + "\(number).txt",
                "p\(number)\n" + (number < 14 ? "-r d/\(number + 1).txt" : "-c ../c.txt"))
        }
        try project.write(String(repeating: "d/", count: 13) + "c.txt", "limit<1")
        let layer = try project.layer()
        #expect(layer.requirements.count == 14)
        #expect(layer.constraints == ["limit<1"])
    }
}
