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

    /// A FIFO that wakes shells which wait at a prompt, each time that `state` changed.
    package var wake: Path { directory / "wake" }

    /// Where news about what a notice told of lies, by the notice's id.
    package func news(_ notice: String) -> Path { news / notice }
    package var news: Path { directory / "news" }

    /// Below it, at each project's absolute path, the answers for shells.
    package var roots: Path { directory / "roots" }

    /// Where the answers for one root lie.
    package func answers(for root: Path) -> Path { Path(roots.bytes + "/" + root.bytes) }

    /// The answer for an allowed project's root.
    package func enter(_ root: Path, _ shell: Shell) -> Path { answers(for: root) / "enter.\(shell.rawValue)" }

    /// What `envd-hook` reads of an allowed project (`AnswerFile`): by its root's id, for a root's path may be too long
    /// to be mirrored.
    package func answer(_ id: ProjectID) -> Path { answers / id.text }
    private var answers: Path { directory / "answers" }

    /// The published answer of this id; nil where there is none.
    package func published(_ id: ProjectID) -> Answer? {
        (try? FileSystem.read(answer(id))).flatMap { AnswerFile.decode($0) }
    }

    /// Publishes an allowed project's answer for every shell, in place of whatever was there: each file by rename, and
    /// only where it says something new.
    package func publish(_ answer: Answer) throws(SystemError) {
        let file = self.answer(ProjectID(root: answer.root))
        let encoded = AnswerFile.encode(answer)
        if (try? FileSystem.read(file)) != encoded {
            try FileSystem.makeDirectories(answers)
            try FileSystem.replace(file, with: encoded)
        }
        let directory = answers(for: answer.root)
        let files = ShellRenderer.files(answer)
        try FileSystem.makeDirectories(directory)
        for file in files where (try? FileSystem.read(directory / file.name)) != file.text {
            try FileSystem.replace(directory / file.name, with: file.text)
        }
        for name in Self.names where !files.contains(where: { $0.name == name }) {
            try FileSystem.remove(directory / name)
        }
    }

    /// Takes back what was published for a directory; what is not an answer stays.
    ///
    /// - Returns: whether there was anything.
    @discardableResult
    package func withdraw(_ root: Path) -> Bool {
        try? FileSystem.remove(answer(ProjectID(root: root)))
        let directory = answers(for: root)
        guard let names = try? FileSystem.list(directory) else { return false }
        let published = Self.names.map { ByteString($0) }.filter(names.contains)
        for name in published { try? FileSystem.remove(directory.appending(Path(name))) }
        return !published.isEmpty
    }

    private static let names =
        Shell.allCases.map { "enter.\($0.rawValue)" } + ["plain.fish", "asked"]

    /// Takes back what `envd-hook` could read of all projects but these.
    package func withdrawAnswers(but roots: Set<Path>) {
        let kept = Set(roots.map { ByteString(ProjectID(root: $0).text) })
        for name in (try? FileSystem.list(answers)) ?? [] where !kept.contains(name) {
            try? FileSystem.remove(answers.appending(Path(name)))
        }
    }

    /// The answer for a directory that is known and not allowed.
    package func asked(_ directory: Path) -> Path { answers(for: directory) / "asked" }

    /// Tells the hooks that answers changed: the name in `now`, then the line of `state`, each by one rename.
    ///
    /// - Parameters:
    ///   - process: the daemon, whose end hooks notice.
    ///   - serial: differs each time, also from what an earlier daemon with the same id wrote.
    package func tell(version: String, process: Int32, serial: UInt64) throws(SystemError) {
        let line = "\(version) \(process) \(serial)"
        try FileSystem.makeDirectories(now)
        let names = try FileSystem.list(now)
        if let last = names.last {
            try FileSystem.rename(now.appending(Path(last)), to: now / line)
        } else {
            try FileSystem.replace(now / line, with: [])
        }
        for name in names.dropLast() { try FileSystem.remove(now.appending(Path(name))) }
        try FileSystem.replace(state, with: Array((line + "\n").utf8))
        // Shells that do not wait see it at their next prompt.
        try? Fifo.make(wake)
        Fifo.wake(wake)
    }
}
