internal import EnvdCore

/// A comma-separated list of version clauses (PEP 440).
enum VersionSpecifiers {
    /// The clauses without blanks, in byte order and once.
    static func normalised(_ text: some StringProtocol) throws(GrammarError) -> [String] {
        let text = text.trimmingBlanks()
        if text.isEmpty { return [] }
        var pieces = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        // PEP 440 knows no comma at the end; uv takes one.
        if pieces.count > 1, pieces.last == "" { pieces.removeLast() }
        var clauses: [String] = []
        for piece in pieces { clauses.append(try clause(piece)) }
        return clauses.sortedAndUnique()
    }

    // Longest first.
    private static let operators = ["===", "~=", "==", "!=", "<=", ">=", "<", ">"]

    private static func clause(_ text: String) throws(GrammarError) -> String {
        if text.isEmpty { throw GrammarError("a version specifier is missing between two commas") }
        guard let `operator` = operators.first(where: { text.hasPrefix($0) }) else {
            throw GrammarError("`\(text.shortened)` is no version specifier")
        }
        let version = text.dropFirst(`operator`.count).trimmingBlanks()
        let isVersion =
            `operator` == "==="
            ? !version.isEmpty && version.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: ";") }
            : Self.isVersion(version)
        guard isVersion else { throw GrammarError("`\(text.shortened)` is no version specifier") }
        return `operator` + version
    }

    /// Whether the text looks like a version: the engine has the last word on the finer points.
    static func isVersion(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if let first = digits.first, first | 0x20 == UInt8(ascii: "v") { digits = digits.dropFirst() }
        guard let first = digits.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") else { return false }
        var body = digits
        if body.suffix(2).elementsEqual(".*".utf8) { body = body.dropLast(2) }
        return body.allSatisfy {
            PackageName.isNameByte($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "!")
        }
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends on either side.
    func trimmingBlanks() -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let bytes = Array(utf8)
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// For messages: 80 characters at most.
    var shortened: String { utf8.count > 80 ? String(prefix(77)) + "…" : String(self) }
}

extension Sequence<String> {
    /// In byte order, each once.
    func sortedAndUnique() -> [String] {
        Set(self).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
