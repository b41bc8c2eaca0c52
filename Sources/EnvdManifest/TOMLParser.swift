internal import EnvdCore
internal import EnvdPackaging

/// TOML 1.0, and of 1.1 line ends and a last comma in inline tables.
///
/// Our own, for manifests come from strangers: toml++ ends the process on some malformed keys (its assertions
/// cannot be compiled out from here), and TOMLKit frees nothing of what it reads.
struct TOMLParser {
    struct SyntaxError: Error {
        var line: Int
        /// In bytes, from 1; nil where the whole line is meant.
        var column: Int?
        var cause: String
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var depth = 0

    /// - Parameter bytes: UTF-8 without a byte order mark.
    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: the first line that is wrong, and why.
    static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> CanonicalValue {
        var parser = TOMLParser(bytes)
        return try parser.document()
    }

    // MARK: bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func at(_ character: Unicode.Scalar) -> Bool { current == UInt8(ascii: character) }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at(character) else { return false }
        position += 1
        return true
    }

    private func failure(_ cause: String, line: Int? = nil) -> SyntaxError {
        if let line, line != self.line { return SyntaxError(line: line, cause: cause) }
        let before = bytes[..<min(position, bytes.count)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return SyntaxError(line: self.line, column: before.count - start + 1, cause: cause)
    }

    private var shown: String {
        guard let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
            return current == nil ? "the end of the file" : "the end of the line"
        }
        let text = String(decoding: bytes[position..<min(position + 8, bytes.count)], as: UTF8.self)
        return "`\(text.first.map { String($0) } ?? "")`"
    }

    private mutating func skipBlanks() { while at(" ") || at("\t") { position += 1 } }

    /// A line end, if there is one here.
    private mutating func takeLineEnd() -> Bool {
        if at("\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") { position += 1 }
        guard take("\n") else { return false }
        line += 1
        return true
    }

    private mutating func skipComment() throws(SyntaxError) {
        guard at("#") else { return }
        while let byte = current, byte != UInt8(ascii: "\n") {
            let endsLine = byte == UInt8(ascii: "\r") && bytes.dropFirst(position + 1).first == UInt8(ascii: "\n")
            if endsLine { return }
            if Self.isControl(byte) { throw failure("there is a control character in a comment") }
            position += 1
        }
    }

    /// Blanks, comments and line ends.
    private mutating func skipLines() throws(SyntaxError) {
        repeat {
            skipBlanks()
            try skipComment()
        } while takeLineEnd()
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

    // MARK: structure

    private mutating func document() throws(SyntaxError) -> CanonicalValue {
        let root = TOMLTree(.header)
        var table = root
        try skipLines()
        while current != nil {
            if take("[") {
                let isElement = take("[")
                let path = try key()
                guard take("]"), !isElement || take("]") else {
                    throw failure("a table header ends with `]`, and there is \(shown)")
                }
                guard let next = isElement ? root.openElement(path) : root.open(path) else {
                    throw failure("the table `\(path.joined(separator: ".").shortened)` is defined twice")
                }
                table = next
            } else {
                try pair(into: table)
            }
            skipBlanks()
            try skipComment()
            guard current == nil || takeLineEnd() else {
                throw failure("the line should end here, and there is \(shown)")
            }
            try skipLines()
        }
        return root.canonical
    }

    private mutating func pair(into table: TOMLTree) throws(SyntaxError) {
        let start = line
        let path = try key()
        guard take("=") else { throw failure("a key is followed by `=`, and there is \(shown)") }
        skipBlanks()
        let value = try value()
        guard table.set(path, value) else {
            throw failure("the key `\(path.joined(separator: ".").shortened)` is defined twice", line: start)
        }
    }

    private mutating func key() throws(SyntaxError) -> [String] {
        var path: [String] = []
        repeat {
            skipBlanks()
            if at("\"") || at("'") {
                path.append(try string(mayBeLong: false))
            } else {
                let start = position
                while let byte = current,
                    PackageName.isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                { position += 1 }
                guard position > start else { throw failure("a key is missing, and there is \(shown)") }
                path.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            if path.count > TOMLOutline.maximumDepth { throw failure("its keys have too many parts") }
            skipBlanks()
        } while take(".")
        return path
    }

    // MARK: values

    private mutating func value() throws(SyntaxError) -> CanonicalValue {
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try string(mayBeLong: true))
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            defer { depth -= 1 }
            if depth > TOMLOutline.maximumDepth { throw failure("its values are nested too deeply") }
            return at("[") ? try array() : try inlineTable()
        default: return try scalar()
        }
    }

