internal import EnvdCore
internal import EnvdStore
internal import EnvdSystem
internal import Synchronization

/// The log of a project's newest build, for `envd log`: what ran, what it said, how it ended.
///
/// The first line begins with the moment (RFC 3339), the others with the seconds since; what of a text comes after its
/// first line is indented as far. Without secrets. Written from any thread; the log of the build before stays beside it
/// as `.1`.
final class BuildLog: Sendable {
    let file: Path
    private let previous: Path
    /// When the log was begun; nil: by a daemon before this one.
    private let started = Mutex<ContinuousClock.Instant?>(nil)

    init(_ paths: StorePaths, project: ProjectID) {
        file = paths.logs / "\(project).log"
        previous = paths.logs / "\(project).1.log"
    }

    /// Starts a new log.
    func begin(_ line: String) {
        started.withLock { started in
            started = .now
            try? FileSystem.rename(file, to: previous)
            try? FileSystem.replace(file, with: Self.lines("\(Timestamp.now.text)  ", line))
        }
    }

    func write(_ line: String) {
        started.withLock { started in
            let mark = started.map { Self.seconds($0.duration(to: .now)) } ?? ""
            try? FileSystem.append(file, Self.lines(Self.indent.dropLast(mark.count) + mark, line))
        }
    }

    func remove() {
        try? FileSystem.remove(file)
        try? FileSystem.remove(previous)
    }

    private static let indent = String(repeating: " ", count: 11)

    private static func lines(_ mark: some StringProtocol, _ text: String) -> [UInt8] {
        let lines = Redaction()(text).split(separator: "\n", omittingEmptySubsequences: false)
        return Array((mark + lines.joined(separator: "\n\(indent)") + "\n").utf8)
    }

    /// `1.23s  `.
    private static func seconds(_ elapsed: Duration) -> String {
        let (seconds, attoseconds) = elapsed.components
        let hundredths = attoseconds / 10_000_000_000_000_000
        return "\(seconds).\(hundredths < 10 ? "0" : "")\(hundredths)s  "
    }
}
