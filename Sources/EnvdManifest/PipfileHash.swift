internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The digest that pipenv writes into Pipfile.lock as `_meta.hash.sha256`, to know whether it is stale.
///
/// `Pipfile.get_hash` of plette and `calculate_hash` of pipenv: the sections as JSON, keys in order, no blanks,
/// ASCII alone.
enum PipfileHash {
    private static let sections: Set<String> = [
        "source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop",
    ]
    /// What pipenv puts before a Pipfile without sources.
    private static let defaultSource: CanonicalValue = .list([
        .table([
            "name": .text("pypi"), "url": .text("https://pypi.org/simple"), "verify_ssl": .truth(true),
        ])
    ])

    /// As pipenv computes it today, with normalised names, and as it did before, with names as they are written.
    static func accepted(_ pipfile: CanonicalValue) -> [String] {
        [true, false].map { hash(pipfile, normalising: $0) }.sortedAndUnique()
    }

    private static func hash(_ pipfile: CanonicalValue, normalising: Bool) -> String {
        func section(_ value: CanonicalValue?) -> CanonicalValue {
            guard let table = value?.asTable else { return value ?? .table([:]) }
            guard normalising else { return .table(table) }
            var result: [String: CanonicalValue] = [:]
            for key in table.keys.sortedAndUnique() { result[canonical(key)] = table[key] }
            return .table(result)
        }
        let table = pipfile.asTable ?? [:]
        var data: [String: CanonicalValue] = [
            "_meta": .table([
                "sources": table["source"] ?? defaultSource, "requires": table["requires"] ?? .table([:]),
            ]),
            "default": section(table["packages"]), "develop": section(table["dev-packages"]),
        ]
        for (key, value) in table where !sections.contains(key) { data[key] = section(value) }
        var json = ""
        write(.table(data), into: &json)
        return Fingerprint(of: Array(json.utf8)).hex
    }

    /// PEP 503, for keys that need not be names.
    private static func canonical(_ key: String) -> String {
        var result = ""
        for character in key.unicodeScalars {
            if "-_.".unicodeScalars.contains(character) {
                if result.last != "-" { result += "-" }
            } else {
                result.unicodeScalars.append(character)
            }
        }
        return result.lowercased()
    }

    /// As Python's `json.dumps(sort_keys=True, separators=(",", ":"))` writes it.
    private static func write(_ value: CanonicalValue, into json: inout String) {
        switch value {
        case .text(let text): write(text, into: &json)
        case .integer(let number): json += String(number)
        case .number(let number): json += String(number)
        case .truth(let truth): json += truth ? "true" : "false"
        case .list(let values):
            json += "["
            for (index, element) in values.enumerated() {
                if index > 0 { json += "," }
                write(element, into: &json)
            }
            json += "]"
        case .table(let table):
            json += "{"
            for (index, key) in table.keys.sortedAndUnique().enumerated() {
                if index > 0 { json += "," }
                write(key, into: &json)
                json += ":"
                if let value = table[key] { write(value, into: &json) }
            }
            json += "}"
        }
    }

    private static func write(_ text: String, into json: inout String) {
        json += "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: json += "\\\""
            case 0x5C: json += "\\\\"
            case 0x0A: json += "\\n"
            case 0x0D: json += "\\r"
            case 0x09: json += "\\t"
            case 0x08: json += "\\b"
            case 0x0C: json += "\\f"
            case 0x20..<0x7F: json.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        json += "\""
    }
}
