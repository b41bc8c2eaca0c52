import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    private static let names: [(String, ByteString)] = [
        ("a space", "with space"), ("a quote", "it's"), ("`$test`", "$test"), ("`\"';&&$e|'\"`", "\"';&&$e|'\""),
        ("a newline", "new\nline"), ("a newline at its end", "ends\n"), ("`é`", "é"), ("a backslash", "back\\slash"),
        ("`*[a]?` and `~`", "~*[a]?"), ("invalid UTF-8", ByteString([0x62, 0xff, 0xfe])),
    ]

    /// Names that shells would read as something else.
    static let directoryNames: [Claim] = names.enumerated().map { index, name in
        let claim = Claim("name-\(index + 1)", .enterAndLeave, "a directory name with \(name.0) works") { scene in
            let project = scene.world.path.appending(Path(name.1))
            let prefix = try scene.world.prefix("gen")
            var delta = try PythonPrefix.delta(prefix: prefix, name: name.1)
            delta.additions[0].entries.append(project.appending("bin").bytes)
            try scene.world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
            try FileSystem.makeDirectories(project / "sub")
            let session = try scene.session()
            let before = try session.environment()
            // Typed through a file: a terminal's line editor would take a newline for the end of the line.
            for (file, place) in [("go", project), ("down", project / "sub")] {
                try FileSystem.replace(
                    scene.world.path / file, with: Array("cd ".utf8) + scene.shell.quoted(place.bytes) + [0x0a])
            }
            for _ in 1...2 {
                try session.silently(". '\(scene.world.path)/go'")
                let inside = try session.environment()
                #expect(inside["VIRTUAL_ENV_PROMPT"] == name.1)
                #expect(
                    inside["PATH"] == (prefix / "bin").bytes + ":" + (project / "bin").bytes
                        + ":/usr/local/bin:/usr/bin:/bin")
                try session.silently(". '\(scene.world.path)/down'")
                #expect(try session.environment() == inside)
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        }
        let hasNewline = name.1.bytes.contains(0x0a)
        return hasNewline ? claim.notUnder("quotes", because: "csh_junkie_quotes forbids a newline in quotes") : claim
    }
}
