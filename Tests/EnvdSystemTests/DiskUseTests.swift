import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What trees take up on disk")
struct DiskUseTests {
    private func write(_ path: Path, _ kilobytes: Int) throws {
        try FileSystem.makeDirectories(path.parent)
        try FileSystem.replace(path, with: [UInt8](repeating: 7, count: kilobytes << 10))
    }

    @Test("a tree takes what du says, with what it shares with nobody outside counted once")
    func likeDu() throws {
        let directory = try TemporaryDirectory()
        let tree = directory.path / "tree"
        try write(tree / "a/one", 100)
        try write(tree / "b/c/two", 300)
        try FileSystem.hardLink(tree / "a/one", as: tree / "b/one-again")
        try FileSystem.syncFileSystem(of: tree)
        let command = Command(
            executable: "/usr/bin/du", arguments: ["-s", "-B1", tree.bytes], environment: [:], workingDirectory: "/",
            writable: nil)
        let said = String(decoding: PlainCommandRunner.runBlocking(command, within: 60).standardOutput, as: UTF8.self)
        #expect(DiskUse.of(tree).bytes == Int64(said.prefix { $0.isNumber }))
    }

    @Test("what has a name elsewhere counts nothing; what several trees share alone counts with the last")
    func shared() throws {
        let directory = try TemporaryDirectory()
        let (one, two) = (directory.path / "one", directory.path / "two")
        try write(one / "cached", 512)
        try FileSystem.hardLink(one / "cached", as: directory.path / "cache")
        try write(one / "shared", 256)
        try FileSystem.makeDirectories(two)
        try FileSystem.hardLink(one / "shared", as: two / "shared")
        try FileSystem.syncFileSystem(of: one)
        #expect(DiskUse.of(one).bytes < 256 << 10)
        var both = DiskUse()
        #expect(both.add(one).bytes < 256 << 10)
        let last = both.add(two).bytes
        #expect(last >= 256 << 10 && last < 512 << 10)
        #expect(DiskUse.of(directory.path / "nothing") == .zero)
    }
}
