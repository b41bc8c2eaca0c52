/// A YAML value as it is written, with its place.
struct YAMLValue {
    indirect enum Content {
        /// `3.10` is "3.10" and `no` is "no": what a text means is for the reader to say.
        case text(String, isPlain: Bool)
        case list([YAMLValue])
        /// In the file's order; each key once.
        case table([(key: String, keyPlace: Place, value: YAMLValue)])
    }

    /// From 1; the column in characters.
    struct Place: Hashable {
        var line: Int
        var column: Int
    }

    var content: Content
    var place: Place

    /// A text's own; nil for lists and tables, and for nothing.
    var text: String? {
        if case .text(let text, _) = content, !isNull { return text }
        return nil
    }

    /// Nothing, `~` or `null`.
    var isNull: Bool {
        if case .text(let text, let isPlain) = content {
            return isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
        }
        return false
    }

    /// Where a byte of the text stands: a guess behind escapes and line ends, the start at least.
    func place(ofByte offset: Int) -> Place {
        guard case .text(let text, let isPlain) = content else { return place }
        let before = String(decoding: Array(text.utf8).prefix(max(offset, 0)), as: UTF8.self)
        if before.contains("\n") { return place }
        return Place(line: place.line, column: place.column + before.unicodeScalars.count + (isPlain ? 0 : 1))
    }

    subscript(_ key: String) -> YAMLValue? {
        if case .table(let entries) = content { return entries.first { $0.key == key }?.value }
        return nil
    }

    /// What kind it is, for messages.
    var kind: String {
        switch content {
        case .text: isNull ? "nothing" : "a text"
        case .list: "a list"
        case .table: "a table"
        }
    }
}
