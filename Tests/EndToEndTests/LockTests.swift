import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// The end of a `[project]` whose dependencies a build backend of its own, `backend.py`, is asked for.
private let ownBackend = """
    requires-python = ">=3.9"
    dynamic = ["dependencies"]

    [build-system]
    requires = []
    build-backend = "backend"
    backend-path = ["."]
    """

@Suite("envd lock, from a stale lock file to the environment")
struct LockTests {
    private let python = ["--python", "/usr/bin/python3"]

    @Test("what the comment of a compiled file names beside the manifests is not obeyed: nobody allowed it")
    func comment() throws {
        let home = try Home()
        let port = try SilentPort()
        let evil = "http://127.0.0.1:\(port.number)"
        let root = try home.project(files: [
            "requirements.in": "six\n", "other.in": "--index-url \(evil)/simple\nidna\n",
            "requirements.txt": "six==1.16.0\n    # via -r requirements.in\n",
        ])
        try home.envd("allow", in: root).expect(0)
        home.envd("wait", in: root)
        for (command, named) in [
            ("--extra-index-url=\(evil)/simple requirements.in", "the index `\(evil)/simple`"),
            ("-f \(evil)/ requirements.in", "the links `\(evil)/`"),
            ("--constraint \(evil)/c.txt requirements.in", "the file `\(evil)/c.txt`"),
            ("requirements.in other.in", "the file `other.in`"),
        ] {
            let text =
                "# by the following command:\n#\n#    pip-compile \(command)\n#\nsix==1.16.0\n    # via -r requirements.in\n"
            try home.write(root / "requirements.txt", text)
            let refusal = try home.envd("lock", "--upgrade", in: root).expect(1)
            #expect(refusal.errors.contains("names \(named), which you did not allow"), "\(refusal)")
            #expect(String(decoding: try FileSystem.read(root / "requirements.txt"), as: UTF8.self) == text)
        }
        #expect(!port.wasCalled)
    }

    @Test("a stale uv.lock is told, written by `envd lock`, and the environment follows")
    func stale() throws {
        let home = try Home()
        let root = try home.project(files: ["pyproject.toml": manifest("\"six<1.16\", \"attrs\"")])
        let uv = try Programs.uv()
        try home.run(uv, ["lock"] + python, in: root).expect(0)
        try home.envd("allow", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 1)
        try home.write(root / "pyproject.toml", manifest("\"six\", \"idna\""))
        #expect(try home.settledGeneration(root) == 2)
        let told = try home.envd("status", in: root).expect(0).output
        #expect(told.contains("`uv.lock` is stale") && told.contains("`envd lock` brings it up to date"))
        let refused = try home.envd("update", "six", in: root).expect(1)
        #expect(refused.errors.contains("`envd lock --upgrade-package six`"))

        let said = try home.envd("lock", in: root).expect(0).output
        #expect(said.contains("uv.lock: - attrs, + idna 3."))
        #expect(said.contains("the environment follows"))
        try home.run(uv, ["lock", "--check"] + python, in: root).expect(0)
        #expect(try home.settledGeneration(root) == 3)
        #expect(!(try home.envd("status", in: root).expect(0).output.contains("stale")))
        #expect(try home.version("six", in: root) == "1.15.0")

        let before = try FileSystem.status(root / "uv.lock")
        #expect(try home.envd("lock", in: root).expect(0).output == "uv.lock: up to date, not touched\n")
        #expect(try FileSystem.status(root / "uv.lock") == before)
        #expect(try home.settledGeneration(root) == 3)

        // From elsewhere, and one package alone.
        let one = try home.envd("lock", "-C", root.description, "-P", "six", in: home.outside).expect(0)
        #expect(one.output.hasPrefix("uv.lock: six 1.15.0 -> 1."))
        #expect(try home.settledGeneration(root) == 4)
        #expect(try home.version("six", in: root) != "1.15.0")

        let locked = try FileSystem.read(root / "uv.lock")
        try home.write(root / "pyproject.toml", manifest("\"six>99\""))
        let failed = try home.envd("lock", in: root).expect(1)
        #expect(failed.errors.contains("could not lock `pyproject.toml`: ") && failed.errors.contains("six"))
        #expect(try FileSystem.read(root / "uv.lock") == locked)
        // The lock file of before goes with the manifest of before, whose environment is there: nothing is stale.
        try home.write(root / "pyproject.toml", manifest("\"six\", \"idna\""))
        #expect(try home.settledGeneration(root) == 4)
        #expect(!(try home.envd("status", in: root).expect(0).output.contains("stale")))
    }

