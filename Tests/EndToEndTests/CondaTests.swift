import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A conda project, from the file to the environment")
struct CondaTests {
    /// `main` and `other`, made once for a run.
    static let channels = Task<Path, any Error> {
        let place = Programs.cache / "channels"
        try await CondaChannels.make(in: place)
        return place
    }

    /// An environment.yml as the field writes them.
    static func manifest(_ channels: Path, _ packages: String = "", pip: String = "      - idna") -> String {
        """
        name: field
        channels:
          - file://\(channels)/main
          - file://\(channels)/other
          - nodefaults
        dependencies:
          - python=3
          - six
          - libdemo
          - demo-program
          - only-other
        \(packages)
          - pip:
              - -r requirements.txt
        \(pip)
        variables:
          FIELD: "a 'b'"
        prefix: /somewhere/else

        """
    }

    static let question = """
        import ctypes, os, six, idna, attr
        ctypes.CDLL('libdemo.so')
        print(six.__version__, os.environ['FIELD'], os.environ['DEMO_HOME'], os.environ['DEMO_ACTIVE'])
        """

    @Test("the field's usual environment.yml is active in every shell, and leaving restores everything")
    func usual() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": Self.manifest(channels), "requirements.txt": "attrs\n", "ask.py": Self.question,
        ])
        var sessions: [(session: HookedShell, before: [ByteString])] = []
        for shell in Shell.allCases {
            let session = try HookedShell(shell, in: home)
            sessions.append((session, try session.environment()))
        }
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        let status = try home.status(root)
        #expect(status.current?.number == 1, "\(home.envd("log", in: root).output)")
        #expect(status.current?.engine.hasPrefix("rattler ") == true)
        let prefix = try #require(status.current?.prefix)
        for (session, before) in sessions {
            try session.run("cd '\(root)'")
            #expect(try session.output("python ask.py") == "1.15.0 a 'b' here 1", "\(session.shell)")
            #expect(try session.output("demo-program") == "2 \(prefix)/share")
            let inside = try session.environment()
            for line in ["PREFIX=\(prefix)", "DEFAULT_ENV=field", "SHLVL=1", "PROMPT_MODIFIER=(field) "] {
                #expect(inside.contains(ByteString("CONDA_" + line)), "\(session.shell): \(line)")
            }
            #expect(!inside.contains { $0.description.hasPrefix("VIRTUAL_ENV") })
            try session.run("cd '\(home.outside)'")
            #expect(try session.environment() == before, "\(session.shell)")
        }
        // Nothing was written into the project.
        #expect(
            try FileSystem.list(root).sorted()
                == ["ask.py", "environment.yml", "requirements.txt"].map { ByteString($0) })
    }

    @Test("another package is another generation, without a fetch of what is there; the way back takes no engine")
    func again() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let files = ["environment.yml": Self.manifest(channels), "requirements.txt": "attrs\n"]
        let root = try home.project(files: files)
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        try home.write(root / "environment.yml", Self.manifest(channels, "  - moving=1.0"))
        try home.waitForCurrent(2, of: root, within: 120)
        let log = try home.envd("log", in: root).expect(0).output
        #expect(log.contains("fetched moving 1.0 (1 of 1)"), "\(log)")
        #expect(try home.envd("diff", in: root).expect(0).output == "+ moving 1.0  (conda)\n")
        try home.write(root / "environment.yml", Self.manifest(channels))
        try home.waitForCurrent(1, of: root)
        #expect(try home.envd("log", in: root).expect(0).output == log)
    }

    /// What a manifest asks for that cannot be had, and what its user is told.
    static let spoilings: [(package: String, words: [String])] = [
        ("wants-one", ["do not fit together", "libdemo"]), ("no-such-thing-anywhere", ["no-such-thing-anywhere"]),
        ("truncated", ["truncated"]), ("wrong-hash", ["wrong-hash", "another hash"]),
        ("needs-future", ["__glibc"]), ("climbs-out", ["leads out of the environment"]),
    ]

    @Test("what cannot be had leaves the old environment, and is named")
    func spoiled() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": Self.manifest(channels), "requirements.txt": "attrs\n",
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        for (package, words) in Self.spoilings {
            try home.write(root / "environment.yml", Self.manifest(channels, "  - \(package)"))
            try home.envd("build", in: root)
            try home.envd("wait", in: root, within: 120).expect(1)
            let told = try home.envd("status", in: root).expect(0).output
            for word in words { #expect(told.contains(word), "\(package): \(told)") }
            #expect(try home.status(root).current?.number == 1)
        }
        let text = Self.manifest(channels).replacing("/other", with: "/gone")
        try home.write(root / "environment.yml", text)
        try home.envd("build", in: root)
        try home.envd("wait", in: root, within: 120).expect(1)
        let told = try home.envd("status", in: root).expect(0).output
        #expect(told.contains("\(channels)/gone"), "\(told)")
        try home.write(root / "environment.yml", Self.manifest(channels))
        try home.envd("wait", in: root, within: 120).expect(0)
        #expect(try home.status(root).state == "ready")
    }

    @Test("a pyproject.toml beside it lies on top, in one environment")
    func hybrid() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": Self.manifest(channels), "requirements.txt": "attrs\n",
            "pyproject.toml": """
            [project]
            name = "hybrid"
            version = "1"
            dependencies = ["idna", "six>=1.15"]
            [dependency-groups]
            dev = ["iniconfig"]

            """,
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        let code = "import six, idna, attr, iniconfig; print(six.__version__)"
        let answer = home.run(Programs.envd, ["exec", root.description, "--", "python", "-c", code])
        // conda's own stays.
        #expect(try answer.expect(0).output == "1.15.0\n", "\(home.envd("log", in: root).output)")
    }

    @Test("LD_LIBRARY_PATH is as the project says, else as the user says")
    func libraries() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": "channels: [file://\(channels)/main, nodefaults]\ndependencies: [libdemo]\n"
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        func path() throws -> String? {
            let current = try #require(try home.status(root).current)
            let document = try environmentDocument(home.envd("env", "--json", in: root).expect(0).output)
            return (document["LD_LIBRARY_PATH"] ?? nil)?.replacing(current.prefix, with: "PREFIX")
        }
        // Without Python it is a whole environment, too.
        #expect(try home.status(root).state == "ready")
        #expect(try path() == "PREFIX/.envd/lib")
        try home.directory.write("home/.config/envd/config.toml", "ld_library_path = \"off\"\n")
        try home.waitForCurrent(2, of: root)
        #expect(try path() == nil)
        try home.write(root / "envd.toml", "ld_library_path = \"full\"\n")
        try home.waitForCurrent(3, of: root)
        #expect(try path() == "PREFIX/lib")
    }

    @Test("`envd update` takes conda's packages by name, too")
    func update() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": "channels: [file://\(channels)/main, nodefaults]\ndependencies: [moving, libdemo]\n"
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        #expect(try home.envd("update", "nothing-of-it", in: root).expect(1).errors.contains("no package of that name"))
        try home.envd("update", "moving", in: root).expect(0)
        try home.envd("wait", in: root, within: 120).expect(0)
        #expect(try home.status(root).current?.number == 2)
        #expect(try home.envd("log", in: root).expect(0).output.contains("rattler solve"))
        try home.envd("build", in: root).expect(0)
        try home.envd("wait", in: root, within: 120).expect(0)
        #expect(try home.envd("log", in: root).expect(0).output.contains("they stay as they are"))
    }

    @Test("scripts that packages want to run are run only where the user's settings say so")
    func linkScripts() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": "channels: [file://\(channels)/main, nodefaults]\ndependencies: [post-link]\n"
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        let mark = try home.store(root) / "current/it-ran"
        #expect(!FileSystem.exists(mark))
        #expect(try home.envd("log", in: root).expect(0).output.contains("scripts that were not run: post-link"))
        try home.directory.write("home/.config/envd/config.toml", "[conda]\npost_link_scripts = true\n")
        // It changes nothing of what is asked for: the next build obeys it.
        try home.envd("build", in: root).expect(0)
        try home.envd("wait", in: root, within: 120).expect(0)
        #expect(FileSystem.exists(mark))
    }

    @Test("what the driver can do decides which variant is built, and another driver is another environment")
    func cuda() async throws {
        let channels = try await Self.channels.value
        let home = try Home(["CONDA_OVERRIDE_CUDA": ""])
        let root = try home.project(files: [
            "environment.yml": "channels: [file://\(channels)/main, nodefaults]\ndependencies: [accel]\n"
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        func variant() throws -> String {
            String(decoding: try FileSystem.read(try home.store(root) / "current/share/accel"), as: UTF8.self)
        }
        #expect(try variant() == "cpu\n")
        home.variables["CONDA_OVERRIDE_CUDA"] = "12.4"
        try home.envd("build", in: root).expect(0)
        try home.envd("wait", in: root, within: 120).expect(0)
        #expect(try variant() == "cuda\n")
        // Back on the machine without it, what was built there serves.
        home.variables["CONDA_OVERRIDE_CUDA"] = ""
        try home.envd("allow", in: root).expect(0)
        try home.waitForCurrent(1, of: root)
        #expect(try variant() == "cpu\n")
    }

    @Test("what the manifest on top wants of Python is asked of conda, too")
    func wantedPython() async throws {
        let channels = try await Self.channels.value
        let home = try Home()
        func manifest(_ python: String) -> String {
            "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \"\(python)\"\n"
        }
        let root = try home.project(files: [
            "environment.yml": "channels: [file://\(channels)/main, nodefaults]\ndependencies: [python, six]\n",
            "pyproject.toml": manifest(">=3.99"),
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(1)
        #expect(try home.envd("status", in: root).expect(0).output.contains("python >=3.99"))
        try home.write(root / "pyproject.toml", manifest(">=3.9"))
        try home.envd("build", in: root).expect(0)
        try home.envd("wait", in: root, within: 120).expect(0)
    }

    @Test("a project of pixi's is left to pixi, with a word")
    func pixi() throws {
        let home = try Home()
        let root = try home.project(files: ["pixi.toml": "[workspace]\nchannels = []\n"])
        let told = try home.envd("allow", in: root).expect(1).errors
        #expect(told.contains("`pixi.toml`: pixi has its own activation, and envd stands aside"), "\(told)")
    }
}
