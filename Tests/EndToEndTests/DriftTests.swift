import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What stays and what is changed by hand")
struct DriftTests {
    @Test("what pip put in by hand is shown, stays while the manifests stay, and is named when it is gone")
    func drift() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let prefix = Path(try #require(try home.status(root).current?.prefix))
        #expect(try home.status(root).current?.drift == nil)
        try home.run(prefix / "bin/python", ["-m", "pip", "install", "--quiet", "six==1.16.0"]).expect(0)
        #expect(try home.status(root).current?.drift == ["six 1.16.0 was added"])
        #expect(try home.envd("status", in: root).expect(0).output.contains("six 1.16.0 was added"))
        #expect(try home.settledGeneration(root) == 1)

        try home.write(root / "requirements.txt", "idna\nattrs\n")
        #expect(try home.settledGeneration(root) == 2)
        #expect(try home.version("six", in: root) == nil)
        try home.waitForNotice("six 1.16.0", about: root)
        #expect(try home.envd("log", in: root).expect(0).output.contains("put in by hand: six 1.16.0"))
        // The changed one is not what the manifests say, so it is not taken again.
        try home.write(root / "requirements.txt", "idna\n")
        #expect(try home.settledGeneration(root) == 3)
        #expect(try home.version("six", in: root) == nil)
        // Back once more: generation 2 is as it was made.
        try home.write(root / "requirements.txt", "idna\nattrs\n")
        #expect(try home.settledGeneration(root) == 2)
    }

    @Test("what a tool added and named in the manifest is not lost")
    func added() throws {
        let home = try Home()
        let project =
            "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"idna\"]\n"
        let root = try home.ready(files: ["pyproject.toml": project])
        let added = try home.envd("exec", "--", "uv", "add", "six==1.16.0", in: root).expect(0)
        #expect(!added.errors.contains("does not match"))
        #expect(!FileSystem.exists(root / ".venv"))
        // uv writes pyproject.toml first and uv.lock a while later: one more build, or two.
        let number = try #require(try home.settledGeneration(root))
        #expect(number == 2 || number == 3)
        #expect(try home.version("six", in: root) == "1.16.0")
        #expect(!(try home.envd("log", in: root).expect(0).output.contains("by hand")))
    }

    @Test(
        "an environment whose files were edited is not taken again; doctor names the file, the next one has the package's own"
    )
    func edited() throws {
        let home = try Home()
        // Its cache is its own: an edit changes the file there, too.
        home.variables["XDG_CACHE_HOME"] = (home.path / "cache").bytes
        let root = try home.ready(files: ["requirements.txt": "six==1.16.0\n"])
        let first = Path(try #require(try home.status(root).current?.prefix))
        let python = first / "bin/python"
        let finding = "import six; print(six.__file__)"
        let file = try home.run(python, ["-c", finding]).expect(0).output.dropLast()
        // In place, so that the cache and others get it; after the package was unpacked, as clocks go.
        try home.run("/bin/sh", ["-c", "echo 'x = 1' >>'\(file)' && touch -d '+1 hour' '\(file)'"]).expect(0)
        let doctor = home.envd("doctor", in: root)
        #expect(doctor.output.contains("six: six.py was changed"), "\(doctor.output)")

        try home.write(root / "requirements.txt", "six==1.16.0\nidna\n")
        #expect(try home.settledGeneration(root) == 2)
        let second = Path(try #require(try home.status(root).current?.prefix))
        try home.run(second / "bin/python", ["-c", "import six; assert not hasattr(six, 'x')"]).expect(0)
        #expect(!home.envd("doctor", in: root).output.contains("six.py was changed"))

        try home.write(root / "requirements.txt", "six==1.16.0\n")
        #expect(try home.settledGeneration(root) == 3)
        let third = Path(try #require(try home.status(root).current?.prefix))
        try home.run(third / "bin/python", ["-c", "import six; assert not hasattr(six, 'x')"]).expect(0)
    }

    @Test("a password in a manifest's index is in no file of envd's and in no message")
    func secrets() throws {
        let home = try Home()
        let index = "http://me:sekret-1@127.0.0.1:9/simple?token=sekret-2"
        let root = try home.project(files: ["requirements.txt": "--index-url \(index)\nsix==1.16.0\n"])
        let said = try [
            home.envd("allow", in: root), home.envd("wait", in: root).expect(1), home.envd("status", in: root),
            home.envd("status", "--json", in: root), home.envd("log", in: root), home.envd("doctor", in: root),
        ].map { $0.output + $0.errors }
        #expect(!said.joined().contains("sekret"), "\(said)")
        #expect(said.joined().contains("127.0.0.1"), "\(said)")
        let places = [home.path / "state", home.data, home.runtime].map(\.description)
        #expect(home.run("/bin/grep", ["-rl", "sekret"] + places).output.isEmpty)
    }

    @Test("versions stay as first resolved until envd update, which can be for one package alone")
    func update() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna==3.4\nsix==1.15.0\n"])
        try home.write(root / "requirements.txt", "idna\nsix\n")
        #expect(try home.settledGeneration(root) == 2)
        #expect(try home.version("idna", in: root) == "3.4")
        #expect(try home.version("six", in: root) == "1.15.0")
        try home.envd("update", "six", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 3)
        #expect(try home.version("idna", in: root) == "3.4")
        #expect(try home.version("six", in: root) != "1.15.0")
        try home.envd("update", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 4)
        #expect(try home.version("idna", in: root) != "3.4")
        let unknown = try home.envd("update", "attrs", in: root).expect(1)
        #expect(unknown.errors.contains("could not update `attrs`"))
    }
}
