internal import EnvdCore
internal import EnvdPackaging

/// Pipfile.lock: its sections as requirement lines, as `pipenv sync` hands them to pip.
struct PipfileLock {
    private let root: CanonicalValue

    init(_ bytes: [UInt8], file: Path) throws(Diagnostic) {
        do throws(JSONText.SyntaxError) {
            root = try JSONText.parse(bytes)
        } catch {
            throw Diagnostic(
                "could not read `\(file.name)`: \(error.cause)",
                at: .init(file: file, line: error.line, column: error.column))
        }
    }

    /// The digest of the Pipfile that was locked.
    var hash: String? { root.text(at: "_meta", "hash", "sha256") }

    func locked(_ layer: PythonLayer, root place: Path, environment: MarkerEnvironment) throws(Diagnostic)
        -> LockedLayer
    {
        let accepted = layer.settings?.entries["envd.pipfile.hash"]?.elements ?? []
        guard let hash, accepted.contains(.text(hash)) else {
            return .unlockedPipfile(pins: pins)
        }
        return .exact(resolution(layer.groups, relativeTo: place, environment: environment))
    }

    /// What some sections pin.
    func resolution(_ sections: [String], relativeTo place: Path, environment: MarkerEnvironment) -> Resolution {
        RequirementsText(lines(of: sections).joined(separator: "\n")).resolution(
            relativeTo: place, environment: environment)
    }

    /// `name==version` lines of every section.
    var pins: String {
        var seen: Set<String> = []
        return sections.sorted().flatMap { lines(of: [$0]) }.compactMap { text in
            guard let pin = RequirementsText(text).lines.first?.pin, seen.insert(pin.name).inserted else { return nil }
            return "\(pin.name)==\(pin.version)\n"
        }.joined()
    }

    private var sections: [String] { root.entries.keys.filter { $0 != "_meta" } }

    /// Each package once: what `default` says of it goes before what others say.
    private func lines(of sections: [String]) -> [String] {
        var seen: Set<String> = []
        var result: [String] = []
        for section in sections.sorted(by: { ($0 == "default" ? "" : $0) < ($1 == "default" ? "" : $1) }) {
            let entries = root.entries[section]?.entries ?? [:]
            for name in entries.keys.sorted() where seen.insert(PackageName.canonical(name)).inserted {
                // A line end in a text would begin a line of its own.
                guard let entry = entries[name], let line = Self.line(name, entry),
                    !line.utf8.contains(where: { $0 < 0x20 })
                else { continue }
                result.append(line)
            }
        }
        return result
    }

    private static let markerKeys = [
        "os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_system",
        "python_version", "python_full_version", "implementation_name",
    ]

    /// `requirement_from_lockfile` of pipenv.
    private static func line(_ name: String, _ entry: CanonicalValue) -> String? {
        if case .text(let version) = entry { return version == "*" ? name : "\(name)==\(version)" }
        // Old lock files carry the variables of markers as keys of their own.
        let parts =
            [entry.text(at: "markers")].compactMap { $0 }.filter { !$0.isEmpty }
            + markerKeys.compactMap { key in entry.text(at: key).map { "\(key) \($0)" } }
        let marker =
            parts.isEmpty
            ? "" : " ; " + (parts.count == 1 ? parts[0] : parts.map { "(\($0))" }.joined(separator: " and "))
        let extras = (entry.entries["extras"]?.elements ?? []).compactMap(\.text)
        let bracket = extras.isEmpty ? "" : "[\(extras.joined(separator: ","))]"
        for kind in ["git", "hg", "svn", "bzr"] {
            guard let url = entry.text(at: kind) else { continue }
            let scheme = url.hasPrefix("\(kind)+") ? "" : "\(kind)+"
            let plain = url.split(separator: "#").first.map(String.init) ?? url
            let ref = entry.text(at: "ref").map { "@\($0)" } ?? ""
            let directory = entry.text(at: "subdirectory").map { "#subdirectory=\($0)" } ?? ""
            return "\(name)\(bracket) @ \(scheme)\(plain)\(ref)\(directory)\(marker)"
        }
        if let place = entry.text(at: "file") ?? entry.text(at: "path") {
            if place.contains("://") { return "\(name)\(bracket) @ \(place)\(marker)" }
            // Extras make no difference where what they bring is pinned by itself.
            let path = place.hasPrefix("/") || place.hasPrefix(".") ? place : "./\(place)"
            return (entry.entries["editable"] == .truth(true) ? "-e " : "") + path + marker
        }
        guard let version = entry.text(at: "version"), version != "*" else { return name + bracket + marker }
        let hashes = (entry.entries["hashes"]?.elements ?? []).compactMap(\.text)
        return name + bracket + version + marker + hashes.map { " --hash=\($0)" }.joined()
    }
}

extension CanonicalValue {
    /// Empty where the value is no table.
    var entries: [String: CanonicalValue] {
        if case .table(let entries) = self { return entries }
        return [:]
    }

    /// Empty where the value is no list.
    var elements: [CanonicalValue] {
        if case .list(let elements) = self { return elements }
        return []
    }

    /// Nil where the value is no text.
    var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    func text(at keys: String...) -> String? {
        keys.reduce(self as CanonicalValue?) { $0?.entries[$1] }?.text
    }
}
