import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

/// pipenv and pip-tools from PyPI, in an environment that all tests of a run share.
private enum PythonTools {
    static let directory = Task<Path, any Error> {
        let workshop = try await Workshop()
        let place = RealTools.cache / "tools"
        let context = try workshop.context()
        for arguments: [ByteString] in [
            ["venv", "--seed", "--no-project", "--python", workshop.interpreter.path.bytes, place.bytes],
            ["pip", "install", "--python", (place / "bin/python").bytes, "pipenv", "pip-tools"],
        ] {
            let result = await PlainCommandRunner().run(
                Command(
                    executable: workshop.engine.executable, arguments: arguments,
                    environment: UvEngine.environment(context).values, workingDirectory: context.temporary,
                    writable: nil), onLine: { _ in })
            guard result.succeeded else { throw Unprovided(String(decoding: result.standardError, as: UTF8.self)) }
        }
        return place / "bin"
    }
}

extension Workshop {
    /// Makes the project one of Tests/Fixtures.
    func take(_ fixture: String) throws {
        let place = Path(#filePath).parent.parent / "Fixtures/\(fixture)"
        func copy(_ source: Path, _ target: Path) throws {
            guard try FileSystem.status(source)?.kind == .directory else {
                return try FileSystem.replace(target, with: FileSystem.read(source), mode: 0o644)
            }
            try FileSystem.makeDirectories(target)
            for name in try FileSystem.list(source) {
                try copy(source.appending(Path(name)), target.appending(Path(name)))
            }
        }
        try copy(place, root)
    }

    /// An environment for a real tool to fill, with nothing but pip.
    func venv(_ name: String) async throws -> Path {
        let place = directory.path / name
        try await run(
            engine.executable,
            ["venv", "--seed", "--no-project", "--python", interpreter.path.bytes, place.bytes], [:])
        return place
    }

    @discardableResult
    func run(
        _ program: Path, _ arguments: [ByteString], _ variables: [ByteString: ByteString], in place: Path? = nil
    ) async throws -> String {
        let context = try context(variables)
        var environment = UvEngine.environment(context)
        for (name, value) in variables { environment[name] = value }
        let result = await PlainCommandRunner().run(
            Command(
                executable: program, arguments: arguments, environment: environment.values,
                workingDirectory: place ?? root, writable: nil), onLine: { _ in })
        try #require(
            result.succeeded, "\(program) \(arguments): \(String(decoding: result.standardError, as: UTF8.self))")
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    /// A tool from PyPI, in the project, with an environment that it takes for active.
    func tool(_ name: String, _ arguments: [ByteString], environment: Path) async throws {
        try await run(
            try await PythonTools.directory.value / name, arguments,
            [
                "VIRTUAL_ENV": environment.bytes, "PIPENV_VERBOSITY": "-1", "PIPENV_NOSPIN": "1",
                "PIPENV_CACHE_DIR": (RealTools.cache / "pipenv").bytes,
            ])
    }

    func pip(_ environment: Path, _ arguments: [ByteString]) async throws {
        try await run(environment / "bin/python", ["-m", "pip", "install", "-q"] + arguments, [:])
    }

    /// What `pip list` says, but for pip and its seeds.
    func list(_ environment: Path) async throws -> [String] {
        let lines = try await python(
            environment,
            """
            import importlib.metadata as m
            for d in m.distributions():
                print(d.metadata['Name'].lower().replace('_', '-') + '==' + d.version)
            """
        ).split(separator: "\n").map(String.init)
        // What setuptools writes beside an editable project is found twice.
        return Set(lines).filter { line in
            !["pip==", "setuptools==", "wheel==", "packaging=="].contains { line.hasPrefix($0) }
        }.sorted()
    }

    /// Reads the project, resolves and installs it as the daemon does.
    func build(_ number: Int = 1) async throws -> Path {
        let layer = try ManifestReader.read(root).spec.get().python
        let resolution = try await resolve(layer)
        return try await install(resolution, layer, as: number)
    }
}

@Suite("The environment is the one that the project's own tool builds")
struct ToolParityTests {
    @Test("pip, from a directory of requirements files")
    func requirementsDirectory() async throws {
        let workshop = try await Workshop()
        try workshop.take("requirements-directory")
        let real = try await workshop.venv("real")
        try await workshop.pip(real, ["-r", "requirements/dev.txt"])
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(try await workshop.list(own).count == 4)
        #expect(
            ManifestReader.read(workshop.root).passedOver.map(\.path)
                == [
                    workshop.root / "requirements/limits.txt", workshop.root / "requirements/production.txt",
                ].filter { $0.name == "production.txt" })
    }

