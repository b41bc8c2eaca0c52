package import EnvdCore
package import EnvdSystem
internal import Glibc

/// What a virtual environment's prefix means to a shell.
package enum PythonPrefix {
    /// The delta of the prefix, as its own `bin/activate` has it, and with uv pointed at it.
    ///
    /// - Parameters:
    ///   - name: what the prompt shows.
    ///   - libraries: the directories that go onto LD_LIBRARY_PATH, first one first.
    /// - Throws: EINVAL where the path holds a colon, for such a directory cannot be on PATH.
    package static func delta(
        prefix: Path, name: ByteString, libraries: [Path] = []
    ) throws(SystemError) -> Delta {
        guard !prefix.bytes.bytes.contains(UInt8(ascii: ":")) else {
            throw SystemError("put a path with a colon on PATH:", prefix, code: EINVAL)
        }
        var delta = Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            assignments: [
                .init(variable: .virtualEnv, value: prefix.bytes),
                .init(variable: .virtualEnvPrompt, value: name),
                .init(variable: .uvProjectEnvironment, value: prefix.bytes),
            ],
            removals: [.pythonHome])
        if !libraries.isEmpty {
            delta.additions.append(.init(variable: .libraryPath, entries: libraries.map(\.bytes)))
        }
        return delta
    }
}
