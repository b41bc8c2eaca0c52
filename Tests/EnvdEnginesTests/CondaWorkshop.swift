import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Synchronization
import Testing

/// Channels made for the tests, and the pinned rattler: both once for a run.
enum CondaTools {
    /// `main` and `other`, see Tests/Fixtures/conda/make_channel.py.
    static let channels = Task<Path, any Error> {
        let place = RealTools.cache / "channels"
        try await CondaChannels.make(in: place)
        return place
    }

    /// Installed as `envd engines install rattler` does it.
    static let rattler = Task<RattlerEngine, any Error> {
        let scratch = try TemporaryDirectory("engines-rattler")
        let context = EngineContext(
            userEnvironment: ProcessEnvironment.all(), home: RealTools.home, cache: RealTools.cache,
            temporary: scratch.path, engines: RealTools.cache / "conda-engines", runner: PlainCommandRunner(),
            log: { _ in })
        return RattlerEngine(try await EngineInstaller(excluding: []).install(EngineCatalogue.rattler, context))
    }
}

/// A project with a conda layer, and a package cache of one test's own.
final class CondaWorkshop: Sendable {
    let workshop: Workshop
    let rattler: RattlerEngine
    let channels: Path
    private let steps = Mutex<[CondaProgress]>([])

    /// Every step that an installation told.
    var progress: [CondaProgress] { steps.withLock { $0 } }
    var cache: Path { workshop.directory.path / "cache" }
    var packages: Path { cache / "rattler/pkgs" }

    init() async throws {
        workshop = try await Workshop()
        rattler = try await CondaTools.rattler.value
        channels = try await CondaTools.channels.value
    }

    func context(_ environment: [ByteString: ByteString] = [:]) throws -> EngineContext {
        try workshop.context(environment, cache: cache)
    }

    /// A layer, and the environment.yml that says the same.
    ///
    /// - Parameter at: where the channels are; nil: their directory.
    func layer(
        _ specs: [String], channels names: [String] = ["main", "other"], at base: String? = nil,
        priority: CondaLayer.ChannelPriority = .strict
    ) throws -> CondaLayer {
        let lines = ["channels:"] + names.map { "  - \($0)" } + ["dependencies:"] + specs.map { "  - \($0)" }
        try workshop.write("environment.yml", lines.map { $0 + "\n" }.joined())
        return CondaLayer(
            format: .environment, manifest: "environment.yml",
            channels: names.map { "\(base ?? "file://\(channels)")/\($0)" }, channelPriority: priority, specs: specs)
    }

    static let plain = VirtualPackages(
        kernel: "6.1.0", glibc: "2.36", microarchitecture: "x86_64", cuda: nil, environment: [:])

    func solve(
        _ layer: CondaLayer, machine: VirtualPackages = plain, settings: CondaOptions = CondaOptions(),
        preferring: CondaResolution? = nil, _ context: EngineContext? = nil
    ) async throws -> CondaResolution {
        try await rattler.solve(
            layer, root: workshop.root, machine: machine, settings: settings, preferring: preferring,
            context: context ?? self.context())
    }

    @discardableResult
    func install(
        _ resolution: CondaResolution, _ layer: CondaLayer, as number: Int = 1,
        settings: CondaOptions = CondaOptions(), _ context: EngineContext? = nil
    ) async throws -> CondaInstallation {
        try FileSystem.makeDirectories(workshop.generation(number).parent)
        return try await rattler.install(
            resolution, layer: layer, root: workshop.root, settings: settings, into: workshop.generation(number),
            context: context ?? self.context(), progress: { step in self.steps.withLock { $0.append(step) } })
    }

    /// Solves and installs.
    @discardableResult
    func build(
        _ specs: [String], as number: Int = 1, settings: CondaOptions = CondaOptions(), at base: String? = nil
    ) async throws -> CondaInstallation {
        let layer = try layer(specs, at: base)
        return try await install(try await solve(layer, settings: settings), layer, as: number, settings: settings)
    }

    func read(_ name: String, of number: Int = 1) throws -> String {
        String(decoding: try FileSystem.read(workshop.generation(number).appending(name)), as: UTF8.self)
    }

    func run(_ name: String, _ arguments: [ByteString] = [], of number: Int = 1) async throws -> String {
        let program = workshop.generation(number).appending(name)
        let result = await PlainCommandRunner().run(
            Command(
                executable: program, arguments: arguments, environment: ["PATH": "/usr/bin:/bin"],
                workingDirectory: "/", writable: nil), onLine: { _ in })
        try #require(result.succeeded, "\(program): \(String(decoding: result.standardError, as: UTF8.self))")
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    /// The diagnostic of a build that fails.
    func failure(
        _ specs: [String], settings: CondaOptions = CondaOptions(), at base: String? = nil
    ) async throws -> Diagnostic {
        try await workshop.failure { try await self.build(specs, settings: settings, at: base) }
    }
}

/// A server of files on the loopback interface that remembers what it was asked for.
final class ChannelServer: Sendable {
    let address: String
    private let asked: Log
    private let server: Task<CommandResult, Never>

    private final class Log: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// Paths of all requests that were answered with a file.
    var requests: [String] { asked.lines.withLock { $0 } }

    private static let program = """
        import base64, functools, http.server, os, sys

        secret = sys.argv[2]
        basic = 'Basic ' + base64.b64encode(('me:' + secret).encode()).decode()

        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *words):
                pass
            def do_GET(self):
                # A proxy is asked for whole addresses.
                if '://' in self.path:
                    self.path = '/' + self.path.split('/', 3)[3]
                if secret and self.path.startswith('/t/' + secret + '/'):
                    self.path = self.path[len(secret) + 3:]
                elif secret and self.headers.get('Authorization') != basic:
                    self.send_error(401)
                    return
                super().do_GET()
            def log_request(self, code='-', size='-'):
                if code == 200 and self.command == 'GET':
                    os.write(2, (self.path + '\\n').encode())

        handler = functools.partial(Handler, directory=sys.argv[1])
        with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
            print('port', server.server_port, file=sys.stderr, flush=True)
            server.serve_forever()
        """

    /// - Parameter secret: what everybody has to know, as the password of `me` or as a token; empty for nothing.
    init(_ directory: Path, secret: String = "") async throws {
        let asked = Log()
        let (ports, found) = AsyncStream.makeStream(of: String.self)
        let command = Command(
            executable: "/usr/bin/env",
            arguments: ["python3", "-c", ByteString(Self.program), directory.bytes, ByteString(secret)],
            environment: ProcessEnvironment.all(), workingDirectory: "/", writable: nil)
        server = Task {
            let result = await PlainCommandRunner().run(command) { line in
                if line.hasPrefix("port ") {
                    found.yield(String(line.dropFirst("port ".count)))
                } else {
                    asked.lines.withLock { $0.append(line) }
                }
            }
            found.finish()
            return result
        }
        self.asked = asked
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw Unprovided("the server for channels does not start") }
        address = "http://127.0.0.1:\(port)"
    }

    deinit { server.cancel() }
}
