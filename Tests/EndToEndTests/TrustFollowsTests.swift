import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("An allowed project does what was allowed, and asks for the rest")
struct TrustFollowsTests {
    /// What waits for the user's word, each `kind text`.
    private func asks(_ home: Home, _ root: Path) throws -> [String] {
        #expect(home.envd("wait", in: root).status == 1)
        let status = try home.status(root)
        #expect(status.state == "waiting for your word")
        return (status.asks ?? []).map { "\($0.source.kind) \($0.source.text)" }
    }

    @Test("an edit of packages is built at once; one that names another source waits, is told and can be taken back")
    func edits() throws {
        let home = try Home()
        let port = try SilentPort()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let session = try HookedShell(.bash, in: home, directory: root)
        try home.write(root / "requirements.txt", "idna\nsix\n")
        try home.waitForCurrent(2, of: root)

        let other = "idna\nsix\n--extra-index-url http://u:secret@127.0.0.1:\(port.number)/simple\n-e ./pkg\n"
        try home.write(root / "requirements.txt", other)
        try home.waitForNotice("waits for your word", about: root)
        let shown = try session.run("true")
        #expect(shown.contains("waits for your word: path pkg (requirements.txt:4), and 1 more"), "\(shown)")
        #expect(try asks(home, root) == ["path pkg", "index http://127.0.0.1:\(port.number)/simple"])
        #expect(try home.status(root).asks?.map(\.location?.line) == [4, 3])
        let told = try home.envd("status", in: root).expect(0).output
        #expect(told.contains("waiting for your word (the old environment is active)"), "\(told)")
        #expect(told.contains("asks for     path pkg (requirements.txt:4)"), "\(told)")
        #expect(told.contains("to allow it  envd allow \(root)"), "\(told)")
        // Nothing gets around it.
        home.envd("build", in: root)
        home.envd("update", in: root)
        #expect(try asks(home, root).count == 2)
        #expect(home.envd("lock", "-C", "\(root)").status == 1)
        let log = home.envd("log", in: root).output
        for text in [told, shown, log] { #expect(!text.contains("secret"), "\(text)") }
        #expect(try home.generations(root) == ["1", "2"])
        #expect(!port.wasCalled)
        #expect(try session.imports("six") == "yes")

        try home.write(root / "requirements.txt", "idna\n")
        try home.envd("wait", in: root).expect(0)
        #expect(try home.status(root).state == "ready")
    }

    @Test("the next allow grants what was asked for, shows it alone, and asks no more for it")
    func grant() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        for name in ["a", "b"] { try FileSystem.makeDirectories(root / name, mode: 0o755) }
        try home.write(root / "requirements.txt", "--find-links ./a\nidna\nsix\n")
        #expect(try asks(home, root) == ["findLinks a"])
        let dry = try home.envd("allow", "--dry-run", in: root).expect(0).output
        #expect(dry.contains("new          links a (requirements.txt:1)"), "\(dry)")
        #expect(try asks(home, root) == ["findLinks a"])
        let allowed = try home.envd("allow", in: root).expect(0).output
        #expect(allowed.contains("new          links a (requirements.txt:1)"), "\(allowed)")
        try home.envd("wait", in: root).expect(0)
        try home.write(root / "requirements.txt", "--find-links ./a\nidna\n")
        try home.envd("wait", in: root).expect(0)
        #expect(try home.envd("allow", in: root).expect(0).output.contains("new          nothing"))
        // It is remembered.
        home.stopDaemon()
        try home.write(root / "requirements.txt", "--find-links ./a\n--find-links ./b\nidna\n")
        #expect(try asks(home, root) == ["findLinks b"])
        try home.write(root / "requirements.txt", "--find-links ./a\nsix\n")
        try home.envd("wait", in: root).expect(0)
        // A fresh word begins anew.
        try home.envd("deny", in: root).expect(0)
        try home.write(root / "requirements.txt", "six\n")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        try home.write(root / "requirements.txt", "--find-links ./a\nsix\nattrs\n")
        #expect(try asks(home, root) == ["findLinks a"])
        // A link that is turned elsewhere is another place.
        for name in ["b", "c"] { try FileSystem.makeDirectories(root / name) }
        try FileSystem.replaceLink(root / "l", to: "b")
        try home.write(root / "requirements.txt", "--find-links ./l\nsix\n")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        try FileSystem.replaceLink(root / "l", to: "c")
        try home.write(root / "requirements.txt", "--find-links ./l\nidna\n")
        #expect(try asks(home, root) == ["findLinks l"])
    }

