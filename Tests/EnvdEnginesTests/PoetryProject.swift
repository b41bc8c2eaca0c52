import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

/// A project of Poetry's with the real Poetry beside it.
struct PoetryProject {
    let workshop: Workshop
    let poetry: PythonToolDiscovery.Found
    var root: Path { workshop.root }

    /// - Parameter poetry: where it comes from, else the pinned one.
    init(_ files: [String: String] = [:], poetry: Task<PythonToolDiscovery.Found, any Error> = RealPoetry.pinned)
        async throws
    {
        workshop = try await Workshop()
        self.poetry = try await poetry.value
        for (name, text) in files { try workshop.write(name, text) }
    }

    var engine: PoetryEngine { PoetryEngine(installer: workshop.engine, excluding: []) }

    /// Like the daemon's: with the Poetry of all tests as envd's own.
    func context() throws -> EngineContext {
        var context = try workshop.context()
        context.engines = RealPoetry.engines
        return context
    }

    /// The layer that the files make.
    func layer() throws -> PythonLayer { try ManifestReader.read(root).spec.get().python }

    /// What the real Poetry says in a directory, in an environment of its own.
    @discardableResult
    func poetry(_ arguments: [ByteString], in directory: Path, environment: Path) async throws -> String {
        var variables = EngineEnvironment(try context())
        variables["VIRTUAL_ENV"] = environment.bytes
        variables["POETRY_CACHE_DIR"] = (RealTools.cache / "poetry").bytes
        let result = await PlainCommandRunner().run(
            Command(
                executable: poetry.executable,
                arguments: poetry.leading + arguments + ["--no-interaction", "--no-ansi"],
                environment: variables.values, workingDirectory: directory, writable: nil), onLine: { _ in })
        let said = String(decoding: result.standardOutput + result.standardError, as: UTF8.self)
        try #require(result.succeeded, "\(said)")
        return said
    }

    /// An environment without anything in it.
    func emptyEnvironment(_ name: String = "reference") async throws -> Path {
        let place = workshop.directory.path / name
        let result = await PlainCommandRunner().run(
            Command(
                executable: workshop.interpreter.path, arguments: ["-I", "-m", "venv", "--without-pip", place.bytes],
                environment: EngineEnvironment(try context()).values, workingDirectory: "/", writable: nil),
            onLine: { _ in })
        try #require(result.succeeded)
        return place
    }

    /// Writes poetry.lock as its user would.
    func lock() async throws {
        let environment = try await emptyEnvironment("lock-\(UInt32.random(in: 0 ... .max))")
        let stays: [ByteString] = poetry.version.hasPrefix("1.") ? ["--no-update"] : []
        try await poetry(["lock"] + stays, in: root, environment: environment)
    }

    /// Resolves and installs as the daemon does.
    @discardableResult
    func build(
        _ number: Int = 1, preferring: Resolution? = nil, context: EngineContext? = nil,
        by installer: (any PythonEngine)? = nil
    ) async throws -> (prefix: Path, resolution: Resolution) {
        let engine = PoetryEngine(installer: installer ?? workshop.engine, excluding: [])
        let layer = try layer()
        let context = try context ?? self.context()
        let interpreter = workshop.interpreter
        let resolution = try await engine.resolve(
            layer, root: root, interpreter: interpreter, preferring: preferring, context: context)
        let prefix = workshop.generation(number)
        try FileSystem.makeDirectories(prefix.parent)
        try await engine.install(
            resolution, layer: layer, root: root, name: "demo", interpreter: interpreter, into: prefix,
            context: context)
        try await PrefixVerification.verify(prefix, resolution: resolution, interpreter: interpreter, context: context)
        return (prefix, resolution)
    }

    /// What `pip list` says of an environment, without pip and what comes with it.
    func list(_ prefix: Path) async throws -> [String] {
        let pip = workshop.generation(1) / "bin/python"
        let result = await PlainCommandRunner().run(
            Command(
                executable: pip,
                arguments: ["-m", "pip", "--python", (prefix / "bin/python").bytes, "list", "--format", "freeze"],
                environment: EngineEnvironment(try context()).values, workingDirectory: "/", writable: nil),
            onLine: { _ in })
        try #require(result.succeeded, "\(String(decoding: result.standardError, as: UTF8.self))")
        let seeds = ["pip==", "setuptools==", "wheel=="]
        return String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { line in !seeds.contains { line.hasPrefix($0) } }.sorted()
    }

    /// What `poetry install` makes of the same files.
    func reference(_ arguments: [ByteString] = []) async throws -> [String] {
        let environment = try await emptyEnvironment()
        try await poetry(["install"] + arguments, in: root, environment: environment)
        return try await list(environment)
    }

    /// The files of the project, with their bytes.
    func tree() throws -> [Path: [UInt8]] {
        var found: [Path: [UInt8]] = [:]
        func walk(_ directory: Path) throws {
            for entry in try FileSystem.entries(directory) {
                let path = directory.appending(Path(entry.name))
                if entry.isDirectory { try walk(path) } else { found[path] = try FileSystem.read(path) }
            }
        }
        try walk(root)
        return found
    }
}

/// The Poetries of all tests of a run.
enum RealPoetry {
    static let engines = RealTools.cache / "engines"

    /// The one that envd would install for itself.
    static let pinned = Task<PythonToolDiscovery.Found, any Error> { try await install(EngineCatalogue.poetry) }

    /// The last one that wrote lock files without groups and markers.
    static let old = Task<PythonToolDiscovery.Found, any Error> {
        let home = try TemporaryDirectory("engines-poetry")
        let context = try await Self.context(home)
        let uv = try await RealTools.uv.value
        let place = RealTools.cache / "old-poetry"
        let python = try await RealTools.interpreter.value.path
        for arguments: [ByteString] in [
            ["venv", "--no-project", "--python", python.bytes, place.bytes],
            ["pip", "install", "--python", (place / "bin/python").bytes, "poetry==1.8.5"],
        ] {
            let result = await PlainCommandRunner().run(
                Command(
                    executable: uv.executable, arguments: arguments,
                    environment: UvEngine.environment(context).values, workingDirectory: "/", writable: nil),
                onLine: { _ in })
            guard result.succeeded else {
                throw Unprovided("poetry 1.8: \(String(decoding: result.standardError, as: UTF8.self))")
            }
        }
        return PythonToolDiscovery.Found(
            tool: EngineCatalogue.poetry, executable: place / "bin/poetry", leading: [], version: "1.8.5")
    }

    private static func install(_ tool: EngineCatalogue.PythonTool) async throws -> PythonToolDiscovery.Found {
        let home = try TemporaryDirectory("engines-poetry")
        return try await EngineInstaller(excluding: []).install(tool, try await Self.context(home))
    }

    private static func context(_ home: TemporaryDirectory) async throws -> EngineContext {
        EngineContext(
            userEnvironment: ProcessEnvironment.all(), home: RealTools.home, cache: RealTools.cache,
            temporary: home.path, engines: engines, runner: PlainCommandRunner(), log: { _ in })
    }

    /// The index that pip or uv are told to use, as a source that Poetry reads page by page: not every index has
    /// the JSON of PyPI.
    static var source: String {
        let names = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"]
        let told = names.lazy.compactMap { ProcessEnvironment.path($0)?.description }.first
        return """

            [[tool.poetry.source]]
            name = "simple"
            url = "\(told ?? "https://pypi.org/simple/")"
            priority = "primary"

            """
    }
}