    @Test("pip, from requirements.txt and requirements-dev.txt")
    func requirementsPair() async throws {
        let workshop = try await Workshop()
        try workshop.take("requirements-pair")
        let real = try await workshop.venv("real")
        try await workshop.pip(real, ["-r", "requirements.txt", "-r", "requirements-dev.txt"])
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(try await workshop.list(own).contains("idna==3.7"))
    }

    @Test("pip-tools, from layered files and their locks; a stale one gives its pins")
    func pipTools() async throws {
        let workshop = try await Workshop()
        try workshop.take("pip-tools")
        let real = try await workshop.venv("real")
        for (name, hashes) in [("requirements", true), ("requirements-dev", true)] {
            try await workshop.tool(
                "pip-compile",
                ["-q", "--strip-extras", ByteString("\(name).in")] + (hashes ? ["--generate-hashes"] : []),
                environment: real)
        }
        try await workshop.tool(
            "pip-sync",
            ["-q", "--python-executable", (real / "bin/python").bytes, "requirements.txt", "requirements-dev.txt"],
            environment: real)
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(!workshop.said.contains { $0.contains("stale") || $0.hasPrefix("uv pip compile") })
        let lock = String(decoding: try FileSystem.read(workshop.root / "requirements.txt"), as: UTF8.self)
        try workshop.write("requirements.in", "six<1.17\nidna<3.7\nclick\n")
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        let resolution = try await workshop.resolve(layer)
        #expect(resolution.packages["six"] == "1.16.0" && resolution.packages["click"] != nil)
        #expect(resolution.packages["idna"]?.hasPrefix("3.6") == true)
        #expect(workshop.said.contains { $0.contains("is stale: resolved anew without writing it") })
        #expect(String(decoding: try FileSystem.read(workshop.root / "requirements.txt"), as: UTF8.self) == lock)
    }

