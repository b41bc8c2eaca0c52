import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What engines are shown of a project")
struct InputSnapshotTests {
    private func input(_ path: Path) throws -> InputFile {
        InputFile(path: path, content: Fingerprint(of: try FileSystem.read(path)))
    }

    @Test("is its inputs as they were read, with what lies beside them, and no settings that were not read")
    func shown() throws {
        let directory = try TemporaryDirectory("snapshot")
        let root = directory.path / "work/p"
        for (name, text) in [
            "work/p/pyproject.toml": "one", "work/p/lib/pyproject.toml": "two", "work/p/src/a.py": "",
            "work/uv.toml": "no",
            "work/p/.python-version": "no", "work/other/setup.py": "",
        ] { try directory.write(name, text) }
        let inputs =
            try [input(root / "pyproject.toml"), input(root / "lib/pyproject.toml")]
            + [InputFile(path: root / "uv.toml", content: nil)]
        let snapshot = try InputSnapshot(inputs, of: root, in: directory.path / "shown")
        let shown = Path(snapshot.top.bytes + root.bytes)
        try directory.write("work/p/pyproject.toml", "changed")
        #expect(try FileSystem.read(shown / "pyproject.toml") == Array("one".utf8))
        #expect(try FileSystem.read(shown / "lib/pyproject.toml") == Array("two".utf8))
        #expect(try FileSystem.canonical(shown / "src/a.py") == root / "src/a.py")
        #expect(FileSystem.exists(shown.parent / "other/setup.py"))
        #expect(!FileSystem.exists(shown.parent / "uv.toml"))
        #expect(!FileSystem.exists(shown / ".python-version"))
        let told = "at \(shown)/lib and file://\(shown)/x"
        #expect(snapshot.restored(told) == "at \(root)/lib and file://\(root)/x")
    }

    @Test("is not made where an input is no longer what was read")
    func changed() throws {
        let directory = try TemporaryDirectory("snapshot")
        try directory.write("p/pyproject.toml", "one")
        let file = directory.path / "p/pyproject.toml"
        let read = try input(file)
        for gone in [false, true] {
            if gone { try FileSystem.remove(file) } else { try directory.write("p/pyproject.toml", "two") }
            #expect(throws: InputSnapshot.Changed.self) {
                try InputSnapshot([read], of: file.parent, in: directory.path / "shown")
            }
        }
    }
}
