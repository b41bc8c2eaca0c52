internal import EnvdCore
internal import EnvdPackaging

/// The versions in a lock file, whichever tool wrote it: to tell people what changed.
struct LockedVersions: Equatable {
    /// By normalised name; several where a package is locked once for each of several environments.
    private(set) var versions: [String: Set<String>] = [:]

    /// - Parameter file: by its name the format is known.
    init(_ content: [UInt8], of file: Path) {
        let name = file.name.description
        if name == "Pipfile.lock" {
            let pins = (try? PipfileLock(content, file: file))?.pins ?? ""
            read(RequirementsText(pins))
        } else if name == "uv.lock" || name == "poetry.lock" {
            readTables(String(decoding: content, as: UTF8.self))
        } else {
            read(RequirementsText(String(decoding: content, as: UTF8.self)))
        }
    }

    private mutating func read(_ text: RequirementsText) {
        for pin in text.lines.compactMap(\.pin) { versions[pin.name, default: []].insert(pin.version) }
    }

    /// `[[package]]`, then a line for the name and one for the version: as uv and Poetry write them.
    private mutating func readTables(_ text: String) {
        var name: String?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("[") {
                name = line == "[[package]]" ? "" : nil
            } else if name == "", let value = Self.value(line, of: "name") {
                name = PackageName.canonical(value)
            } else if let known = name, !known.isEmpty, let value = Self.value(line, of: "version") {
                versions[known, default: []].insert(String(value))
                name = nil
            }
        }
    }

    private static func value(_ line: Substring, of key: String) -> Substring? {
        guard line.hasPrefix("\(key) = \""), line.hasSuffix("\"") else { return nil }
        return line.dropFirst(key.count + 4).dropLast()
    }

    /// What is otherwise in a newer one, in the order of the names.
    func changes(to newer: LockedVersions) -> [LockUpdate.Change] {
        func shown(_ versions: Set<String>?) -> String? { versions.map { $0.sorted().joined(separator: ", ") } }
        return Set(versions.keys).union(newer.versions.keys).sorted().compactMap { name in
            let (old, new) = (versions[name], newer.versions[name])
            return old == new ? nil : LockUpdate.Change(name: name, old: shown(old), new: shown(new))
        }
    }
}
