package import EnvdCore
package import EnvdSystem

/// What the daemon publishes for hooks, below its runtime directory: names, and the one way to say that it changed.
package struct AnswerTree: Hashable, Sendable {
    package let directory: Path

    package init(directory: Path) { self.directory = directory }

    /// The one line that changes whenever an answer may have changed.
    package var state: Path { directory / "state" }

    /// Holds one empty file, named as `state` reads: a hook sees by one stat(2) that nothing changed.
    package var now: Path { directory / "now" }

    /// Where news about what a notice told of lies, by the notice's id.
    package func news(_ notice: String) -> Path { news / notice }
    package var news: Path { directory / "news" }

    /// Below it, at each project's absolute path, the answers for shells.
    package var roots: Path { directory / "roots" }

    /// Where the answers for one root lie.
    package func answers(for root: Path) -> Path { Path(roots.bytes + "/" + root.bytes) }

    /// The answer for an allowed project's root.
    package func enter(_ root: Path, _ shell: Shell) -> Path { answers(for: root) / "enter.\(shell.rawValue)" }

    /// The answer for a directory that is known and not allowed.
    package func asked(_ directory: Path) -> Path { answers(for: directory) / "asked" }

    /// Tells the hooks that answers changed: the line of `state` first, then the name in `now`, each by one rename.
    ///
    /// - Parameters:
    ///   - process: the daemon, whose end hooks notice.
    ///   - serial: differs each time, also from what an earlier daemon with the same id wrote.
    package func tell(version: String, process: Int32, serial: UInt64) throws(SystemError) {
        let line = "\(version) \(process) \(serial)"
        try FileSystem.replace(state, with: Array((line + "\n").utf8))
        try FileSystem.makeDirectories(now)
        let names = try FileSystem.list(now)
        if let last = names.last {
            try FileSystem.rename(now.appending(Path(last)), to: now / line)
        } else {
            try FileSystem.replace(now / line, with: [])
        }
        for name in names.dropLast() { try FileSystem.remove(now.appending(Path(name))) }
    }
}
