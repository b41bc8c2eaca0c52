import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Synchronization
import Testing

@Suite("The driver of rattler", .serialized)
struct CondaDriverTests {
    /// Remembers what it runs.
    private final class RecordingRunner: CommandRunner {
        private let seen = Mutex<[Command]>([])
        var commands: [Command] { seen.withLock { $0 } }
        func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
            seen.withLock { $0.append(command) }
            return await PlainCommandRunner().run(command, onLine: onLine)
        }
    }

    /// Runs each command where one directory is a disk of two megabytes.
    private struct SmallDiskRunner: CommandRunner {
        let disk: Path
        func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
            var wrapped = command
            wrapped.executable = "/usr/bin/unshare"
            wrapped.arguments =
                [
                    "-Urm", "sh", "-c", "mount -t tmpfs -o size=2m tmpfs \"$0\" && exec \"$@\"", disk.bytes,
                    command.executable.bytes,
                ] + command.arguments
            return await PlainCommandRunner().run(wrapped, onLine: onLine)
        }
    }

    @Test("it may write into its cache, its scratch directory and the prefix, and is told no Python's settings")
    func confined() async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["layered"])
        let runner = RecordingRunner()
        var context = try workshop.context(["PYTHONPATH": "/nowhere", "CONDA_PREFIX": "/nowhere"])
        context.runner = runner
        let resolution = try await workshop.solve(layer, context)
        try await workshop.install(resolution, layer, context)
        let cache = workshop.cache / "rattler"
        try #require(runner.commands.count == 2)
        #expect(runner.commands[0].writable == [cache, context.temporary])
        #expect(runner.commands[1].writable == [cache, context.temporary, workshop.workshop.generation(1)])
        for command in runner.commands {
            #expect(command.arguments.first == "-I" && command.executable == workshop.rattler.python)
            #expect(command.environment["PYTHONPATH"] == nil && command.environment["CONDA_PREFIX"] == nil)
        }
        let left = try FileSystem.list(context.temporary).filter { $0.description.hasSuffix(".json") }
        #expect(left.isEmpty, "requests may hold passwords of proxies")
    }

    @Test("a full disk is told as that, while fetching and while linking", arguments: [true, false])
    func full(_ isCache: Bool) async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["big"])
        let resolution = try await workshop.solve(layer)
        var context = try workshop.context()
        context.runner = SmallDiskRunner(
            disk: isCache ? workshop.cache / "rattler" : workshop.workshop.generation(1))
        let failing = context
        let failure = try await workshop.workshop.failure { try await workshop.install(resolution, layer, failing) }
        #expect(failure.message == "could not install `environment.yml`: no space is left on the device")
        #expect(failure.hint == "free some space, then `envd build`")
    }

    @Test("many solves at once end in order: rattler's threads outlive the interpreter")
    func manyAtOnce() async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["nope"])
        let messages = await withTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    do {
                        _ = try await workshop.solve(layer)
                        return "solved"
                    } catch {
                        return (error as? Diagnostic)?.message ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(messages == ["could not resolve `environment.yml`: no channel has `nope`"])
    }

    @Test("NVML, which may hang, is never loaded")
    func noNVML() async throws {
        let workshop = try await CondaWorkshop()
        let mark = workshop.workshop.directory.path / "loaded"
        let source = try workshop.workshop.directory.write(
            "nvml.c",
            """
            #include <fcntl.h>
            __attribute__((constructor)) static void loaded(void) { open("\(mark)", O_CREAT | O_WRONLY, 0600); }
            """)
        let library = workshop.workshop.directory.path / "driver"
        try FileSystem.makeDirectories(library)
        try await workshop.workshop.run(
            "/usr/bin/env", ["cc", "-shared", "-fPIC", "-o", (library / "libnvidia-ml.so.1").bytes, source.bytes], [:])
        let context = try workshop.context(["LD_LIBRARY_PATH": library.bytes, "CONDA_OVERRIDE_GLIBC": "none at all"])
        let machine = try await workshop.rattler.machine(cuda: nil, context: context)
        #expect(machine.packages.contains { $0.name == "__archspec" })
        let layer = try workshop.layer(["layered"])
        try await workshop.install(try await workshop.solve(layer, context), layer, context)
        #expect(!FileSystem.exists(mark))
    }

    @Test("a proxy of the settings is used, and one of the environment", arguments: [true, false])
    func proxy(_ isSetting: Bool) async throws {
        let workshop = try await CondaWorkshop()
        let server = try await ChannelServer(workshop.channels)
        let layer = try workshop.layer(["layered"], at: "http://channels.invalid")
        let settings = CondaOptions(proxies: isSetting ? ["http": server.address] : [:])
        let context = try workshop.context(isSetting ? [:] : ["http_proxy": ByteString(server.address)])
        let resolution = try await workshop.solve(layer, settings: settings, context)
        let installation = try await workshop.install(resolution, layer, settings: settings, context)
        #expect(installation.fetched == 1)
        #expect(server.requests.contains("/main/\(VirtualPackages.platform)/layered-1.0-0.conda"))
    }

    @Test("an override that is no version is named")
    func override() async throws {
        let workshop = try await CondaWorkshop()
        let machine = VirtualPackages(
            kernel: "6", glibc: nil, microarchitecture: nil, cuda: nil,
            environment: ["CONDA_OVERRIDE_CUDA": "no version!"])
        let layer = try workshop.layer(["layered"])
        let failure = try await workshop.workshop.failure { _ = try await workshop.solve(layer, machine: machine) }
        #expect(failure.message.hasPrefix("could not resolve `environment.yml`: the version of `__cuda` is none: "))
        #expect(failure.hint == "check CONDA_OVERRIDE_CUDA")
    }

    @Test("an environment without rattler says what it said")
    func broken() async throws {
        let workshop = try await CondaWorkshop()
        let broken = RattlerEngine(python: workshop.workshop.interpreter.path, version: "0")
        let layer = try workshop.layer(["layered"])
        let context = try workshop.context()
        let failure = try await workshop.workshop.failure {
            _ = try await broken.solve(
                layer, root: workshop.workshop.root, machine: CondaWorkshop.plain, settings: CondaOptions(),
                preferring: nil, context: context)
        }
        #expect(failure.message.contains("No module named 'rattler'"))
    }

    @Test("the pinned rattler is envd's own, in an environment of its own, and is listed")
    func installed() async throws {
        let workshop = try await CondaWorkshop()
        #expect(workshop.rattler.version == EngineCatalogue.rattler.version)
        #expect(workshop.rattler.python == RealTools.cache / "conda-engines/rattler-0.28.0/bin/python")
        #expect(EngineCatalogue.names.contains("rattler"))
        var context = try workshop.context()
        context.engines = RealTools.cache / "conda-engines"
        let items = await EngineInventory.list(context, excluding: [])
        let item = try #require(items.first { $0.name == "rattler" })
        #expect(item.source == .envd && item.version == "0.28.0" && item.path == workshop.rattler.python)
        let empty = try workshop.context()
        let failure = try await workshop.workshop.failure {
            _ = try await PythonToolSelector(excluding: []).select(EngineCatalogue.rattler, empty, mayInstall: false)
        }
        #expect(failure.hint == "envd engines install rattler")
        let choice = try await PythonToolSelector(excluding: []).select(EngineCatalogue.rattler, context)
        #expect(choice.reason == "envd's own rattler 0.28.0: envd has to bring its own")
    }
}
