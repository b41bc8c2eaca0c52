internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem

/// The one line that a shell shows about a project, at most once for each state; nil where all is well.
struct ProjectNotice {
    var name: ByteString
    var root: Path
    var building: BuildRequest?
    var failure: Diagnostic?
    var current: Generation?

    var notice: Notice? {
        if let building {
            let kept = current == nil ? "" : "; the old environment stays until it is ready"
            return notice("building", of: building.key.hex, "building the environment of `\(name)`\(kept)")
        }
        if let failure {
            let place = failure.location.map { " (\($0.file.name)\($0.line.map { ":\($0)" } ?? ""))" } ?? ""
            return notice(
                "failed", of: failure.message,
                "`\(name)` is not up to date: \(failure.message)\(place); see `envd status`")
        }
        if let current {
            // News only where the shell was told that it is being built: a plain switch says nothing.
            var ready = notice("ready", of: current.key.hex, "`\(name)` is ready")
            ready.after = notice("building", of: current.key.hex, "").id
            return ready
        }
        return nil
    }

    private func notice(_ kind: String, of detail: String, _ text: String) -> Notice {
        let id = Fingerprint(of: root.bytes.bytes + Array("\0\(kind)\0\(detail)".utf8))
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return Notice("envd: \(line.prefix(400))", id: "\(kind)-\(id.hex.prefix(12))")
    }
}
