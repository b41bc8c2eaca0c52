import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Manifests, from the file to the environment")
struct ManifestTests {
    @Test("an edit of an included requirements file or constraint is built, what means nothing is not")
    func includes() throws {
        let home = try Home()
        let root = try home.ready(files: [
            "requirements.txt": "-r more/base.txt\n-c more/limits.txt\nsix\n", "more/base.txt": "idna\n",
            "more/limits.txt": "six<1.17\n",
        ])
        #expect(try home.version("six", in: root) == "1.16.0")
        try home.write(root / "more/base.txt", "idna\niniconfig\n")
        try home.waitForCurrent(2, of: root)
        #expect(try home.version("iniconfig", in: root) != nil)
        try home.write(root / "more/limits.txt", "six<1.16\n")
        try home.waitForCurrent(3, of: root)
        #expect(try home.version("six", in: root) == "1.15.0")

        let log = try home.envd("log", in: root).expect(0).output
        try home.run("/usr/bin/touch", ["requirements.txt", "more/base.txt"], in: root).expect(0)
        #expect(try home.settledGeneration(root) == 3)
        try home.write(root / "more/base.txt", "# what the rest needs\nidna\n\niniconfig   # and this\n")
        #expect(try home.settledGeneration(root) == 3)
        #expect(try home.envd("log", in: root).expect(0).output == log)
        #expect(try home.generations(root) == ["1", "2", "3"])
    }

    @Test("a comment, an order of tables and another tool's settings build nothing")
    func otherTools() throws {
        let home = try Home()
        let root = try home.ready(files: ["pyproject.toml": manifest("\"idna\", \"six\"")])
        for text in [
            manifest("\"idna\", \"six\"", extra: "[tool.ruff]\nline-length = 100"),
            manifest("\"idna\", # a comment\n  \"six\""), manifest("'six', 'idna'"),
            "[tool.ruff]\nline-length = 80\n" + manifest("\"idna\", \"six\""),
        ] {
            try home.write(root / "pyproject.toml", text)
            #expect(try home.settledGeneration(root) == 1)
        }
        #expect(try home.generations(root) == ["1"])
    }

    @Test("a lock file's versions are what is installed, and a stale lock is told and stops nothing")
    func lock() throws {
        let home = try Home()
        let root = try home.project(files: ["pyproject.toml": manifest("\"six==1.15.0\"")])
        let uv = try Programs.uv()
        // A lock that the manifest still allows and that is not what resolving anew would give.
        try home.run(uv, ["lock", "--python", "/usr/bin/python3"], in: root).expect(0)
        try home.write(root / "pyproject.toml", manifest("\"six\""))
        try home.run(uv, ["lock", "--python", "/usr/bin/python3"], in: root).expect(0)
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        #expect(try home.version("six", in: root) == "1.15.0")

        try home.write(root / "pyproject.toml", manifest("\"six\", \"idna\""))
        try home.waitForCurrent(2, of: root)
        #expect(try home.version("idna", in: root) != nil)
        #expect(try home.version("six", in: root) == "1.15.0")
        #expect(try home.envd("log", in: root).expect(0).output.contains("uv.lock"))
    }

    @Test("the group dev is installed, and the project itself is editable")
    func editable() throws {
        let home = try Home()
        let root = try home.ready(files: [
            "pyproject.toml": manifest(
                "\"idna\"",
                extra: """
                    [dependency-groups]
                    dev = ["iniconfig"]

                    [build-system]
                    requires = ["hatchling"]
                    build-backend = "hatchling.build"

                    [tool.hatch.build.targets.wheel]
                    packages = ["demo"]
                    """),
            "demo/__init__.py": "answer = 1\n",
        ])
        let answer = ["exec", root.description, "--", "python", "-c", "import demo, iniconfig; print(demo.answer)"]
        #expect(try home.run(Programs.envd, answer).expect(0).output == "1\n")
        try home.write(root / "demo/__init__.py", "answer = 22\n")
        #expect(try home.run(Programs.envd, answer).expect(0).output == "22\n")
        #expect(try home.settledGeneration(root) == 1)
    }

    @Test("saves by rename, a manifest that comes and goes, and a link that turns elsewhere are seen")
    func waysToSave() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n", "a.txt": "six\n", "b.txt": "iniconfig\n"])
        let session = try HookedShell(.bash, in: home, directory: root)
        // As vim does with `backupcopy=no`: the old file is moved away, the new one takes its name.
        try FileSystem.rename(root / "requirements.txt", to: root / "requirements.txt~")
        try home.write(root / "requirements.txt", "idna\nsix\n")
        try home.waitForCurrent(2, of: root)
        try FileSystem.rename(root / "requirements.txt", to: root / "requirements.txt~")
        try home.write(root / "requirements.txt", "idna\niniconfig\n")
        try home.waitForCurrent(3, of: root)
        try FileSystem.remove(root / "requirements.txt")
        try home.waitForNotice("is not up to date", about: root)
        try session.promptUntil(3)
        #expect(try session.imports("iniconfig") == "yes")
        try FileSystem.replaceLink(root / "requirements.txt", to: "a.txt")
        try home.waitForCurrent(4, of: root)
        try session.promptUntil(4)
        #expect(try session.imports("six") == "yes")
        try FileSystem.replaceLink(root / "requirements.txt", to: "b.txt")
        try home.waitForCurrent(5, of: root)
        try home.write(root / "b.txt", "iniconfig\nsix\n")
        try home.waitForCurrent(6, of: root)
        try session.promptUntil(6)
        #expect(try session.imports("six") == "yes")
        #expect(try session.imports("idna") != "yes")
    }

    @Test("twenty edits during a build cause at most one more build, of the last state")
    func manyEdits() throws {
        let home = try Home()
        let project = try GatedProject(home)
        try home.envd("allow", in: project.root).expect(0)
        try home.envd("wait", in: project.root).expect(0)
        try project.closeGate()
        try project.save(dependencies: "\"idna\"")
        try project.waitForArrival()
        let before = project.builds
        for edit in 1...20 { try project.save(dependencies: "\"idna>=2.\(edit % 8)\", \"six>=1.\(edit % 10)\"") }
        try project.save(dependencies: "\"six\"")
        try project.openGate()
        try home.envd("wait", in: project.root).expect(0)
        #expect(project.builds <= before + 1)
        #expect(try home.version("six", in: project.root) != nil)
        #expect(try home.version("idna", in: project.root) == nil)
        #expect(try home.status(project.root).current?.number ?? 0 <= 3)
    }
}

extension Home {
    /// The version of a package in a project's environment; nil where it is not there.
    func version(_ package: String, in root: Path) throws -> String? {
        let program = """
            from importlib import metadata
            try:
                print(metadata.version("\(package)"))
            except metadata.PackageNotFoundError:
                pass
            """
        let said = try run(Programs.envd, ["exec", root.description, "--", "python", "-c", program]).expect(0).output
        return said.isEmpty ? nil : String(said.dropLast())
    }
}
