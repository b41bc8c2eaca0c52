package import EnvdCore
internal import EnvdSystem

/// A directory of a test's own, gone with all that is in it when the value goes.
package final class TemporaryDirectory: Sendable {
    /// Canonical, below the system's temporary directory.
    package let path: Path

    package init(_ label: String = "test") throws {
        let base = try FileSystem.canonical(ProcessEnvironment.path("TMPDIR") ?? "/tmp")
        path = base / "envd-\(label)-\(UInt64.random(in: 0 ... .max))"
        try FileSystem.makeDirectories(path)
    }

    deinit { try? FileSystem.remove(path) }

    /// Writes a file below the directory, with the directories that it needs, and gives its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> Path {
        let file = path / name
        try FileSystem.makeDirectories(file.parent)
        try FileSystem.replace(file, with: Array(text.utf8), mode: 0o644)
        return file
    }
}
