import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

/// pipenv and pip-tools from PyPI, in an environment that all tests of a run share.
enum PythonTools {
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
    ///
    /// - Parameter target: where it is put, below the test's own directory; nil: at the root.
    func take(_ fixture: String, at target: String? = nil) throws {
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
        try copy(place, target.map { directory.path / $0 } ?? root)
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

    /// Expects two environments to hold the same distributions; the difference is said where they do not.
    /// - Returns: what ours holds.
    @discardableResult
    func expectSame(
        _ own: Path, _ real: Path, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let ours = try await list(own)
        let theirs = try await list(real)
        #expect(
            ours == theirs,
            """
            only ours: \(ours.filter { !theirs.contains($0) }); only the tool's: \(theirs.filter { !ours.contains($0) }); \
            said: \(said.suffix(8))
            """, sourceLocation: sourceLocation)
        return ours
    }

    /// Reads the project, resolves and installs it as the daemon does.
    func build(cache: Path? = nil) async throws -> Path {
        let layer = try ManifestReader.read(root).spec.get().python
        let context = try context(cache: cache)
        let resolution = try await resolve(layer, context)
        return try await install(resolution, layer, as: 1, context)
    }
}