    @Test("a changed build backend of the project's own is not run before it is allowed")
    func backend() throws {
        let home = try Home()
        let project = try GatedProject(home)
        try home.envd("allow", in: project.root).expect(0)
        try home.envd("wait", in: project.root).expect(0)
        let builds = project.builds
        try project.save(dependencies: "\"idna\"")
        try home.envd("wait", in: project.root).expect(0)
        #expect(project.builds > builds)
        let before = project.builds
        let backend = String(decoding: try FileSystem.read(project.root / "backend.py"), as: UTF8.self)
        try home.write(project.root / "backend.py", backend + "\n# another\n")
        try project.save(dependencies: "\"idna\", \"six\"")
        #expect(try asks(home, project.root) == ["buildScript backend.py"])
        #expect(project.builds == before)
        try home.envd("allow", in: project.root).expect(0)
        try home.envd("wait", in: project.root).expect(0)
        #expect(project.builds > before)
    }

    @Test("packages without a wheel are named together before code of them runs, and one allow is enough for them")
    func sourceDistributions() throws {
        let home = try Home()
        let canary = try home.canary()
        let root = try home.project(files: ["requirements.txt": "--find-links ./links\nidna\nalpha-sdist\nbeta-sdist\n"]
        )
        for name in ["alpha-sdist", "beta-sdist", "gamma-sdist"] {
            try SourceDistribution(name, canary: canary).publish(in: root / "links")
        }
        // The links are trusted with the first word, what they hold is not.
        try home.envd("allow", in: root).expect(0)
        #expect(try asks(home, root) == ["sourceDistribution alpha-sdist", "sourceDistribution beta-sdist"])
        #expect(!FileSystem.exists(canary))
        let told = home.envd("status", in: root).output
        #expect(told.contains("alpha-sdist, which has no wheel here and is built from source (requirements.txt:3)"))
        let allowed = try home.envd("allow", in: root).expect(0).output
        #expect(allowed.contains("new          beta-sdist, which has no wheel"), "\(allowed)")
        try home.envd("wait", in: root).expect(0)
        try home.envd("exec", "--", "python", "-c", "import alpha_sdist, beta_sdist, idna", in: root).expect(0)

        let line = "--find-links ./links\nidna\nalpha-sdist\nbeta-sdist\ngamma-sdist\n"
        try home.write(root / "requirements.txt", line)
        #expect(try asks(home, root) == ["sourceDistribution gamma-sdist"])
        try home.envd("allow", "--build", "Gamma_Sdist", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
    }

    @Test("any package may be built where the user says so, and none again")
    func anySourceDistribution() throws {
        let home = try Home()
        let canary = try home.canary()
        let root = try home.project(files: ["requirements.txt": "--find-links ./links\nalpha-sdist\n"])
        for name in ["alpha-sdist", "beta-sdist"] {
            try SourceDistribution(name, canary: canary).publish(in: root / "links")
        }
        try home.envd("allow", "--build", ":all:", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        #expect(FileSystem.exists(canary))
        try home.envd("allow", "--build", ":none:", in: root).expect(0)
        try home.write(root / "requirements.txt", "--find-links ./links\nalpha-sdist\nbeta-sdist\n")
        #expect(try asks(home, root) == ["sourceDistribution alpha-sdist", "sourceDistribution beta-sdist"])
        #expect(home.envd("allow", "--build", "no name", in: root).status == 1)
    }

    @Test("a project that an older version allowed goes on as it did, and asks from now on")
    func olderRow() throws {
        let home = try Home()
        let canary = try home.canary()
        let lines = "--find-links ./links\nidna\n"
        let root = try home.project(files: ["requirements.txt": lines])
        try SourceDistribution("alpha-sdist", canary: canary).publish(in: root / "links")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        home.stopDaemon()
        let strip = """
            import json, sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            for key, text in database.execute("SELECT id, record FROM project").fetchall():
                record = json.loads(text.split("\\n")[0])
                assert record.pop("grant")
                database.execute("UPDATE project SET record = ? WHERE id = ?", (json.dumps(record), key))
            database.commit()
            """
        try home.run("/usr/bin/env", ["python3", "-c", strip, "\(home.path)/state/envd/envd.db"]).expect(0)
        try home.envd("wait", in: root).expect(0)
        try home.write(root / "requirements.txt", lines + "alpha-sdist\n")
        try home.envd("wait", in: root).expect(0)
        try home.write(root / "requirements.txt", lines + "-e ./other\n")
        #expect(try asks(home, root) == ["path other"])
    }

    @Test("where every change asks, each is named, a comment too, and nothing is built before the word")
    func ask() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n", "more.txt": "six\n"])
        let mode = try home.envd("allow", "--ask", in: root).expect(0).output
        #expect(mode.contains("every change of its files waits for another `envd allow`"))
        try home.envd("wait", in: root).expect(0)
        try home.write(root / "requirements.txt", "# said\nidna\n-r more.txt\n")
        #expect(try asks(home, root) == ["changedFile more.txt", "changedFile requirements.txt"])
        home.envd("build", in: root)
        #expect(try asks(home, root).count == 2)
        #expect(try home.generations(root) == ["1"])
        let allowed = try home.envd("allow", in: root).expect(0).output
        #expect(allowed.contains("changed      requirements.txt"), "\(allowed)")
        try home.envd("wait", in: root).expect(0)
        #expect(try home.status(root).current?.number == 2)
        try home.write(root / "requirements.txt", "# other\nidna\n-r more.txt\n")
        #expect(try asks(home, root) == ["changedFile requirements.txt"])
        try home.write(root / "requirements.txt", "# said\nidna\n-r more.txt\n")
        try home.envd("wait", in: root).expect(0)
        try home.envd("allow", "--follow", in: root).expect(0)
        try home.write(root / "requirements.txt", "idna\n")
        try home.envd("wait", in: root).expect(0)
    }

    @Test("the user's settings may have every project ask, beginning with what stands; the project's own say nothing")
    func askEverywhere() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let settings = home.path / "home/.config/envd/config.toml"
        try FileSystem.makeDirectories(settings.parent)
        try home.write(settings, "trust = \"ask\"\n")
        try home.envd("wait", in: root).expect(0)
        try home.write(root / "envd.toml", "trust = \"follow\"\n")
        #expect(home.envd("wait", in: root).status == 1)
        #expect(try home.status(root).failure?.message.contains("`trust` is no key") == true)
        try home.write(root / "envd.toml", "layers = [\"python\"]\n")
        #expect(try asks(home, root) == ["changedFile envd.toml"])
        // What the user changes of the user's is no change of the project.
        try FileSystem.remove(root / "envd.toml")
        try home.write(settings, "trust = \"ask\"  # said\n")
        try home.envd("wait", in: root).expect(0)
    }

