internal import EnvdCore
internal import EnvdSystem

/// The digest of a pyproject.toml that Poetry writes into its lock file, by which it knows whether that is fresh
/// (`Locker._get_content_hash` of poetry 1.0 to 2.5).
enum PoetryContentHash {
    /// Of `[tool.poetry]`, in every version; absent ones count as null where they are named first.
    static let oldKeys = ["dependencies", "source", "extras", "dev-dependencies"]
    static let keys = oldKeys + ["group"]
    static let projectKeys = ["requires-python", "dependencies", "optional-dependencies"]

    /// What of the file the digest is made of.
    static func content(_ root: CanonicalValue) -> [String: CanonicalValue] {
        var content: [String: CanonicalValue] = [:]
        for key in keys { content["poetry.\(key)"] = root.value(["tool", "poetry", key]) }
        for key in projectKeys { content["project.\(key)"] = root.value(["project", key]) }
        content["dependency-groups"] = root.value(["dependency-groups"])
        return content
    }

    /// Every digest that a fresh lock file may carry.
    ///
    /// - Parameter generator: the Poetry that wrote the lock file; before 2.3 the groups of PEP 735 did not count.
    static func accepted(_ root: CanonicalValue, generator: String?) -> Set<String> {
        var digests: Set<String> = [digest(root, withGroups: true)]
        let numbers = (generator ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
        if numbers.count == 2, numbers.lexicographicallyPrecedes([2, 3]) {
            digests.insert(digest(root, withGroups: false))
        }
        return digests
    }

    private static func digest(_ root: CanonicalValue, withGroups: Bool) -> String {
        var project: [String: CanonicalValue] = [:]
        for key in projectKeys { project[key] = root.value(["project", key]) }
        let groups = withGroups ? root.value(["dependency-groups"])?.asTable ?? [:] : [:]
        let isNew = !project.isEmpty || !groups.isEmpty
        var poetry: [String: String] = [:]
        for key in keys {
            if let value = root.value(["tool", "poetry", key]) {
                poetry[key] = json(value)
            } else if !isNew, oldKeys.contains(key) {
                poetry[key] = "null"
            }
        }
        var whole = poetry
        if isNew {
            whole = ["tool": object(["poetry": object(poetry)])]
            if !project.isEmpty { whole["project"] = json(.table(project)) }
            if !groups.isEmpty { whole["dependency-groups"] = json(.table(groups)) }
        }
        return Fingerprint(of: Array(object(whole).utf8)).hex
    }

    // MARK: JSON as Python's `json.dumps(…, sort_keys=True)` writes it

    private static func object(_ entries: [String: String]) -> String {
        let keys = entries.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        return "{" + keys.map { "\(json($0)): \(entries[$0] ?? "null")" }.joined(separator: ", ") + "}"
    }

    private static func json(_ value: CanonicalValue) -> String {
        switch value {
        case .text(let text): json(text)
        case .integer(let number): String(number)
        case .number(let number):
            number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-" : "") + "Infinity" : "\(number)"
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[" + values.map { json($0) }.joined(separator: ", ") + "]"
        case .table(let table): object(table.mapValues { json($0) })
        }
    }

    /// ASCII alone, as Python does it unless told otherwise.
    private static func json(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x08: result += "\\b"
            case 0x0C: result += "\\f"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            case 0x7F: result += "\u{7F}"
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
