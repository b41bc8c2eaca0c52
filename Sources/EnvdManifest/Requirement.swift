internal import EnvdCore

/// One dependency as PEP 508 writes it: a name with extras, versions or a URL, and a marker.
struct Requirement: Hashable {
    /// Normalised as PEP 503 says.
    var name: String
    /// Normalised, in byte order.
    var extras: [String]
    /// Without blanks, in byte order; empty where there is a URL.
    var specifiers: [String]
    /// As written.
    var url: String?
    /// Normalised; nil where it always holds.
    var marker: String?

    /// - Throws: what is wrong with it.
    init(parsing text: some StringProtocol) throws(GrammarError) {
        let whole = text.trimmingBlanks()
        let bytes = Array(whole.utf8)
        let nameEnd = bytes.firstIndex { !PackageName.isNameByte($0) } ?? bytes.count
        guard let name = PackageName.normalised(String(decoding: bytes[..<nameEnd], as: UTF8.self)) else {
            throw GrammarError("`\(whole.shortened)` is no requirement")
        }
        self.name = name
        var rest = Self.text(bytes[nameEnd...]).trimmingBlanks()
        extras = []
        if rest.utf8.first == UInt8(ascii: "[") {
            guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "]")) else {
                throw GrammarError("the extras of `\(whole.shortened)` are not closed")
            }
            extras = try Self.extras(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...].trimmingBlanks()
        }
        specifiers = []
        if rest.utf8.first == UInt8(ascii: "@") {
            let (address, marker) = Self.splitURL(rest.dropFirst().trimmingBlanks())
            guard !address.isEmpty, !address.utf8.contains(where: { $0 <= 0x20 }) else {
                throw GrammarError("there is no URL in `\(whole.shortened)`")
            }
            url = address
            self.marker = try marker.map { text throws(GrammarError) in try Marker.normalised(text) }
            return
        }
        url = nil
        var clauses = rest
        marker = nil
        if let semicolon = rest.utf8.firstIndex(of: UInt8(ascii: ";")) {
            clauses = rest[..<semicolon].trimmingBlanks()
            marker = try Marker.normalised(rest[rest.index(after: semicolon)...])
        }
        if clauses.utf8.first == UInt8(ascii: "("), clauses.utf8.last == UInt8(ascii: ")") {
            clauses = clauses.dropFirst().dropLast().trimmingBlanks()
        }
        specifiers = try VersionSpecifiers.normalised(clauses)
    }

    /// The requirement in the one way that specs know.
    var normalised: String {
        var text = name
        if !extras.isEmpty { text += "[\(extras.joined(separator: ","))]" }
        if let url { text += " @ \(url)" }
        text += specifiers.joined(separator: ",")
        // After a URL the blank is part of the grammar.
        if let marker { text += (url == nil ? "; " : " ; ") + marker }
        return text
    }

    /// The names in brackets, normalised.
    static func extras(_ text: some StringProtocol) throws(GrammarError) -> [String] {
        if text.trimmingBlanks().isEmpty { return [] }
        var names: [String] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let name = PackageName.normalised(piece.trimmingBlanks()) else {
                throw GrammarError("`\(String(piece).shortened)` is no name of an extra")
            }
            names.append(name)
        }
        return names.sortedAndUnique()
    }

    /// A URL or path, and what follows the first `;` that has a blank before it.
    static func splitURL(_ text: some StringProtocol) -> (address: String, marker: String?) {
        let bytes = Array(text.utf8)
        for index in bytes.indices.dropFirst() where bytes[index] == UInt8(ascii: ";") {
            if bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 {
                return (Self.text(bytes[..<index]).trimmingBlanks(), Self.text(bytes[(index + 1)...]))
            }
        }
        return (text.trimmingBlanks(), nil)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
