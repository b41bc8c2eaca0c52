internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What of a file goes into a spec where nobody here knows its grammar.
enum FileContent {
    /// All of it.
    static func digest(_ bytes: [UInt8]) -> CanonicalValue { .text(Fingerprint(of: bytes).hex) }

    /// The lines that set a version, where there are any: a module holds more than its version.
    static func version(_ bytes: [UInt8]) -> CanonicalValue {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.contains("=") && $0.prefix(64).lowercased().contains("version") }
            .map { $0.trimmingBlanks() }
        return lines.isEmpty ? digest(bytes) : .list(lines.map { .text($0) })
    }

    /// A TOML file's meaning, whatever its formatting; its bytes where it does not parse.
    static func meaning(_ bytes: [UInt8], file: Path) -> Fingerprint {
        guard let document = try? TOMLDocument(bytes, file: file, name: "", recordsLines: false) else {
            return Fingerprint(of: bytes)
        }
        var encoding = CanonicalEncoding()
        encoding.append(document.root)
        return Fingerprint(of: encoding)
    }
}