    private mutating func array() throws(SyntaxError) -> CanonicalValue {
        let start = line
        position += 1
        var values: [CanonicalValue] = []
        while true {
            try skipLines()
            if take("]") { return .list(values) }
            if current == nil { throw failure("a `[` is not closed", line: start) }
            values.append(try value())
            try skipLines()
            if current == nil { throw failure("a `[` is not closed", line: start) }
            guard take(",") || at("]") else { throw failure("there should be `,` or `]`, and there is \(shown)") }
        }
    }

    private mutating func inlineTable() throws(SyntaxError) -> CanonicalValue {
        let start = line
        position += 1
        let table = TOMLTree(.header)
        while true {
            try skipLines()
            if take("}") { return table.canonical }
            if current == nil { throw failure("a `{` is not closed", line: start) }
            try pair(into: table)
            try skipLines()
            if current == nil { throw failure("a `{` is not closed", line: start) }
            guard take(",") || at("}") else { throw failure("there should be `,` or `}`, and there is \(shown)") }
        }
    }

    private mutating func scalar() throws(SyntaxError) -> CanonicalValue {
        let start = position
        func isPart(_ byte: UInt8) -> Bool { PackageName.isNameByte(byte) || byte == 0x2B || byte == 0x3A }
        while let byte = current, isPart(byte) { position += 1 }
        if position == start { throw failure("a value is missing, and there is \(shown)") }
        // A date may have its time after a blank.
        if position - start == 10, at(" "), bytes[start + 4] == UInt8(ascii: "-"),
            bytes.dropFirst(position + 1).prefix(3).last == UInt8(ascii: ":")
        {
            position += 1
            while let byte = current, isPart(byte) { position += 1 }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = TOMLScalar.value(of: text) else { throw failure("`\(text.shortened)` is no value") }
        return value
    }

    // MARK: strings

    private mutating func string(mayBeLong: Bool) throws(SyntaxError) -> String {
        let start = line
        let quote = bytes[position]
        let isEscaping = quote == UInt8(ascii: "\"")
        // Most strings are short and plain: one look finds their end.
        var end = position + 1
        while end < bytes.count, bytes[end] != quote, bytes[end] != UInt8(ascii: "\\"), !Self.isControl(bytes[end]) {
            end += 1
        }
        if end > position + 1, end < bytes.count, bytes[end] == quote {
            defer { position = end + 1 }
            return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
        }
        let isLong = mayBeLong && bytes[position...].starts(with: [quote, quote, quote])
        position += isLong ? 3 : 1
        if isLong { _ = takeLineEnd() }
        var content: [UInt8] = []
        while let byte = current {
            if byte == quote {
                let run = bytes[position...].prefix(5).prefix { $0 == quote }.count
                if !isLong || run >= 3 {
                    // Up to two quotes may stand before the three that close.
                    if isLong { content += Array(repeating: quote, count: run - 3) }
                    position += isLong ? run : 1
                    return String(decoding: content, as: UTF8.self)
                }
                content += Array(repeating: quote, count: run)
                position += run
            } else if isLong, takeLineEnd() {
                content.append(UInt8(ascii: "\n"))
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                break
            } else if byte == UInt8(ascii: "\\"), isEscaping {
                try escape(isLong: isLong, into: &content)
            } else {
                if Self.isControl(byte) { throw failure("there is a control character in a string") }
                content.append(byte)
                position += 1
            }
        }
        throw failure("a string is not closed", line: start)
    }

    private mutating func escape(isLong: Bool, into content: inout [UInt8]) throws(SyntaxError) {
        position += 1
        guard let byte = current else { return }
        if isLong, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            // A `\` at the end of a line takes all blanks and line ends up to the next word.
            skipBlanks()
            guard takeLineEnd() else { throw failure("`\\` and a blank are no escape") }
            repeat { skipBlanks() } while takeLineEnd()
            return
        }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "e"): content.append(0x1B)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
        case UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "x"):
            let count = byte == UInt8(ascii: "u") ? 4 : byte == UInt8(ascii: "U") ? 8 : 2
            let digits = bytes.dropFirst(position).prefix(count)
            guard digits.count == count, !digits.contains(0x2B),
                let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            else { throw failure("an escape in a string is no character") }
            position += count
            content += Array(String(Character(scalar)).utf8)
        default: throw failure("a string has an escape that TOML does not know")
        }
    }
}