    @Test(
        "a member is built and locked with its whole workspace allowed, and with no member denied; nothing runs before")
    func workspace() throws {
        let home = try Home()
        let marker = home.path / "ran"
        let whole = try home.project(
            "ws",
            files: [
                "pyproject.toml": "[tool.uv.workspace]\nmembers = ['a', 'b']\n",
                "a/pyproject.toml": manifest("\"six\""),
                "b/pyproject.toml": """
                [project]
                name = "b"
                version = "1"
                \(ownBackend)
                """,
                "b/backend.py": "open('\(marker)', 'w')\nraise SystemExit(1)\n",
            ])
        let (member, other) = (whole / "a", whole / "b")
        try home.envd("allow", in: member).expect(0)
        #expect(home.envd("wait", in: member).status == 1)
        let told = try home.envd("status", in: member).expect(0).output
        #expect(told.contains("member of the workspace `\(whole)`, which is not allowed"), "\(told)")
        #expect(told.contains("envd allow \(whole)"))
        #expect(home.envd("lock", in: member).errors.contains("which is not allowed"))
        #expect(!FileSystem.exists(marker))
        // A denied member counts, whatever else is allowed.
        try home.envd("allow", in: other).expect(0)
        try home.envd("deny", in: other).expect(0)
        try? FileSystem.remove(marker)
        try home.envd("allow", in: whole).expect(0)
        #expect(home.envd("wait", in: member).status == 1)
        #expect(
            try home.envd("status", in: member).expect(0).output.contains(
                "`\(other)`, a member of its workspace, is denied"))
        #expect(home.envd("lock", in: whole).errors.contains("is denied"))
        #expect(!FileSystem.exists(marker))
        // Without it the rest is one project's as any other.
        try home.write(whole / "pyproject.toml", "[tool.uv.workspace]\nmembers = ['a']\n")
        try home.envd("wait", in: member).expect(0)
        try home.envd("lock", in: member).expect(0)
        #expect(FileSystem.exists(whole / "uv.lock"))
        #expect(!FileSystem.exists(marker))
    }

    @Test("a project that is not allowed, or denied, is refused and nothing of it runs")
    func notAllowed() throws {
        let home = try Home()
        let root = try home.project(files: [
            "pyproject.toml": """
            [project]
            name = "p"
            version = "1"
            dynamic = ["dependencies"]
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            """, "backend.py": "open('ran', 'w')\n",
        ])
        let unknown = try home.envd("lock", in: root).expect(1)
        #expect(unknown.errors.contains("is in no project that you allowed"))
        #expect(unknown.errors.contains("hint: envd allow"))
        try home.envd("deny", in: root).expect(0)
        #expect(try home.envd("lock", in: root).expect(1).errors.contains("is denied"))
        #expect(try FileSystem.list(root) == ["backend.py", "pyproject.toml"])
    }

    @Test("a lock goes on when its client is gone, the daemon answers meanwhile, and a denial ends it")
    func underWay() throws {
        let home = try Home()
        let project = try GatedLock(home)
        let root = project.root
        try home.envd("allow", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 1)

        try project.closeGate()
        try project.startLocking()
        try project.waitForArrival()
        #expect(try home.envd("status", in: root, within: 60).expect(0).output.contains("locking, for "))
        // A build that is asked for meanwhile waits until the files are as they will be.
        try home.envd("build", in: root, within: 60).expect(0)
        var status = ""
        for _ in 1...200 where !status.contains("(`envd build`)") {
            status = try home.envd("status", in: root, within: 60).expect(0).output
        }
        #expect(status.contains("waiting for its turn"), "\(status)")
        #expect(!(try home.envd("log", in: root).expect(0).output.contains("building `gated`")))
        #expect(home.envd("wait", "--timeout", "1ms", in: root).status == 75)
        try home.run("/bin/sh", ["-c", "kill -INT $(cat pid)"], in: root).expect(0)
        try project.openGate()
        #expect(try home.settledGeneration(root) != nil)
        let locked = try FileSystem.read(root / "uv.lock")
        #expect(String(decoding: locked, as: UTF8.self).contains("name = \"six\""))

        try home.write(root / "pyproject.toml", GatedLock.manifest("2"))
        #expect(try home.settledGeneration(root) != nil)
        try project.closeGate()
        try project.startLocking()
        try project.waitForArrival()
        try home.envd("deny", in: root).expect(0)
        try home.waitForLock(project.buildingLock)
        try FileEvents.wait(in: root, for: "word to the client") {
            FileSystem.exists(root / "ended")
        }
        let told = String(decoding: try FileSystem.read(root / "said"), as: UTF8.self)
        #expect(told.hasPrefix("error: could not lock `"), "\(told)")
        #expect(try FileSystem.read(root / "uv.lock") == locked)
    }
}

