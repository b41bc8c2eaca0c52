import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// What `envd env --dotenv` writes, read by python-dotenv of PyPI.
@Suite("Lines of a .env file")
struct DotenvTests {
    static let reader = """
        import dotenv, sys
        for name, value in dotenv.dotenv_values(sys.argv[1]).items():
            sys.stdout.buffer.write(f'{name}={value}'.encode() + b'\\0')
        """

    private func read(_ text: [UInt8]) async throws -> [ByteString: ByteString] {
        Session.parse(
            try await PythonReference.run(Self.reader, input: text, with: ["python-dotenv==1.2.4"]))
    }

    @Test("whatever is written is read as it was, or not written")
    func agreement() async throws {
        var text: [UInt8] = []
        var expected: [ByteString: ByteString] = [:]
        // Random bytes are hardly ever UTF-8: their printable part, too.
        let values = HostileStrings.all.enumerated().map { index, string in
            index % 3 == 0 ? string : ByteString(string.bytes.filter { $0 == 0x0a || $0 >= 0x20 && $0 < 0x7f })
        }
        for (index, value) in values.enumerated() {
            let name = try #require(VariableName("V\(index)"))
            guard let line = DotenvRenderer.line(name, value) else { continue }
            text += line
            expected[ByteString(name.text)] = value
        }
        #expect(expected.count > 4000, "\(expected.count)")
        let found = try await read(text)
        let wrong = expected.filter { found[$0.key] != $0.value }.sorted { $0.value.bytes.count < $1.value.bytes.count }
        #expect(wrong.isEmpty, "seed \(HostileStrings.seed): \(wrong.count), \(wrong.first.debugDescription)")
        #expect(found.count == expected.count)
    }

    @Test(
        "usual values are written, without quotes where they need none",
        arguments: [
            ("/home/me/.local/bin:/usr/bin:/bin", "/home/me/.local/bin:/usr/bin:/bin"), ("", ""), ("1", "1"),
            ("a b", "'a b'"), ("it's", "\"it's\""), ("say \"hi\"", "'say \"hi\"'"), ("$HOME", "'$HOME'"),
            ("$(ls) `ls`", "'$(ls) `ls`'"), ("one\ntwo", "\"one\\ntwo\""), ("# no comment", "'# no comment'"),
            ("é 語", "'é 語'"), (" blanks ", "' blanks '"), (#"C:\x"#, #"C:\x"#), (#"a\ b"#, #"a\ b"#),
            ("tab\there", "'tab\there'"), (#"it's "a" b"#, #"it's "a" b"#),
        ])
    func usual(value: String, written: String) async throws {
        let name = try #require(VariableName("NAME"))
        let line = try #require(DotenvRenderer.line(name, ByteString(value)))
        #expect(String(decoding: line, as: UTF8.self) == "NAME=\(written)\n")
        #expect(try await read(line) == ["NAME": ByteString(value)])
    }

    @Test(
        "what readers do not agree on is left out",
        arguments: ["${HOME}", "a\rb", "\u{1b}[31m", "\"\n'", #" \"#, #"# \n"#, "\u{2028}", "\u{0}", "'\\'"])
    func leftOut(value: String) throws {
        #expect(DotenvRenderer.line(try #require(VariableName("NAME")), ByteString(value)) == nil)
        #expect(DotenvRenderer.line(try #require(VariableName("NAME")), ByteString([0x61, 0xff])) == nil)
    }
}
