import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("poetry.lock")
struct PoetryLockTests {
    private func manifest(_ dependencies: String, more: String = "") -> String {
        """
        [tool.poetry]
        package-mode = false
        [tool.poetry.dependencies]
        python = "^3.9"
        \(dependencies)
        \(more)
        """ + RealPoetry.source
    }

    @Test("a stale one is told once, not written, and its pins stay")
    func stale() async throws {
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \"<1.16\"")])
        try await project.lock()
        try project.workshop.write("pyproject.toml", manifest("six = \"*\"\nidna = \"*\""))
        let before = try project.tree()
        let (prefix, resolution) = try await project.build()
        #expect(resolution.packages["six"] == "1.15.0")
        #expect(resolution.packages.keys.sorted() == ["idna", "six"])
        #expect(project.workshop.said.filter { $0.contains("poetry.lock is stale") }.count == 1)
        #expect(try project.tree() == before)
        #expect(try await project.list(prefix).count == 2)
        // The same once more needs no Poetry; and what was chosen stays when more is asked for.
        _ = try await project.build(2, preferring: resolution)
        #expect(project.workshop.said.filter { $0 == "poetry lock" }.count == 1)
        try project.workshop.write("pyproject.toml", manifest("six = \"*\"\nidna = \"*\"\niniconfig = \"<2.1\""))
        var third = try await project.build(3, preferring: resolution).resolution
        #expect(third.packages["six"] == "1.15.0" && third.packages["iniconfig"] != nil)
        // As its user would bring it up to date: the same versions.
        try await project.lock()
        #expect(resolution.staleLock == "poetry.lock" && third.staleLock == "poetry.lock")
        third.staleLock = nil
        #expect(try await project.build(4).resolution == third)
        #expect(project.workshop.said.filter { $0 == "poetry lock" }.count == 2)
    }

    @Test("a damaged one and one of a later version are told, and resolved anew")
    func damaged() async throws {
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \"*\"")])
        for (text, cause) in [
            ("[[package]\n", "could not read `poetry.lock`: "),
            ("[metadata]\nlock-version = \"9.0\"\n", "its version 9.0 is not known here"),
        ] {
            try project.workshop.write("poetry.lock", text)
            let layer = try project.layer()
            let resolution = try await project.engine.resolve(
                layer, root: project.root, interpreter: project.workshop.interpreter, preferring: nil,
                context: try project.context())
            #expect(resolution.packages.keys.sorted() == ["six"])
            #expect(
                project.workshop.said.contains {
                    $0.contains(cause) && $0.hasSuffix("resolved anew without writing it")
                })
            #expect(try FileSystem.read(project.root / "poetry.lock") == Array(text.utf8))
        }
    }

    @Test("what cannot be resolved says why, with the line of the manifest")
    func unsolvable() async throws {
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \"*\"\nidna = \"^99\"")])
        let failure = try await project.workshop.failure { _ = try await project.build() }
        #expect(failure.message.hasPrefix("could not resolve `pyproject.toml`: because "))
        #expect(failure.message.contains("idna (^99)"))
        #expect(failure.location == .init(file: project.root / "pyproject.toml", line: 6))
        #expect(failure.hint != nil)
    }

    @Test("no program of the project is run, nor is one of its settings followed")
    func untouched() async throws {
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \"*\"")])
        let mark = project.workshop.directory.path / "ran"
        let python = try project.workshop.directory.write(
            "project/.venv/bin/python", "#!/bin/sh\n: > '\(mark)'\nexit 1\n")
        try FileSystem.setMode(python, 0o755)
        try project.workshop.write(".venv/pyvenv.cfg", "home = /usr/bin\n")
        try project.workshop.write("poetry.toml", "[virtualenvs]\nin-project = true\npath = \"{project-dir}/envs\"\n")
        let before = try project.tree()
        try await project.build()
        #expect(!FileSystem.exists(mark))
        #expect(try project.tree() == before)
    }

    @Test("Poetry in the active environment means that environment, and says nothing of another")
    func active() async throws {
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \"*\"")])
        try await project.lock()
        let prefix = try await project.build().prefix
        let mine = try await project.poetry(["env", "info", "--path"], in: project.root, environment: prefix)
        #expect(mine == "\(prefix)\n")
        let program = "import sys, six; print(sys.prefix)"
        let ran = try await project.poetry(
            ["run", "python", "-c", ByteString(program)], in: project.root, environment: prefix)
        #expect(ran == "\(prefix)\n")
        let synced = try await project.poetry(["install"], in: project.root, environment: prefix)
        #expect(synced.contains("No dependencies to install or update"))
        let added = try await project.poetry(["add", "idna"], in: project.root, environment: prefix)
        #expect(try await project.list(prefix).map { $0.prefix { $0 != "=" } } == ["idna", "six"])
        for said in [synced, added] { #expect(!said.contains("irtualenv") && !said.contains("does not match")) }
        #expect(try FileSystem.list(project.root) == ["poetry.lock", "pyproject.toml"].map { ByteString($0) })
        #expect(!FileSystem.exists(RealTools.cache / "poetry/virtualenvs"))
        // The lock file that it wrote is fresh.
        #expect(try await project.build(2).resolution.packages.keys.sorted() == ["idna", "six"])
        #expect(!project.workshop.said.contains { $0.contains("stale") })
    }

    @Test("where uv cannot be had, pip installs what is locked")
    func pip() async throws {
        let project = try await PoetryProject(["pyproject.toml": manifest("six = \"*\"\nidna = \"<3.10\"")])
        try await project.lock()
        let pip = try #require(await MachinePip(excluding: []).engine(try project.context()))
        let prefix = try await project.build(by: pip).prefix
        #expect(try await project.list(prefix) == project.reference())
    }

    private static let manifests = [
        "", "[tool.poetry]\nname = \"x\"\n", "[tool.poetry.dependencies]\npython = \"^3.9\"\n",
        "[tool.poetry.dependencies]\na = {version = \"1\", optional = true}\n[tool.poetry.extras]\ne = [\"a\"]\n",
        "[tool.poetry.dev-dependencies]\nb = \"*\"\n[tool.poetry.group.docs]\noptional = true\n",
        "[tool.poetry.dependencies]\n\"é\\u2028😀\\\\ \\\"\" = [{version = \"1\", python = \"<3\"}, \"2\"]\nn = {x = 1.5, y = 3}\n",
        "[project]\nname = \"x\"\nrequires-python = \">=3.9\"\ndependencies = []\n",
        "[project]\nname = \"x\"\n[tool.poetry]\npackages = []\n",
        "[project]\ndependencies = [\"a\"]\n[dependency-groups]\ndev = [\"b\"]\n[tool.poetry.group.dev]\noptional = true\n",
        "[dependency-groups]\ndev = [\"b\", {include-group = \"c\"}]\nc = []\n",
        "[[tool.poetry.source]]\nname = \"s\"\nurl = \"https://example.org\"\n[tool.poetry.group.z.dependencies]\nq = \"^1\"\n",
    ]

    @Test("is fresh for what Poetry itself takes for fresh", arguments: [RealPoetry.pinned, RealPoetry.old])
    func freshness(poetry: Task<PythonToolDiscovery.Found, any Error>) async throws {
        let found = try await poetry.value
        let python = found.executable.parent / "python"
        let program = """
            import sys, tomllib
            from pathlib import Path
            from poetry.__version__ import __version__
            from poetry.packages.locker import Locker
            for text in sys.argv[1:]:
                data = tomllib.loads(text)
                if __version__.startswith("1."):
                    data = data.get("tool", {}).get("poetry", {})
                print(Locker(Path("/nonexistent"), data)._get_content_hash())
            """
        let result = await PlainCommandRunner().run(
            Command(
                executable: python, arguments: (["-I", "-c", program] + Self.manifests).map { ByteString($0) },
                environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", writable: nil), onLine: { _ in })
        let hashes = String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n")
        try #require(hashes.count == Self.manifests.count, "\(String(decoding: result.standardError, as: UTF8.self))")
        for (index, manifest) in Self.manifests.enumerated() {
            // Poetry 1 knows nothing of the standard's tables.
            if found.version.hasPrefix("1."), manifest.hasPrefix("[project]") || manifest.hasPrefix("[dep") { continue }
            let text = """
                # This file is automatically @generated by Poetry \(found.version) and should not be changed by hand.
                [metadata]
                lock-version = "2.0"
                content-hash = "\(hashes[index])"
                """
            let lock = try PoetryLock(Array(text.utf8), file: "poetry.lock")
            #expect(lock.isFresh(for: Array(manifest.utf8)), "\(manifest)")
            #expect(lock.isFresh(for: Array(("# comment\n" + manifest + "[tool.ruff]\nx = 1\n").utf8)))
            #expect(
                !lock.isFresh(for: Array((manifest + "[tool.poetry.group.another.dependencies]\nw = \"1\"\n").utf8)))
        }
    }
}
