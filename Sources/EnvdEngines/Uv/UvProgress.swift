package import EnvdCore
internal import Synchronization

/// What uv tells of its progress where it writes to no terminal: a line for each large download and each build from
/// source, and a sum for each part of its work.
package struct UvProgress: Sendable {
    private struct Work {
        var name: String
        var size: ByteSize?
    }

    private var resolved: Int?
    /// Named and not done yet, oldest first.
    private var running: [Work] = []
    private var done: [Work] = []

    package init() {}

    /// Takes a line of its standard error.
    ///
    /// - Returns: what is done now, and how far that is; nil for a line that tells neither. The phase is empty where the
    ///   part of the build says as much.
    package mutating func take(_ line: String) -> (phase: String, progress: BuildProgress)? {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2 else { return nil }
        switch words[0] {
        case "Resolved":
            resolved = Int(words[1])
            return resolved.map { ("", BuildProgress(total: $0)) }
        case "Downloading", "Building":
            let size = words.count > 2 ? Self.size(words[2]) : nil
            running.append(Work(name: words[1], size: size))
            return work
        case "Downloaded", "Built":
            guard let index = running.firstIndex(where: { $0.name == words[1] }) else { return nil }
            done.append(running.remove(at: index))
            return work
        case "Prepared": return ("linking", BuildProgress(done: 0, total: resolved))
        case "Installed": return ("linking", BuildProgress(done: Int(words[1]), total: resolved))
        default: return nil
        }
    }

    private var work: (phase: String, progress: BuildProgress) {
        let isDownload = running.last.map { $0.size != nil } ?? !(done.last?.size == nil)
        let all = running + done
        var progress = BuildProgress(package: running.last?.name, done: done.count, total: all.count)
        let sizes = all.compactMap(\.size)
        if sizes.count == all.count {
            progress.totalBytes = sizes.sum
            progress.doneBytes = done.compactMap(\.size).sum
        }
        return (isDownload ? "downloading" : "building", progress)
    }

    /// `(18.6MiB)`.
    private static func size(_ text: String) -> ByteSize? {
        guard text.hasPrefix("("), text.hasSuffix(")") else { return nil }
        return ByteSize(String(text.dropFirst().dropLast()))
    }
}

/// Hears the lines of one command.
final class UvListener: Sendable {
    private let told = Mutex(UvProgress())
    private let context: EngineContext

    init(_ context: EngineContext) { self.context = context }

    func hear(_ line: String) {
        if let step = told.withLock({ $0.take(line) }) { context.progress(step.phase, step.progress) }
    }
}
