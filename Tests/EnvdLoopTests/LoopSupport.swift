import EnvdCore
import EnvdLoop
import EnvdSystem
import Glibc
import Synchronization
import Testing

/// The loop on a thread of its own for a whole suite.
struct RunningLoop: SuiteTrait, TestTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        EventLoop.startForTests()
        try await function()
    }
}

extension Trait where Self == RunningLoop {
    static var runningLoop: RunningLoop { RunningLoop() }
}

/// Things that happen elsewhere, for a test to wait for one after the other.
struct Events<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send(_ value: Value) { continuation.yield(value) }

    func next() async -> Value? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }
}

/// The real `envd-child`, which is built beside the tests.
enum Built {
    static var child: Path {
        get throws {
            let program = try FileSystem.linkTarget("/proc/self/exe")
            let candidates = program.selfAndAncestors.map { $0 / "envd-child" }
            // The tests run in a program of the build folder, or are a bundle that the toolchain's program loads.
            let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { Path($0).parent / "envd-child" }
            let built = (candidates + [bundle].compactMap(\.self)).first { FileSystem.isExecutable($0) }
            return try #require(built)
        }
    }
}

func shell(_ script: String, in directory: Path = "/", writable: [Path]? = nil) -> Command {
    Command(
        executable: "/bin/sh", arguments: ["-c", ByteString(script)],
        environment: ["PATH": "/usr/bin:/bin", "WORDS": "kept whole"], workingDirectory: directory, writable: writable)
}

func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 }
