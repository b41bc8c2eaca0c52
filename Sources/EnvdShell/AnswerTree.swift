package import EnvdCore

/// The names of what the daemon publishes for hooks, below its runtime directory.
package struct AnswerTree: Hashable, Sendable {
    package let directory: Path

    package init(directory: Path) { self.directory = directory }

    /// The one line that changes whenever an answer may have changed.
    package var state: Path { directory / "state" }

    /// The answer for an allowed project's root.
    package func enter(_ root: Path, _ shell: Shell) -> Path { roots(root) / "enter.\(shell.rawValue)" }

    /// The answer for a directory that is known and not allowed.
    package func asked(_ directory: Path) -> Path { roots(directory) / "asked" }

    /// What `state` has to say: `serial` must differ each time, also from what an earlier daemon wrote.
    package static func stateLine(version: Int, process: Int32, serial: UInt64) -> [UInt8] {
        Array("\(version) \(process) \(serial)\n".utf8)
    }

    private func roots(_ path: Path) -> Path { Path((directory / "roots").bytes + "/" + path.bytes) }
}