/// A project whose dependencies its own backend knows, and tells only when a gate is open. It works on a copy, and
/// leaves word where whatever an engine starts may write.
private final class GatedLock {
    let home: Home
    let root: Path
    private let word: Path
    private var gate: Int32 = -1

    /// Held by the backend while it runs.
    var buildingLock: Path { word / "building.lock" }

    init(_ home: Home) throws {
        self.home = home
        word = try home.canary()
        try FileSystem.makeDirectories(word)
        root = try home.project(files: [
            "pyproject.toml": Self.manifest("1"), "backend.py": Self.backend(word), "token": Self.token,
        ])
    }

    deinit {
        if gate >= 0 { close(gate) }
        try? FileSystem.remove(word)
    }

    func closeGate() throws {
        try? FileSystem.remove(word / "arrived")
        // For uv, what the build of the environment told it counts no more; for envd nothing changed.
        try home.write(root / "token", Self.token)
        try FileSystem.makeFifo(root / "gate")
        gate = FileSystem.withCPath(root / "gate") { open($0, O_RDWR | O_CLOEXEC) }
        guard gate >= 0 else { throw SystemError("open the gate", root) }
    }

    func openGate() throws {
        try FileSystem.remove(root / "gate")
        guard Glibc.write(gate, [UInt8](repeating: 1, count: 64), 64) == 64 else {
            throw SystemError("open the gate", root)
        }
    }

    /// `envd lock` beside the test; its number is in `pid`, what it says in `said`.
    func startLocking() throws {
        for name in ["said", "ended", "pid"] { try FileSystem.remove(root / name) }
        let command = "sh -c 'echo $$ >pid; exec envd lock >said 2>&1'; : >ended"
        try home.run("/bin/sh", ["-c", "(\(command)) >/dev/null 2>&1 </dev/null &"], in: root).expect(0)
    }

    func waitForArrival() throws {
        try FileEvents.wait(in: word, for: "lock at the gate", within: 180) { FileSystem.exists(word / "arrived") }
    }

    static func manifest(_ version: String) -> String {
        """
        [project]
        name = "gated"
        version = "\(version)"
        \(ownBackend)

        [tool.uv]
        cache-keys = [{ file = "token" }]

        """
    }

    private static let token = "token"

    private static func backend(_ word: Path) -> String {
        """
        import fcntl, os, re, zipfile

        VERSION = re.search('version = "(.*)"', open("pyproject.toml").read())[1]
        METADATA = f"Metadata-Version: 2.2\\nName: gated\\nVersion: {VERSION}\\nDynamic: requires-dist\\nRequires-Dist: six\\n"


        def prepare_metadata_for_build_wheel(directory, config_settings=None):
            lock = open("\(word)/building.lock", "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.path.exists("gate"):
                gate = os.open("gate", os.O_RDONLY)
                open("\(word)/arrived", "w").close()
                os.read(gate, 1)
            info = f"gated-{VERSION}.dist-info"
            os.mkdir(os.path.join(directory, info))
            with open(os.path.join(directory, info, "METADATA"), "w") as file:
                file.write(METADATA)
            return info


        prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


        def build_editable(directory, config_settings=None, metadata_directory=None):
            name = f"gated-{VERSION}-py3-none-any.whl"
            info = f"gated-{VERSION}.dist-info"
            with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
                wheel.writestr("gated.pth", os.getcwd() + "\\n")
                wheel.writestr(f"{info}/METADATA", METADATA)
                wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr(f"{info}/RECORD", "")
            return name

        """
    }
}
