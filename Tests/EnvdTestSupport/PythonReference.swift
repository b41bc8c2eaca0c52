package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Libraries of PyPI, pinned: what the grammars of Python packaging and of conda are compared with.
package enum PythonReference {
    /// PyPI's `packaging` and pip.
    package static let packaging: [ByteString] = ["packaging==26.3", "pip==26.3"]
    /// The engine of conda's layers.
    package static let rattler: [ByteString] = ["py-rattler==0.28.0"]

    /// What the machine does not have and a comparison needs.
    package struct Unprovided: Error, CustomStringConvertible {
        package let description: String
    }

    /// A directory with libraries for each set of them, made once a run by the machine's own pip or uv.
    private actor Directories {
        private var made: [[ByteString]: Task<Path, any Error>] = [:]

        func directory(for requirements: [ByteString]) async throws -> Path {
            if let task = made[requirements] { return try await task.value }
            let number = made.count
            let task = Task { try await PythonReference.make(requirements, number) }
            made[requirements] = task
            return try await task.value
        }
    }
    private static let directories = Directories()

    /// Gone with the process.
    private static let base: Result<Path, SystemError> = {
        do throws(SystemError) {
            let base = try FileSystem.canonical(ProcessEnvironment.path("TMPDIR") ?? "/tmp")
            let target = base / "envd-reference-\(getpid())"
            try FileSystem.makeDirectories(target)
            atexit {
                guard let base = try? FileSystem.canonical(ProcessEnvironment.path("TMPDIR") ?? "/tmp") else { return }
                try? FileSystem.remove(base / "envd-reference-\(getpid())")
            }
            return .success(target)
        } catch {
            return .failure(error)
        }
    }()

    private static func make(_ requirements: [ByteString], _ number: Int) async throws -> Path {
        let target = try base.get() / "\(number)"
        try FileSystem.makeDirectories(target)
        var said = ""
        let tools: [[ByteString]] = [
            ["python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", target.bytes],
            ["python3", "-m", "uv", "pip", "install", "--quiet", "--target", target.bytes],
            ["uv", "pip", "install", "--quiet", "--target", target.bytes],
        ]
        for tool in tools {
            let result = await run(tool + requirements, in: target)
            if result.succeeded { return target }
            said += String(decoding: result.standardError, as: UTF8.self)
        }
        throw Unprovided(description: "no pip or uv could install \(requirements): \(said)")
    }

    /// Runs a Python program for which some libraries can be imported.
    ///
    /// - Parameters:
    ///   - input: the content of the file that is its first argument.
    ///   - workingDirectory: its own directory where none is given.
    /// - Returns: what it prints.
    package static func run(
        _ program: String, input: [UInt8], workingDirectory: Path? = nil, with requirements: [ByteString] = packaging
    ) async throws -> [UInt8] {
        let packages = try await directories.directory(for: requirements)
        let scratch = try TemporaryDirectory("reference")
        let file = scratch.path / "input.json"
        try FileSystem.replace(file, with: input, mode: 0o644)
        let start = "import sys\nsys.path.insert(0, sys.argv.pop(1))\n"
        let result = await run(
            ["python3", "-I", "-c", ByteString(start + program), packages.bytes, file.bytes],
            in: workingDirectory ?? scratch.path)
        guard result.succeeded else {
            throw Unprovided(description: String(decoding: result.standardError, as: UTF8.self))
        }
        return withExtendedLifetime(scratch) { result.standardOutput }
    }

    private static func run(_ words: [ByteString], in directory: Path) async -> CommandResult {
        await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/env", arguments: words, environment: ProcessEnvironment.all(),
                workingDirectory: directory, writable: nil), onLine: { _ in })
    }
}
