import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Paths")
struct PathTests {
    @Test(
        "doubled and trailing slashes are dropped, bytes are kept",
        arguments: [
            ("/a//b/", "/a/b"), ("/", "/"), ("//", "/"), ("a/", "a"),
        ])
    func cleaning(given: String, kept: String) {
        #expect(Path(given).bytes == ByteString(kept))
        #expect(Path(ByteString([0x2f, 0xff])).bytes.bytes == [0x2f, 0xff])
    }

    @Test("a neighbour with the same beginning is not within a directory")
    func within() {
        #expect(Path("/a/b").isWithin("/a"))
        #expect(!Path("/ab").isWithin("/a"))
        #expect(Path("/ab").isWithin("/"))
        #expect(Path("/a/b/c").relative(to: "/a") == "b/c")
        #expect(Path("/a").relative(to: "/a") == ".")
        #expect(Path("/a/b").relative(to: "/") == "a/b")
    }

    @Test("the way up ends at the root")
    func ancestors() {
        #expect(Path("/a/b").selfAndAncestors == ["/a/b", "/a", "/"])
    }
}

@Suite("Files")
struct FileSystemTests {
    @Test("a FIFO is refused at once instead of blocking")
    func fifo() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path / "pyproject.toml"
        try FileSystem.makeFifo(path)
        #expect(throws: SystemError.self) { try FileSystem.read(path) }
    }

    @Test("replacing a file leaves no temporary neighbour and keeps the old one on failure")
    func replace() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("a", "one")
        try FileSystem.replace(file, with: Array("two".utf8))
        #expect(try FileSystem.read(file) == Array("two".utf8))
        #expect(throws: SystemError.self) { try FileSystem.replace(directory.path, with: []) }
        #expect(try FileSystem.list(directory.path) == ["a"])
    }

    @Test("removing a tree does not follow links out of it")
    func remove() throws {
        let directory = try TemporaryDirectory()
        try directory.write("outside/kept", "x")
        try directory.write("tree/file", "x")
        try FileSystem.replaceLink(directory.path / "tree/link", to: directory.path / "outside")
        try FileSystem.remove(directory.path / "tree")
        #expect(FileSystem.exists(directory.path / "outside/kept"))
        #expect(!FileSystem.exists(directory.path / "tree"))
    }

    @Test("a digest is SHA-256")
    func digest() {
        // FIPS 180-4, the example "abc".
        #expect(
            Fingerprint(of: Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
