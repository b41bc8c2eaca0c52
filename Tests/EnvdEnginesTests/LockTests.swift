import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

extension Workshop {
    /// What `envd lock` has done in the project.
    @discardableResult
    func update(_ upgrade: LockUpgrade = .nothing) async throws -> LockUpdate {
        var context = try context()
        context.engines = RealPoetry.engines
        let layer = try ManifestReader.read(root).spec.get().python
        return try await ProjectLocker(layer, root: root, excluding: [root], context: context).lock(upgrade)
    }

    /// Whether a program ends well in the project; it may not.
    func succeeds(
        _ program: Path, _ arguments: [ByteString], _ variables: [ByteString: ByteString] = [:]
    ) async throws -> Bool {
        let environment = UvEngine.environment(try context()).values.merging(variables) { $1 }
        return await PlainCommandRunner().run(
            Command(
                executable: program, arguments: arguments, environment: environment, workingDirectory: root,
                writable: nil), onLine: { _ in }
        ).succeeded
    }

    func text(_ name: String) throws -> String {
        String(decoding: try FileSystem.read(root / name), as: UTF8.self)
    }

    /// Expects a second run to leave a file alone, to the nanosecond.
    func expectUntouched(_ names: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let before = try names.map { try FileSystem.status(root / $0) }
        let update = try await update()
        #expect(update.files.map(\.isWritten) == names.map { _ in false }, sourceLocation: sourceLocation)
        #expect(update.files.map(\.path) == names.map { root / $0 }, sourceLocation: sourceLocation)
        #expect(try names.map { try FileSystem.status(root / $0) } == before, sourceLocation: sourceLocation)
    }

    /// Expects an edit that nothing meets to fail with the tool's reason and to change no file.
    func expectUnchanged(
        _ names: String..., reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try names.map { try text($0) }
        let entries = try FileSystem.list(root)
        let failure = try await failure { try await update() }
        #expect(failure.message.hasPrefix("could not "), "\(failure)", sourceLocation: sourceLocation)
        #expect(failure.message.contains(reason), "\(failure)", sourceLocation: sourceLocation)
        #expect(failure.hint != nil, sourceLocation: sourceLocation)
        #expect(try names.map { try text($0) } == before, sourceLocation: sourceLocation)
        #expect(try FileSystem.list(root) == entries, sourceLocation: sourceLocation)
    }
}

extension LockUpdate {
    /// `six 1.15.0 -> 1.16.0` of each file.
    fileprivate var told: [[String]] {
        files.map { $0.changes.map { "\($0.name) \($0.old ?? "-") -> \($0.new ?? "-")" } }
    }

    /// The names of what changed.
    fileprivate var names: [[String]] { files.map { $0.changes.map(\.name) } }
}

@Suite("envd lock")
struct LockTests {
    @Test("uv: what is stale is fresh, other pins stay, and an upgrade moves what it names")
    func uv() async throws {
        let workshop = try await Workshop()
        try workshop.writeProject("\"six<1.16\", \"idna<3.7\"")
        // Also where there was none.
        let first = try await workshop.update()
        #expect(first.files.map(\.isWritten) == [true])
        #expect(first.tool == "uv \(workshop.engine.version)")
        #expect(first.names == [["demo", "idna", "iniconfig", "six"]])
        try workshop.writeProject("\"six\", \"idna\", \"click\"")
        let check: [ByteString] = [
            "lock", "--check", "--project", workshop.root.bytes, "--python", workshop.interpreter.path.bytes,
        ]
        #expect(try await !workshop.succeeds(workshop.engine.executable, check))
        let second = try await workshop.update()
        #expect(try await workshop.succeeds(workshop.engine.executable, check))
        #expect(second.names == [["click", "colorama"]])
        #expect(try workshop.text("uv.lock").contains("name = \"six\"\nversion = \"1.15.0\""))
        try await workshop.expectUntouched("uv.lock")
        let third = try await workshop.update(.packages(["six"]))
        #expect(third.names == [["six"]] && third.told[0][0].hasPrefix("six 1.15.0 -> 1."))
        #expect(try await workshop.update(.everything).names == [["idna"]])
        try workshop.writeProject("\"six>99\"")
        try await workshop.expectUnchanged("uv.lock", reason: "six")
        // Nothing else was put there, and nothing but this was made.
        #expect(try FileSystem.list(workshop.root) == ["pyproject.toml", "uv.lock"])
    }

