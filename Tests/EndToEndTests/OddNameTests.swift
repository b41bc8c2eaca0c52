import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A directory whose name is no UTF-8")
struct OddNameTests {
    @Test("is built by uv and entered by bash, as a list of requirements and as a pyproject.toml")
    func built() throws {
        let home = try Home()
        let root = home.path.appending(Path(ByteString(Array("p".utf8) + [0xff, 0xfe])))
        try FileSystem.makeDirectories(root, mode: 0o755)
        try home.write(root / "requirements.txt", "idna\n")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        let session = try HookedShell(.bash, in: home)
        try session.run("cd '\(home.path)'/p*")
        #expect(try session.imports("idna") == "yes")
        try FileSystem.remove(root / "requirements.txt")
        try home.write(root / "pyproject.toml", "[project]\nname = \"p\"\nversion = \"1\"\ndependencies = [\"six\"]\n")
        try home.envd("wait", in: root).expect(0)
        try session.promptUntil(2)
        #expect(try session.imports("six") == "yes")
        try session.run("cd")
        #expect(try session.imports("six") != "yes")
    }
}
