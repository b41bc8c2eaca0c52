import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Synchronization
import Testing

/// A machine of one test's own as far as NVIDIA's driver shows on it: libraries of a few lines, `/proc` and `/sys`.
final class CudaWorkshop: Sendable {
    let directory: TemporaryDirectory
    private let count = Mutex(0)
    private let log = Mutex<[String]>([])

    var libraries: Path { directory.path / "lib" }
    /// Below it are `/proc`, `/dev`, `/sys` and `/etc`.
    var root: Path { directory.path / "root" }
    var places: CudaLibraries { CudaLibraries(only: [libraries], root: root) }
    /// How often a driver was asked.
    var runs: Int { count.withLock { $0 } }
    var said: [String] { log.withLock { $0 } }

    init() throws {
        directory = try TemporaryDirectory("cuda")
        for place in [libraries, root] { try FileSystem.makeDirectories(place) }
    }

    /// The real `envd`, which is built beside the tests.
    static var program: Path {
        get throws {
            let own = try FileSystem.linkTarget("/proc/self/exe")
            let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { Path($0).parent / "envd" }
            let candidates = own.selfAndAncestors.map { $0 / "envd" } + [bundle].compactMap(\.self)
            return try #require(candidates.first { FileSystem.isExecutable($0) })
        }
    }

    /// A driver that says its version and has two GPUs, of 9.0 and 8.6.
    static func driver(_ number: Int, version: String = "", start: String = "") -> String {
        """
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        int cuDriverGetVersion(int *version) { \(version); *version = \(number); return 0; }
        int cuInit(unsigned flags) { \(start); return 0; }
        int cuDeviceGetCount(int *count) { *count = 2; return 0; }
        int cuDeviceGet(int *device, int ordinal) { *device = ordinal + 10; return 0; }
        int cuDeviceGetAttribute(int *value, int attribute, int device) {
            int major = device == 10 ? 9 : 8, minor = device == 10 ? 0 : 6;
            *value = attribute == 75 ? major : attribute == 76 ? minor : -1;
            return 0;
        }
        """
    }

    static let management = """
        #include <stddef.h>
        static int started;
        int nvmlInit_v2(void) { started = 1; return 0; }
        int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 12020; return started ? 0 : 1; }
        int nvmlDeviceGetCount_v2(unsigned *count) { *count = 1; return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = NULL; return 0; }
        int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
            *major = 7, *minor = 5;
            return 0;
        }
        """

    /// Puts a library there, compiled, in place of an older one.
    func install(_ source: String, as name: String = "libcuda.so.1") async throws {
        let file = try directory.write("library.c", source)
        let made = directory.path / "made.so"
        let result = await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/cc", arguments: ["-shared", "-fPIC", "-o", made.bytes, file.bytes],
                environment: ["PATH": "/usr/bin:/bin"], workingDirectory: directory.path, writable: nil),
            onLine: { _ in })
        try #require(result.succeeded, "\(String(decoding: result.standardError, as: UTF8.self))")
        try FileSystem.rename(made, to: libraries / name)
    }

    func context(_ environment: [ByteString: ByteString] = [:]) -> EngineContext {
        EngineContext(
            userEnvironment: environment, home: "/", cache: directory.path, temporary: directory.path,
            engines: directory.path, runner: CountingRunner(workshop: self),
            log: { line in self.log.withLock { $0.append(line) } })
    }

    func detect(
        _ environment: [ByteString: ByteString] = [:], milliseconds: Int64 = 30_000
    ) async throws -> CudaDriver.Answer {
        await CudaDriver.detect(
            by: try Self.program, libraries: places, milliseconds: milliseconds, context: context(environment))
    }

    private struct CountingRunner: CommandRunner {
        let workshop: CudaWorkshop

        func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
            workshop.count.withLock { $0 += 1 }
            return await PlainCommandRunner().run(command, onLine: onLine)
        }
    }
}