    @Test("rye, from its lock file, without hashes")
    func rye() async throws {
        let workshop = try await Workshop()
        try workshop.take("rye")
        try workshop.write("wanted.in", "-e file:.\niniconfig\nsix<1.17\n")
        let locked = try await workshop.run(
            workshop.engine.executable,
            [
                "pip", "compile", "--no-header", "--no-annotate", "-q", "--python", workshop.interpreter.path.bytes,
                "wanted.in",
            ], [:])
        try FileSystem.remove(workshop.root / "wanted.in")
        let lines = locked.split(separator: "\n").filter { !$0.hasPrefix("-e") }
        try workshop.write(
            "requirements-dev.lock",
            "# generated by rye\n\n-e file:.\n" + lines.joined(separator: "\n    # via x\n") + "\n")
        let real = try await workshop.venv("real")
        try await workshop.pip(real, ["-r", "requirements-dev.lock"])
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(try await workshop.list(own).count == 3)
        #expect(!workshop.said.contains { $0.contains("stale") })
        #expect(
            try await workshop.python(own, "import rye_sample; print(rye_sample.__file__)").contains("/project/src/"))
        // Without a lock file too.
        try FileSystem.remove(workshop.root / "requirements-dev.lock")
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        #expect(try await workshop.resolve(layer).packages.keys.sorted() == ["iniconfig", "six"])
    }

    @Test("pipenv, from a fresh Pipfile.lock, with development packages and no other category")
    func pipenv() async throws {
        let workshop = try await Workshop()
        try workshop.take("pipenv")
        let real = try await workshop.venv("real")
        try await workshop.tool("pipenv", ["lock"], environment: real)
        try await workshop.tool("pipenv", ["sync", "--dev"], environment: real)
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(try await workshop.list(own).contains { $0.hasPrefix("iniconfig==") })
        #expect(!workshop.said.contains { $0.contains("stale") || $0.hasPrefix("pipenv") })
        try workshop.write("envd.toml", "groups = ['docs']\n")
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        #expect(try await workshop.resolve(layer).packages.keys.sorted().contains("idna"))
        #expect(try await workshop.resolve(layer).packages["iniconfig"] == nil)
    }

    @Test("pipenv locks where the lock file is stale, outside the project and from the old pins")
    func pipenvStale() async throws {
        let workshop = try await Workshop()
        try workshop.write("Pipfile", "[packages]\nsix = '<1.16'\nidna = '<3.7'\n[dev-packages]\niniconfig = '*'\n")
        let real = try await workshop.venv("real")
        try await workshop.tool("pipenv", ["lock"], environment: real)
        let lock = try FileSystem.read(workshop.root / "Pipfile.lock")
        try workshop.write(
            "Pipfile", "[packages]\nsix = '*'\nidna = '>=3.8'\n[dev-packages]\niniconfig = '*'\nclick = '*'\n")
        var context = try workshop.context()
        let tools = try await PythonTools.directory.value
        let links = workshop.directory.path / "links"
        try FileSystem.makeDirectories(links)
        try FileSystem.replaceLink(links / "pipenv", to: tools / "pipenv")
        let path = context.userEnvironment["PATH"] ?? ""
        context.userEnvironment["PATH"] = links.bytes + ":" + path
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        let resolution = try await workshop.resolve(layer, context)
        #expect(resolution.packages["six"] == "1.15.0", "\(resolution.packages) \(workshop.said)")
        #expect(resolution.packages["click"] != nil && resolution.packages["idna"]?.hasPrefix("3.7") == false)
        #expect(workshop.said.contains("Pipfile.lock is stale: resolved anew without writing it"))
        #expect(workshop.said.contains("pipenv lock"))
        #expect(try FileSystem.read(workshop.root / "Pipfile.lock") == lock)
        #expect(try FileSystem.list(workshop.root).sorted() == ["Pipfile", "Pipfile.lock"])
    }

    @Test("uv, from pylock.toml, with groups and extras")
    func pylock() async throws {
        let workshop = try await Workshop()
        try workshop.take("pylock")
        let source = try FileSystem.read(workshop.root / "source.toml")
        try workshop.write("pyproject.toml", String(decoding: source, as: UTF8.self))
        try await workshop.run(
            workshop.engine.executable,
            [
                "export", "-q", "--python", workshop.interpreter.path.bytes, "--all-groups", "--no-emit-project",
                "--format", "pylock.toml", "-o", "pylock.toml",
            ], [:])
        for name in ["pyproject.toml", "uv.lock", "source.toml"] { try FileSystem.remove(workshop.root / name) }
        let real = try await workshop.venv("real")
        try await workshop.run(
            workshop.engine.executable,
            ["pip", "install", "-q", "--python", (real / "bin/python").bytes, "-r", "pylock.toml"], [:])
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(try await workshop.list(own).count == 3)
        #expect(!workshop.said.contains { $0.hasPrefix("uv pip compile") || $0.contains("going by") })
    }

    @Test("pip, from setup.cfg with a plain setup.py, and from a setup.py that computes, editable and with an extra")
    func setuptools() async throws {
        for (fixture, count) in [("setuptools", 4), ("setup-py", 3)] {
            let workshop = try await Workshop()
            try workshop.take(fixture)
            try workshop.write("envd.toml", "extras = ['test']\n")
            let layer = try ManifestReader.read(workshop.root).spec.get().python
            let before = try FileSystem.list(workshop.root)
            let resolution = try await workshop.resolve(layer)
            #expect(try FileSystem.list(workshop.root) == before)
            let own = try await workshop.install(resolution, layer, as: 1)
            let real = try await workshop.venv("real")
            try await workshop.pip(real, ["-e", ".[test]"])
            #expect(try await workshop.list(own) == workshop.list(real))
            let names = try await workshop.list(own)
            #expect(names.count == count, "\(names)")
        }
    }

    @Test("with pip for the engine too, for a setup.py and for a lock file without hashes")
    func pipEngine() async throws {
        for fixture in ["setup-py", "rye"] {
            let workshop = try await Workshop()
            let pip = try #require(await MachinePip(excluding: []).engine(workshop.context()))
            try workshop.take(fixture)
            try workshop.write("requirements-dev.lock", "-e file:.\niniconfig==2.0.0\nsix==1.15.0\n")
            try workshop.write("envd.toml", fixture == "rye" ? "" : "extras = ['test']\n")
            let layer = try ManifestReader.read(workshop.root).spec.get().python
            let context = try workshop.context()
            let resolution = try await pip.resolve(
                layer, root: workshop.root, interpreter: workshop.interpreter, preferring: nil, context: context)
            let own = workshop.generation(1)
            try FileSystem.makeDirectories(own.parent)
            try await pip.install(
                resolution, layer: layer, root: workshop.root, name: "demo", interpreter: workshop.interpreter,
                into: own, context: context)
            let names = try await workshop.list(own)
            #expect(names.count == 3 && names.contains(fixture == "rye" ? "six==1.15.0" : "six==1.16.0"), "\(names)")
            #expect(resolution.packages.keys.sorted() == ["iniconfig", "six"])
        }
    }

    @Test("pip, from the files that envd.toml names")
    func envdToml() async throws {
        let workshop = try await Workshop()
        try workshop.take("envd-toml")
        let real = try await workshop.venv("real")
        try await workshop.pip(real, ["-r", "needs.txt", "-r", "tools/needs.txt"])
        let own = try await workshop.build()
        #expect(try await workshop.list(own) == workshop.list(real))
        #expect(try await workshop.list(own).count == 2)
        let reading = ManifestReader.read(workshop.root)
        #expect(reading.passedOver.map(\.path) == [workshop.root / "requirements.txt"])
        #expect(reading.followed.map(\.name) == ["envd.toml", "needs.txt", "needs.txt"])
    }
}