    @Test("uv: a member of a workspace has the workspace's lock file written")
    func workspace() async throws {
        let workshop = try await Workshop()
        let top = workshop.directory.path
        try workshop.directory.write("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"project\"]\n")
        try workshop.writeProject("\"six\"")
        let update = try await workshop.update()
        #expect(update.files.map(\.path) == [top / "uv.lock"])
        #expect(FileSystem.exists(top / "uv.lock") && !FileSystem.exists(workshop.root / "uv.lock"))
    }

    @Test("Poetry 2 and 1: as with uv, by `poetry check --lock`", arguments: [RealPoetry.pinned, RealPoetry.old])
    func poetry(tool: Task<PythonToolDiscovery.Found, any Error>) async throws {
        func manifest(_ dependencies: String) -> String {
            "[tool.poetry]\nname = \"demo\"\nversion = \"0\"\ndescription = \"\"\nauthors = []\npackage-mode = false\n"
                + "[tool.poetry.dependencies]\npython = \"^3.9\"\n\(dependencies)\n" + RealPoetry.source
        }
        let project = try await PoetryProject(
            ["pyproject.toml": manifest("six = \"<1.16\"\nidna = \"<3.7\"")], poetry: tool)
        let workshop = project.workshop
        let isOld = project.poetry.version.hasPrefix("1.")
        // A program of the project's is none to run, nor is the path that its settings name.
        let mark = workshop.directory.path / "ran"
        let python = try workshop.directory.write("project/.venv/bin/python", "#!/bin/sh\n: > '\(mark)'\nexit 1\n")
        try FileSystem.setMode(python, 0o755)
        try workshop.write(".venv/pyvenv.cfg", "home = /usr/bin\n")
        func update(_ upgrade: LockUpgrade = .nothing) async throws -> LockUpdate {
            guard isOld else { return try await workshop.update(upgrade) }
            // The user's own, on PATH.
            let tools = workshop.directory.path / "tools"
            try FileSystem.makeDirectories(tools)
            try FileSystem.replaceLink(tools / "poetry", to: project.poetry.executable)
            var context = try project.context()
            context.userEnvironment["PATH"] = tools.bytes + ":/usr/bin:/bin"
            return try await ProjectLocker(
                project.layer(), root: project.root, excluding: [project.root], context: context
            ).lock(upgrade)
        }
        let environment = try await project.emptyEnvironment()
        #expect(try await update().names == [["idna", "six"]])
        try workshop.write("pyproject.toml", manifest("six = \"*\"\nidna = \"*\"\niniconfig = \"*\""))
        func isFresh() async throws -> Bool {
            try await workshop.succeeds(
                project.poetry.executable, project.poetry.leading + ["check", "--lock"],
                ["VIRTUAL_ENV": environment.bytes])
        }
        #expect(try await !isFresh())
        let second = try await update()
        #expect(second.tool == "poetry \(project.poetry.version)")
        #expect(second.names == [["iniconfig"]])
        #expect(try await isFresh())
        let before = try FileSystem.status(project.root / "poetry.lock")
        #expect(try await update().files.map(\.isWritten) == [false])
        #expect(try FileSystem.status(project.root / "poetry.lock") == before)
        let third = try await update(.packages(["six"]))
        #expect(third.names == [["six"]] && third.told[0][0].hasPrefix("six 1.15.0 -> 1."))
        #expect(try await update(.everything).names == [["idna"]])
        #expect(try await isFresh())
        let lock = try workshop.text("poetry.lock")
        try workshop.write("pyproject.toml", manifest("six = \">99\""))
        let failure = try await workshop.failure { _ = try await update() }
        #expect(failure.message.hasPrefix("could not lock `pyproject.toml`: because "), "\(failure)")
        #expect(try workshop.text("poetry.lock") == lock)
        #expect(try FileSystem.list(project.root) == [".venv", "poetry.lock", "pyproject.toml"])
        #expect(!FileSystem.exists(mark))
    }

