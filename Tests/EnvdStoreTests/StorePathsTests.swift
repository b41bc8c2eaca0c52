import EnvdCore
import EnvdStore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Where envd keeps its things")
struct StorePathsTests {
    private func paths(_ base: Path) -> StorePaths {
        StorePaths(state: base / "s/envd", data: base / "d/envd", cache: base / "c/envd", home: base)
    }

    @Test("what other hosts share moves to this host's directory, the rest stays, and the note names both")
    func moved() throws {
        let shared = { (path: Path) in path.isWithin("/h/d") || path.isWithin("/h/c") ? "nfs" : nil }
        let moved = paths("/h").moved(from: shared, to: "/var/tmp/envd-7")
        #expect(moved.state == "/h/s/envd")
        #expect(moved.data == "/var/tmp/envd-7/data" && moved.cache == "/var/tmp/envd-7/cache")
        #expect(moved.base == "/var/tmp/envd-7")
        let note = try #require(moved.note)
        #expect(
            note.message
                == "`/h/d/envd` is on a network file system (nfs): what envd keeps is in `/var/tmp/envd-7`")
        #expect(paths("/h").moved(from: { _ in nil }, to: "/t") == paths("/h"))
        // Nowhere to go: it stays, and that is a warning.
        let stuck = paths("/h").moved(from: { _ in "9p" }, to: "/t")
        #expect(stuck.data == "/h/d/envd" && stuck.base == nil && stuck.note == nil)
        #expect(stuck.trouble?.hint?.contains("`store.path`") == true)
    }

    @Test("a path that PATH or a script's first line cannot hold is refused, with what to set")
    func names() throws {
        let directory = try TemporaryDirectory()
        let long = String(repeating: "x", count: 121 - directory.path.bytes.bytes.count - "/d".utf8.count - 1)
        for (name, cause) in [("a:b", "a colon"), ("a b", "a space"), ("a\tb", "a space"), (long, "has 121 bytes")] {
            var odd = paths(directory.path / "usual")
            odd.data = directory.path / name / "d"
            let refusal = #expect(throws: Diagnostic.self) { try odd.prepare() }
            #expect(refusal?.message.contains(cause) == true, "\(String(describing: refusal))")
            #expect(refusal?.hint?.contains("`store.path`") == true)
            #expect(!FileSystem.exists(odd.data))
        }
        var fitting = paths(directory.path)
        fitting.data = directory.path / long.dropLast().description / "d"
        try fitting.prepare()
    }

    @Test("a directory of this host is made 0700 or closed; a link or a file in its place is refused")
    func base() throws {
        let directory = try TemporaryDirectory()
        var paths = paths(directory.path / "envd-7")
        paths.base = directory.path / "envd-7"
        try paths.prepare()
        #expect(try FileSystem.status(directory.path / "envd-7")?.mode == 0o700)
        try FileSystem.setMode(directory.path / "envd-7", 0o755)
        try paths.prepare()
        #expect(try FileSystem.status(directory.path / "envd-7")?.mode == 0o700)
        try FileSystem.rename(directory.path / "envd-7", to: directory.path / "other")
        try FileSystem.replaceLink(directory.path / "envd-7", to: directory.path / "other")
        let link = #expect(throws: Diagnostic.self) { try paths.prepare() }
        #expect(link?.hint?.contains("`store.path`") == true)
        try FileSystem.remove(directory.path / "envd-7")
        try directory.write("envd-7", "")
        #expect(throws: Diagnostic.self) { try paths.prepare() }
    }

    @Test("file systems of this host are none that others share")
    func kinds() {
        for place in ["/proc", "/", "/tmp", "/dev/shm", "/not/there"] {
            let kind = FileSystemKind.of(Path(place))
            // A container may have its root from elsewhere (9p, virtiofs): then both say so.
            #expect(kind == FileSystemKind.of(Path("\(place)/.")) && kind != nil, "\(place)")
        }
        #expect(FileSystemKind.of("/proc")?.isShared == false)
    }
}
