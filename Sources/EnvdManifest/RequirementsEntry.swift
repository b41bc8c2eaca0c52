internal import EnvdPackaging

/// What one logical line of a requirements file says.
enum RequirementsEntry {
    case item(RequirementsItem)
    /// `-r` or `-c`, with the place of the option in the line.
    case include(path: String, isConstraint: Bool, offset: Int)
    case nothing

    /// - Returns: what the line says, and which options it sets for all.
    /// - Throws: what is wrong with it, and where in its text.
    static func parse(_ line: RequirementsLine) throws(GrammarError) -> (entry: RequirementsEntry, options: [String]) {
        if line.text.utf8.first != UInt8(ascii: "-") {
            let (head, tail, offset) = splitTail(line.text)
            let uses = try Self.uses(tail, at: offset)
            if let use = uses.first(where: { $0.option == .editable }) {
                throw GrammarError("`--editable` has to come before what is edited", at: use.offset + offset)
            }
            var item = try item(line) { () throws(GrammarError) in try RequirementsItem(parsing: head) }
            if item.unread != nil { item.unread = head }
            item.take(uses)
            return (.item(item), uses.formats)
        }
        let words = try ShellWords.words(line.text)
        // By its raw text: the quotes of a marker belong to it.
        if let rest = editableStart(line.text, words) { return try editable(line, from: rest) }
        let uses = try RequirementsOption.uses(words)
        if let use = uses.first(where: { $0.option == .editable }) {
            throw GrammarError("`--editable` has to come first on its line", at: use.offset)
        }
        let include = uses.first { $0.option == .requirement } ?? uses.first { $0.option == .constraint }
        if let include {
            let isConstraint = include.option == .constraint
            return (.include(path: include.value, isConstraint: isConstraint, offset: include.offset), uses.formats)
        }
        if let use = uses.first(where: \.option.isOfOneRequirement) {
            throw GrammarError(
                "`\(use.option.rawValue)` stands without a requirement: put a `\\` at the end of the line before",
                at: use.offset)
        }
        return (.nothing, uses.global)
    }

    /// Where what is edited begins, in bytes; nil where the line is of another kind.
    private static func editableStart(_ text: String, _ words: [ShellWords.Word]) -> Int? {
        guard let word = words.first else { return nil }
        if word.text.hasPrefix("--") {
            let name = text.utf8.prefix { $0 != UInt8(ascii: "=") && $0 > 0x20 }
            guard (try? RequirementsOption(long: String(name) ?? "")) == .editable else { return nil }
            return name.count
        }
        return word.text.hasPrefix("-e") ? 2 : nil
    }

    private static func editable(
        _ line: RequirementsLine, from start: Int
    ) throws(GrammarError) -> (entry: RequirementsEntry, options: [String]) {
        let bytes = Array(line.text.utf8)
        var start = start
        if start < bytes.count, bytes[start] == UInt8(ascii: "=") { start += 1 }
        while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        let rest = String(decoding: bytes[start...], as: UTF8.self)
        guard !rest.isEmpty else { throw GrammarError("`--editable` needs a value", at: 0) }
        var (head, tail, offset) = splitTail(rest)
        let uses = try Self.uses(tail, at: start + offset)
        if let quote = head.utf8.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let word = try ShellWords.words(head).first
        {
            head = word.text + String(decoding: Array(head.utf8)[word.end...], as: UTF8.self)
        }
        var item: RequirementsItem
        do throws(GrammarError) {
            item = try Self.item(line) { () throws(GrammarError) in try RequirementsItem(editable: head) }
        } catch {
            throw error.moved(by: start)
        }
        item.isEditable = true
        if item.unread != nil { item.unread = "-e \(head)" }
        item.take(uses)
        return (.item(item), uses.formats)
    }

    /// With a variable in it only the engine can tell what a line means.
    private static func item(
        _ line: RequirementsLine, _ read: () throws(GrammarError) -> RequirementsItem
    ) throws(GrammarError) -> RequirementsItem {
        do throws(GrammarError) {
            return try read()
        } catch {
            if line.variables.isEmpty { throw error }
            var item = RequirementsItem()
            item.unread = ""
            return item
        }
    }

    private static func uses(_ tail: String, at offset: Int) throws(GrammarError) -> [RequirementsOption.Use] {
        do throws(GrammarError) {
            return try RequirementsOption.uses(try ShellWords.words(tail))
        } catch {
            throw error.moved(by: offset)
        }
    }

    /// A requirement, and the options of its own after it (`--hash=…`).
    static func splitTail(_ text: String) -> (head: String, tail: String, offset: Int) {
        let bytes = Array(text.utf8)
        var quote: UInt8?
        for index in bytes.indices {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == 0x20 || byte == 0x09, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "-") {
                return (
                    String(decoding: bytes[..<index], as: UTF8.self).trimmingBlanks(),
                    String(decoding: bytes[(index + 1)...], as: UTF8.self), index + 1
                )
            }
        }
        return (text.trimmingBlanks(), "", bytes.count)
    }
}