    @Test("Poetry: a lock file that it cannot read is made anew, and stays where that fails")
    func damagedPoetry() async throws {
        func manifest(_ dependency: String) -> String {
            "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = \"^3.9\"\n\(dependency)\n"
                + RealPoetry.source
        }
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \">99\"")])
        let damaged = "[metadata]\nlock-version = \"9.0\"\ncontent-hash = \"x\"\n"
        try project.workshop.write("poetry.lock", damaged)
        try await project.workshop.expectUnchanged("poetry.lock", reason: "six")
        try project.workshop.write("pyproject.toml", manifest("six = \"*\""))
        #expect(try await project.workshop.update().names == [["six"]])
        try await project.poetry(
            ["check", "--lock"], in: project.root, environment: try await project.emptyEnvironment())
    }

    @Test("pipenv: as with uv, by `pipenv verify`, also for names that are not written as normalised")
    func pipenv() async throws {
        let workshop = try await Workshop()
        let real = try await workshop.venv("real")
        let pipenv = try await PythonTools.directory.value / "pipenv"
        func isFresh() async throws -> Bool {
            try await workshop.succeeds(pipenv, ["verify"], ["VIRTUAL_ENV": real.bytes])
        }
        try workshop.write(
            "Pipfile", "[packages]\nsix = '<1.16'\nidna = '<3.7'\n[dev-packages]\nIniConfig = '*'\n")
        try await workshop.update()
        #expect(try await isFresh())
        try workshop.write(
            "Pipfile", "[packages]\nsix = '*'\nidna = '*'\nclick = '*'\n[dev-packages]\nIniConfig = '*'\n")
        #expect(try await !isFresh())
        let second = try await workshop.update()
        #expect(second.names == [["click"]])
        #expect(second.tool.hasPrefix("pipenv 20"))
        #expect(try await isFresh())
        // Fresh for envd, too.
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        #expect(try await workshop.resolve(layer).packages["six"] == "1.15.0")
        #expect(!workshop.said.contains { $0.contains("stale") })
        try await workshop.expectUntouched("Pipfile.lock")
        let third = try await workshop.update(.packages(["six"]))
        #expect(third.names == [["six"]])
        #expect(try await workshop.update(.everything).names == [["idna"]])
        #expect(try await isFresh())
        try workshop.write("Pipfile", "[packages]\nsix = '>99'\n")
        try await workshop.expectUnchanged("Pipfile.lock", reason: "six")
        #expect(try FileSystem.list(workshop.root) == ["Pipfile", "Pipfile.lock"])
    }

    @Test("requirements: layered files of pip-tools are made again in order and as they were made")
    func pipTools() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.in", "six<1.16\nidna<3.7\n")
        try workshop.write("requirements-dev.in", "-c requirements.txt\niniconfig\nsix\n")
        let real = try await workshop.venv("real")
        try await workshop.tool("pip-compile", ["-q", "requirements.in"], environment: real)
        try await workshop.tool(
            "pip-compile", ["-q", "--generate-hashes", "--no-annotate", "requirements-dev.in"], environment: real)
        let command = try #require(
            try workshop.text("requirements-dev.txt").split(separator: "\n").first { $0.contains("pip-compile -") })
        // What is made by another tool and says the same stays as it is.
        try await workshop.expectUntouched("requirements.txt", "requirements-dev.txt")
        try workshop.write("requirements.in", "six<1.17\nidna\n")
        try workshop.write("requirements-dev.in", "-c requirements.txt\niniconfig\nsix>=1.16\n")
        let failure = try await workshop.failure { try await workshop.update() }
        #expect(failure.message.contains("`requirements-dev.in`") && failure.message.contains("six"), "\(failure)")
        // The first of the two could be locked; where the second cannot, neither is written.
        let second = try await workshop.update(.packages(["six"]))
        #expect(second.told == [["six 1.15.0 -> 1.16.0"], ["six 1.15.0 -> 1.16.0"]])
        let main = try workshop.text("requirements.txt")
        #expect(main.contains("idna==3.6\n    # via -r requirements.in\n"))
        #expect(!main.contains("--hash"))
        let development = try workshop.text("requirements-dev.txt")
        #expect(development.contains("--hash=sha256:") && !development.contains("# via"))
        #expect(development.contains(command))
        // Now that uv wrote them, to the byte.
        try await workshop.expectUntouched("requirements.txt", "requirements-dev.txt")
        try await workshop.pip(real, ["--dry-run", "--no-deps", "-r", "requirements-dev.txt"])
        #expect(try await workshop.update(.everything).names == [["idna"], []])
        try workshop.write("requirements-dev.in", "-c requirements.txt\niniconfig>99\n")
        try await workshop.expectUnchanged("requirements.txt", "requirements-dev.txt", reason: "iniconfig")
    }

    @Test(
        "requirements: uv's own options stay, a new file has its defaults, and one that includes another waits for it")
    func uvCompiled() async throws {
        let workshop = try await Workshop()
        // Neither of the two is there yet, and one is to be held by the other.
        try workshop.write("requirements-dev.in", "-c requirements.txt\niniconfig\nsix\n")
        try workshop.write("requirements.in", "six<1.16\ncolorama ; sys_platform == 'win32'\n")
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        #expect(try await workshop.resolve(layer).packages["six"] == "1.15.0")
        let first = try await workshop.update()
        #expect(first.files.map { $0.path.name } == ["requirements.txt", "requirements-dev.txt"])
        #expect(first.names == [["six"], ["iniconfig", "six"]])
        #expect(
            try workshop.text("requirements.txt").hasPrefix(
                """
                # This file was autogenerated by uv via the following command:
                #    uv pip compile requirements.in -o requirements.txt
                six==1.15.0

                """))
        try await workshop.run(
            workshop.engine.executable,
            [
                "pip", "compile", "-q", "requirements.in", "--universal", "--annotation-style=line", "-o",
                "requirements.txt", "--python", workshop.interpreter.path.bytes,
            ], [:])
        try workshop.write(
            "lib/pyproject.toml", "[project]\nname = 'mylib'\nversion = '1'\ndependencies = ['idna<3.7']\n")
        try workshop.write("requirements-dev.in", "-r requirements.txt\niniconfig\n")
        try workshop.write("requirements.in", "six\n-e ./lib\ncolorama ; sys_platform == 'win32'\n")
        let made = try workshop.text("requirements.txt")
        #expect(made.contains("sys_platform == 'win32'"))
        let second = try await workshop.update()
        #expect(second.files.map { $0.path.name } == ["requirements.txt", "requirements-dev.txt"])
        #expect(second.names == [["idna"], ["idna"]])
        let now = try workshop.text("requirements.txt")
        #expect(now.contains("sys_platform == 'win32'") && now.contains("six==1.15.0 ") && now.contains("# via -r"))
        #expect(now.contains("\n-e ./lib"))
        #expect(now.split(separator: "\n").prefix(2) == made.split(separator: "\n").prefix(2))
    }

    @Test("requirements: a file of hands beside a compiled one is no lock file, and makes none stale")
    func mixed() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.in", "six<1.16\n")
        try workshop.write("requirements-dev.txt", "iniconfig\n")
        #expect(try await workshop.update().files.map { $0.path.name } == ["requirements.txt"])
        func resolved() async throws -> Resolution {
            try await workshop.resolve(ManifestReader.read(workshop.root).spec.get().python)
        }
        try workshop.write("requirements.in", "six\n")
        let fresh = try await resolved()
        #expect(fresh.staleLock == nil && fresh.packages.keys.sorted() == ["iniconfig", "six"])
        #expect(fresh.packages["six"] == "1.15.0")
        try workshop.write("requirements.in", "six>=1.16\n")
        #expect(try await resolved().staleLock == "requirements.txt")
        #expect(try await workshop.update().names == [["six"]])
        #expect(try await resolved().staleLock == nil)
        try await workshop.expectUntouched("requirements.txt")
    }

    @Test("requirements: a file of somebody's hands, a link out of the project and a change meanwhile are left alone")
    func notOurs() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.in", "six\n")
        try workshop.write("requirements.txt", "# our pins\nidna==3.6\n")
        let hands = try await workshop.failure { try await workshop.update() }
        #expect(hands.message.contains("nothing in it says that it was compiled"), "\(hands)")
        #expect(try workshop.text("requirements.txt") == "# our pins\nidna==3.6\n")
        for target in ["../victim.txt", "../nothing.txt"] {
            try workshop.directory.write("victim.txt", "six==1.12.0\n    # via x\n")
            try FileSystem.replaceLink(workshop.root / "requirements.txt", to: Path(target))
            let link = try await workshop.failure { try await workshop.update() }
            #expect(link.message.hasPrefix("could not lock `requirements.txt`: it is a link to "), "\(link)")
            #expect(
                try FileSystem.read(workshop.directory.path / "victim.txt") == Array("six==1.12.0\n    # via x\n".utf8))
            #expect(!FileSystem.exists(workshop.directory.path / "nothing.txt"))
        }
    }

    @Test("rye: its own form stays")
    func rye() async throws {
        let workshop = try await Workshop()
        try workshop.take("rye")
        let first = try await workshop.update()
        #expect(first.files.map { $0.path.name } == ["requirements.lock", "requirements-dev.lock"])
        let header = try workshop.text("requirements.lock").split(separator: "\n").prefix { $0.hasPrefix("#") }
        #expect(header.first == "# generated by rye" && header.count == 10)
        #expect(try workshop.text("requirements-dev.lock").contains("\n\n-e file:.\niniconfig=="))
        #expect(!(try workshop.text("requirements.lock").contains("iniconfig")))
        let manifest = try workshop.text("pyproject.toml")
        try workshop.write("pyproject.toml", manifest.replacing("\"six<1.17\"", with: "\"six<1.16\", \"idna<3.7\""))
        #expect(try await workshop.update().names == [["idna", "six"], ["idna", "six"]])
        try workshop.write("pyproject.toml", manifest.replacing("\"six<1.17\"", with: "\"six<1.17\", \"idna\""))
        try await workshop.expectUntouched("requirements.lock", "requirements-dev.lock")
        let own = try await workshop.build()
        #expect(try await workshop.list(own).contains("six==1.15.0"))
        #expect(!workshop.said.contains { $0.contains("stale") })
        #expect(
            try await workshop.update(.packages(["six"])).told == [["six 1.15.0 -> 1.16.0"], ["six 1.15.0 -> 1.16.0"]])
        #expect(try workshop.text("requirements-dev.lock").split(separator: "\n").prefix(10) == header)
        try workshop.write("pyproject.toml", manifest.replacing("six<1.17", with: "six>99"))
        try await workshop.expectUnchanged("requirements.lock", "requirements-dev.lock", reason: "six")
    }

    @Test("what has nothing to lock is refused, with the way out")
    func refusals() async throws {
        for (file, text, cause, hint) in [
            ("requirements.txt", "six\n", "there is no `requirements.in` that it would be made from", "`envd update`"),
            (
                "pylock.toml", "lock-version = '1.0'\ncreated-by = 'x'\npackages = []\n", "it is a lock file itself",
                "tool"
            ),
            ("setup.cfg", "[metadata]\nname = demo\n", "projects of setuptools have no lock file", "`envd update`"),
        ] {
            let workshop = try await Workshop()
            try workshop.write(file, text)
            let failure = try await workshop.failure { try await workshop.update() }
            #expect(failure.message.hasPrefix("could not lock `\(file)`: \(cause)"), "\(failure)")
            #expect(failure.hint?.contains(hint) == true)
            #expect(workshop.said.isEmpty)
            #expect(try FileSystem.list(workshop.root) == [ByteString(file)])
        }
    }

    @Test("where uv cannot be had, a project of uv's says so")
    func withoutUv() async throws {
        let workshop = try await Workshop()
        try workshop.writeProject("\"six\"")
        var context = try workshop.offline()
        context.userEnvironment["PATH"] = "/usr/bin:/bin"
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        let failure = try await workshop.failure {
            _ = try await ProjectLocker(layer, root: workshop.root, excluding: [], context: context).lock(.nothing)
        }
        #expect(failure.message.hasPrefix("could not lock `pyproject.toml`: it takes uv"), "\(failure)")
        #expect(failure.hint?.hasPrefix("install uv") == true)
        #expect(!FileSystem.exists(workshop.root / "uv.lock"))
    }
}
