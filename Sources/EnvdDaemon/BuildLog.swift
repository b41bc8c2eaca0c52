internal import EnvdCore
internal import EnvdStore
internal import EnvdSystem
internal import Synchronization

/// The log of a project's newest build, for `envd log`: what ran, what it said, how it ended.
///
/// Without secrets. Written from any thread; the log of the build before stays beside it as `.1`.
final class BuildLog: Sendable {
    let file: Path
    private let previous: Path
    private let writing = Mutex(())

    init(_ paths: StorePaths, project: ProjectID) {
        file = paths.logs / "\(project).log"
        previous = paths.logs / "\(project).1.log"
    }

    /// Starts a new log.
    func begin(_ line: String) {
        writing.withLock { _ in
            try? FileSystem.rename(file, to: previous)
            try? FileSystem.replace(file, with: Array((Redaction()(line) + "\n").utf8))
        }
    }

    func write(_ line: String) {
        writing.withLock { _ in try? FileSystem.append(file, Array((Redaction()(line) + "\n").utf8)) }
    }

    func remove() {
        try? FileSystem.remove(file)
        try? FileSystem.remove(previous)
    }
}
