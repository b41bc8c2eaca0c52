internal import EnvdCore
internal import EnvdSystem

/// Lock files may name sources that their manifests do not.
extension CodeSourceCollector {
    mutating func addLocks(of spec: Spec) {
        guard let lock = spec.python.lock else { return }
        let file = place(lock.path)
        guard let bytes = context.files.readIfPresent(file) else { return }
        switch file.name.description {
        case "uv.lock": addUvLock(bytes, file)
        case "poetry.lock": addPoetryLock(bytes, file)
        case "Pipfile.lock": addPipfileLock(bytes, file)
        default: break
        }
    }

    /// uv writes each package's source in a line of its own: `source = { git = "…" }`.
    private mutating func addUvLock(_ bytes: [UInt8], _ file: Path) {
        let directory = file.parent
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard line.starts(with: Array("source = {".utf8)) else { continue }
            let text = String(decoding: line, as: UTF8.self)
            let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 3, let key = parts[0].split(whereSeparator: { " {=".contains($0) }).last else {
                add(CodeSource(.setting, text), at: .init(file: file, line: index + 1))
                continue
            }
            switch key {
            // Hashes hold what an index serves, and the manifest names the index.
            case "registry": continue
            case "git": addRepository(parts[1], from: directory)
            case "url": addAddress(parts[1], from: directory)
            default:
                let place = place(Path(parts[1]), from: directory)
                if place == context.root || context.workspace.contains(place) { continue }
                add(.path, shown(place), near: parts[1])
            }
        }
    }

    /// Poetry writes a table `[package.source]` with `type` and `url`.
    private mutating func addPoetryLock(_ bytes: [UInt8], _ file: Path) {
        var kind: String?
        var isInSource = false
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "[") {
                isInSource = line.starts(with: Array("[package.source]".utf8))
                kind = nil
                continue
            }
            guard isInSource else { continue }
            let parts = String(decoding: line, as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count >= 3 else { continue }
            if parts[0].hasPrefix("type") { kind = String(parts[1]) }
            guard parts[0].hasPrefix("url"), let kind else { continue }
            switch kind {
            // An index, by a name that the manifest gives it.
            case "legacy": continue
            case "git": addRepository(String(parts[1]), from: file.parent)
            default: addAddress(String(parts[1]), from: file.parent)
            }
        }
    }

    private mutating func addPipfileLock(_ bytes: [UInt8], _ file: Path) {
        guard var table = (try? JSONText.parse(bytes))?.asTable else { return }
        table["_meta"] = nil
        addEntries(.table(table), from: file.parent, depth: 0)
    }
}
