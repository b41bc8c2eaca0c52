/// One dependency as PEP 508 writes it: a name with extras, versions or a URL, and a marker.
package struct Requirement: Hashable, Sendable {
    /// Normalised as PEP 503 says.
    package var name: String
    /// Normalised, in byte order.
    package var extras: [String]
    /// Without blanks, in byte order; empty where there is a URL.
    package var specifiers: [String]
    /// As written.
    package var url: String?
    /// Normalised; nil where it always holds.
    package var marker: String?

    /// - Throws: what is wrong with it, and where.
    package init(parsing text: some StringProtocol) throws(GrammarError) {
        let whole = text.trimmingBlanks()
        let start = text.utf8.prefix { $0 == 0x20 || (0x09...0x0D).contains($0) }.count
        do throws(GrammarError) {
            var cursor = Cursor(whole)
            self = try Requirement(&cursor, whole)
        } catch {
            throw error.moved(by: start)
        }
    }

    private init(_ cursor: inout Cursor, _ whole: String) throws(GrammarError) {
        name = try Self.name(&cursor, whole)
        cursor.skipBlanks()
        extras = try Self.bracketed(&cursor, whole)
        specifiers = []
        cursor.skipBlanks()
        if cursor.take("@") {
            cursor.skipBlanks()
            let address = cursor.take { $0 != 0x20 && $0 != 0x09 }
            guard !address.isEmpty, address.allSatisfy({ $0 > 0x20 }), address.first != UInt8(ascii: ";") else {
                throw GrammarError("there is no URL in `\(whole.shortened)`", at: cursor.position)
            }
            url = String(decoding: address, as: UTF8.self)
        } else {
            specifiers = try Self.specifiers(&cursor)
        }
        cursor.skipBlanks()
        if cursor.take(";") {
            marker = try Marker(&cursor).description
            guard cursor.isAtEnd else { throw MarkerParser.unexpected(cursor) }
        }
        guard cursor.isAtEnd else { throw Self.unexpected(cursor) }
    }

    private static func name(_ cursor: inout Cursor, _ whole: String) throws(GrammarError) -> String {
        var written = cursor.take(while: PackageName.isNameByte)
        // `a-` is no name, and neither is `a.` before what is no version.
        while let last = written.last, !PackageName.isLetterOrDigit(last) { written = written.dropLast() }
        cursor.position = written.endIndex
        guard let name = PackageName.normalised(String(decoding: written, as: UTF8.self)) else {
            throw GrammarError("`\(whole.shortened)` is no requirement", at: 0)
        }
        return name
    }

    private static func bracketed(_ cursor: inout Cursor, _ whole: String) throws(GrammarError) -> [String] {
        let start = cursor.position
        guard cursor.take("[") else { return [] }
        let text = cursor.take { $0 != UInt8(ascii: "]") }
        guard cursor.take("]") else {
            throw GrammarError("the extras of `\(whole.shortened)` are not closed", at: start)
        }
        do throws(GrammarError) {
            return try extras(String(decoding: text, as: UTF8.self))
        } catch {
            throw error.moved(by: start + 1)
        }
    }

    /// The clauses, which may stand in parentheses.
    private static func specifiers(_ cursor: inout Cursor) throws(GrammarError) -> [String] {
        let open = cursor.position
        let isOpen = cursor.take("(")
        cursor.skipBlanks()
        var clauses: [String] = []
        while let byte = cursor.next, "<>=!~".utf8.contains(byte) {
            let start = cursor.position
            cursor.take { "<>=!~".utf8.contains($0) }
            cursor.take { $0 == 0x20 || (0x09...0x0D).contains($0) }
            cursor.take { $0 > 0x20 && !",;)".utf8.contains($0) }
            do throws(GrammarError) {
                clauses.append(try VersionSpecifier(parsing: cursor.text(start..<cursor.position)).description)
            } catch {
                throw error.moved(by: start)
            }
            cursor.skipBlanks()
            // A comma at the end is taken, by `packaging` and by uv.
            guard cursor.take(",") else { break }
            cursor.skipBlanks()
        }
        if isOpen, !cursor.take(")") {
            throw GrammarError("the parenthesis before its versions is not closed", at: open)
        }
        return clauses.sortedAndUnique()
    }

    private static func unexpected(_ cursor: Cursor) -> GrammarError {
        let rest = cursor.rest
        let position = cursor.position
        if rest.hasPrefix(",") {
            return GrammarError("a version specifier is missing before `\(rest.shortened)`", at: position)
        }
        return GrammarError("`\(rest.shortened)` is no version specifier, and no marker after `;`", at: position)
    }

    /// The requirement in the one way that specs know.
    package var normalised: String {
        var text = name
        if !extras.isEmpty { text += "[\(extras.joined(separator: ","))]" }
        if let url { text += " @ \(url)" }
        text += specifiers.joined(separator: ",")
        // After a URL the blank is part of the grammar.
        if let marker { text += (url == nil ? "; " : " ; ") + marker }
        return text
    }

    /// The names in brackets, normalised.
    ///
    /// - Throws: which of them is none.
    package static func extras(_ text: some StringProtocol) throws(GrammarError) -> [String] {
        if text.trimmingBlanks().isEmpty { return [] }
        var names: [String] = []
        var offset = 0
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let blanks = piece.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
            guard let name = PackageName.normalised(piece.trimmingBlanks()) else {
                throw GrammarError("`\(String(piece).shortened)` is no name of an extra", at: offset + blanks)
            }
            names.append(name)
            offset += piece.utf8.count + 1
        }
        return names.sortedAndUnique()
    }

    /// A URL or path, and what follows the first `;` that has a blank before or after it.
    package static func splitURL(_ text: some StringProtocol) -> (address: String, marker: String?) {
        let bytes = Array(text.utf8)
        func isBlank(_ index: Int) -> Bool { bytes.indices.contains(index) && [0x20, 0x09].contains(bytes[index]) }
        func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
        for index in bytes.indices.dropFirst() where bytes[index] == UInt8(ascii: ";") {
            guard isBlank(index - 1) || isBlank(index + 1) else { continue }
            return (string(bytes[..<index]).trimmingBlanks(), string(bytes[(index + 1)...]))
        }
        return (string(bytes[...]).trimmingBlanks(), nil)
    }
}