    @Test("what is allowed is shown in a few lines before it is, for people and for programs, without credentials")
    func shown() throws {
        let home = try Home()
        let root = try home.project(files: [
            "pyproject.toml": """
            [project]
            name = "demo"
            version = "1"
            dependencies = ["idna", "six"]
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [[tool.uv.index]]
            url = "https://u:secret@i.example/simple"
            """
        ])
        let text = try home.envd("allow", "--dry-run", in: root).expect(0).output
        let lines = text.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "`envd allow` would allow `\(root)`:", "  follows      pyproject.toml (2 packages)",
                "  runs         build backend setuptools.build_meta (requires setuptools) (pyproject.toml:5)",
                "  takes from   index https://i.example/simple (pyproject.toml:9)",
                "the project itself is installed editable: its build backend may write *.egg-info into it",
            ], "\(text)")
        #expect(try home.status(root).state == "not allowed")
        let json = try home.envd("allow", "--dry-run", "--json", in: root).expect(0).output
        for part in [
            "\"isDryRun\" : true", "\"kind\" : \"index\"", "\"packages\" : 2", "\"mode\" : \"follow\"",
            "\"installsProject\" : true",
        ] {
            #expect(json.contains(part), "\(json)")
        }
        #expect(!(text + json).contains("secret"))
    }
}
