import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Glibc
import Synchronization
import Testing

/// A project, a store of generations and a scratch directory of one test's own, with the real tools.
final class Workshop: Sendable {
    let directory: TemporaryDirectory
    let root: Path
    let engine: UvEngine
    let interpreter: Interpreter
    private let log = Mutex<[String]>([])

    /// Everything the engines said.
    var said: [String] { log.withLock { $0 } }

    /// - Parameter root: below the test's own directory.
    init(root: String = "project") async throws {
        directory = try TemporaryDirectory("engines")
        self.root = directory.path / root
        try FileSystem.makeDirectories(self.root)
        engine = try await RealTools.uv.value
        interpreter = try await RealTools.interpreter.value
    }

    /// - Parameter environment: what the user's shell would add.
    func context(_ environment: [ByteString: ByteString] = [:], cache: Path? = nil) throws -> EngineContext {
        let temporary = directory.path / "scratch-\(UInt32.random(in: 0 ... .max))"
        try FileSystem.makeDirectories(temporary)
        return EngineContext(
            userEnvironment: ProcessEnvironment.all().merging(environment) { $1 },
            home: RealTools.home, cache: cache ?? RealTools.cache, temporary: temporary,
            engines: directory.path / "engines", runner: PlainCommandRunner(),
            log: { line in self.log.withLock { $0.append(line) } })
    }

    /// A context whose index is a port on which nobody listens. pip tries twice, for only its second try says why.
    func offline(cache: Path? = nil) throws -> EngineContext {
        let nowhere: ByteString = "http://127.0.0.1:9/simple"
        return try context(
            [
                "UV_DEFAULT_INDEX": nowhere, "PIP_INDEX_URL": nowhere, "PIP_FIND_LINKS": "",
                "UV_HTTP_RETRIES": "0", "PIP_RETRIES": "1",
            ], cache: cache)
    }

    /// A context in which uv may not reach any network.
    func withoutNetwork(cache: Path? = nil) throws -> EngineContext { try context(["UV_OFFLINE": "1"], cache: cache) }

    func write(_ name: String, _ text: String) throws { try directory.write("project/\(name)", text) }

    func generation(_ number: Int) -> Path { directory.path / "generations/\(number)" / "env" }

    func resolve(
        _ layer: PythonLayer, preferring: Resolution? = nil, _ context: EngineContext? = nil
    ) async throws -> Resolution {
        try await engine.resolve(
            layer, root: root, interpreter: interpreter, preferring: preferring, context: context ?? self.context())
    }

    /// Installs and verifies.
    @discardableResult
    func install(
        _ resolution: Resolution, _ layer: PythonLayer, as number: Int, _ context: EngineContext? = nil
    ) async throws -> Path {
        let prefix = generation(number)
        try FileSystem.makeDirectories(prefix.parent)
        let context = try context ?? self.context()
        try await engine.install(
            resolution, layer: layer, root: root, name: "demo", interpreter: interpreter, into: prefix,
            context: context)
        try await PrefixVerification.verify(prefix, resolution: resolution, interpreter: interpreter, context: context)
        return prefix
    }

    /// Runs a prefix's python and gives what it prints.
    func python(_ prefix: Path, _ program: String) async throws -> String {
        let result = await PlainCommandRunner().run(
            Command(
                executable: prefix / "bin/python3", arguments: ["-c", ByteString(program)],
                environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", writable: nil), onLine: { _ in })
        try #require(result.succeeded, "\(String(decoding: result.standardError, as: UTF8.self))")
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    /// The diagnostic that `body` throws.
    func failure(_ body: () async throws -> Void) async throws -> Diagnostic {
        do {
            try await body()
        } catch let diagnostic as Diagnostic {
            return diagnostic
        }
        throw Unprovided("nothing failed")
    }
}

/// What a test needs and the machine does not have.
struct Unprovided: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The real uv, a real Python, and the cache that all tests of a run share.
enum RealTools {
    static var home: Path { ProcessEnvironment.path("HOME") ?? "/tmp" }

    static let cache: Path = {
        do {
            let path =
                try FileSystem.canonical(ProcessEnvironment.path("TMPDIR") ?? "/tmp")
                / "envd-engines-cache-\(getpid())"
            try FileSystem.makeDirectories(path)
            atexit { try? FileSystem.remove(RealTools.cache) }
            return path
        } catch {
            fatalError("no cache for the tests: \(error)")
        }
    }()

    /// The uv on PATH, else the one that the python3 on PATH carries.
    static let uv = Task<UvEngine, any Error> {
        let home = try TemporaryDirectory("engines-uv")
        let context = EngineContext(
            userEnvironment: ProcessEnvironment.all(), home: RealTools.home, cache: cache,
            temporary: home.path, engines: home.path / "engines", runner: PlainCommandRunner(), log: { _ in })
        let ask = Command(
            executable: "/usr/bin/env", arguments: ["python3", "-c", "import uv; print(uv.find_uv_bin())"],
            environment: ProcessEnvironment.all(), workingDirectory: "/", writable: nil)
        let answer = await PlainCommandRunner().run(ask, onLine: { _ in })
        if answer.succeeded {
            let path = Path(
                String(decoding: answer.standardOutput, as: UTF8.self).split(separator: "\n").first.map(String.init)
                    ?? "")
            let engine = UvEngine(executable: path, version: "0.0.0")
            let version = await PlainCommandRunner().run(
                Command(
                    executable: path, arguments: ["--version"], environment: UvEngine.environment(context).values,
                    workingDirectory: "/", writable: nil), onLine: { _ in })
            if version.succeeded {
                let words = String(decoding: version.standardOutput, as: UTF8.self).split(separator: " ")
                return UvEngine(executable: engine.executable, version: words.count > 1 ? String(words[1]) : "0")
            }
        }
        guard let found = await UvDiscovery(context: context, excluding: []).onPath() else {
            throw Unprovided("uv is needed: python3 -m pip install uv")
        }
        return UvEngine(executable: found.path, version: found.version)
    }

    static let interpreter = Task<Interpreter, any Error> {
        let home = try TemporaryDirectory("engines-python")
        let context = EngineContext(
            userEnvironment: ProcessEnvironment.all(), home: RealTools.home, cache: cache,
            temporary: home.path, engines: home.path / "engines", runner: PlainCommandRunner(), log: { _ in })
        return try await InterpreterFinder(uv: nil, excluding: []).find(requiresPython: [">=3.9"], context: context)
    }
}

extension PythonLayer {
    static func requirements(_ lines: [String], options: [String] = []) -> PythonLayer {
        PythonLayer(format: .requirements, manifest: "requirements.txt", requirements: lines, options: options)
    }

    static func pyproject(
        _ requirements: [String], groups: [String] = [], extras: [String] = [], project: EditableProject? = nil
    ) -> PythonLayer {
        PythonLayer(
            format: .pyproject, manifest: "pyproject.toml", requirements: requirements, groups: groups, extras: extras,
            project: project)
    }
}
