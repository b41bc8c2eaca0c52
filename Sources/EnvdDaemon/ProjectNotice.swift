internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem

/// The one line that a shell shows about a project, at most once for each state; nil where all is well.
struct ProjectNotice {
    var name: ByteString
    var root: Path
    var building: BuildRequest?
    var failure: Diagnostic?
    var current: GenerationNumber?
    /// What was put into the environment before by hand, and is not in the one that took its place.
    var lost: [String] = []
    /// A lock file that was not obeyed.
    var staleLock: String?

    var notice: Notice? {
        if let building {
            let kept = current == nil ? "" : "; the old environment stays until it is ready"
            return notice("building", of: building.key.hex, "building the environment of `\(name)`\(kept)")
        }
        if let failure, let asks = failure.asks, let first = asks.first {
            let place = first.location.map { " (\($0.file.name)\($0.line.map { ":\($0)" } ?? ""))" } ?? ""
            let more = asks.count > 1 ? ", and \(asks.count - 1) more" : ""
            let what = "\(first.source.phrase)\(place)\(more)"
            return notice(
                "asks", of: asks.map { "\($0.source)" }.joined(separator: ", "),
                "`\(name)` waits for your word: \(what); see `envd status`, then: envd allow")
        }
        if let failure {
            let place = failure.location.map { " (\($0.file.name)\($0.line.map { ":\($0)" } ?? ""))" } ?? ""
            return notice(
                "failed", of: failure.message,
                "`\(name)` is not up to date: \(failure.message)\(place); see `envd status`")
        }
        if !lost.isEmpty {
            let names = lost.prefix(5).joined(separator: ", ") + (lost.count > 5 ? " …" : "")
            return notice(
                "lost", of: "\(current.map { "\($0)" } ?? ""), \(names)",
                "the new environment of `\(name)` has not what was installed by hand (\(names)); name it in a manifest")
        }
        return nil
    }

    /// What shells that were told of a build are told when it is over; a plain switch says nothing.
    func news(of key: Fingerprint) -> Notice {
        let stale = staleLock.map { ", though `\($0)` is stale: `envd lock` brings it up to date" } ?? ""
        return Notice("envd: `\(name)` is ready\(stale)", id: notice("building", of: key.hex, "").id)
    }

    private func notice(_ kind: String, of detail: String, _ text: String) -> Notice {
        let id = Fingerprint(of: root.bytes.bytes + Array("\0\(kind)\0\(detail)".utf8))
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return Notice("envd: \(line.prefix(400))", id: "\(kind)-\(id.hex.prefix(12))")
    }
}
