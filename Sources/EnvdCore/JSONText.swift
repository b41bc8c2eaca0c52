/// JSON (RFC 8259) as values: for lock files, which strangers write.
///
/// Depth and count are bounded. A `null` is as if it were not there; of two equal keys the last one counts.
package struct JSONText {
    package struct SyntaxError: Error, Hashable {
        /// From 1.
        package var line: Int
        /// In bytes, from 1.
        package var column: Int
        package var cause: String
    }

    package static let maximumDepth = 64
    /// A value takes about 200 bytes.
    package static let maximumValues = 500_000

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var values = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter bytes: UTF-8, with or without a byte order mark.
    /// - Throws: the first thing that is wrong, and where.
    package static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> CanonicalValue {
        var reader = JSONText(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        reader.skipBlanks()
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw reader.failure("something follows the end of the value") }
        guard let value else { throw reader.failure("there is no value in it") }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ cause: String) -> SyntaxError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return SyntaxError(line: line, column: before.count - start + 1, cause: cause)
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] { return false }
        position = end
        return true
    }

    /// Nil for `null`.
    private mutating func value() throws(SyntaxError) -> CanonicalValue? {
        values += 1
        guard values <= Self.maximumValues else { throw failure("it holds more than \(Self.maximumValues) values") }
        switch current {
        case UInt8(ascii: "{"): return try table()
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t") where take(word: "true"): return .truth(true)
        case UInt8(ascii: "f") where take(word: "false"): return .truth(false)
        case UInt8(ascii: "n") where take(word: "null"): return nil
        case nil: throw failure("it ends too early")
        case let byte? where byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
            return try number()
        default: throw failure("a value is expected")
        }
    }

    private mutating func enter() throws(SyntaxError) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw failure("its values are nested too deeply") }
        position += 1
        skipBlanks()
    }

    private mutating func table() throws(SyntaxError) -> CanonicalValue {
        try enter()
        var entries: [String: CanonicalValue] = [:]
        if !take("}") {
            repeat {
                skipBlanks()
                guard current == UInt8(ascii: "\"") else { throw failure("a key is expected") }
                let key = try text()
                skipBlanks()
                guard take(":") else { throw failure("`:` is expected after a key") }
                skipBlanks()
                entries[key] = try value()
                skipBlanks()
            } while take(",")
            guard take("}") else { throw failure("`,` or `}` is expected") }
        }
        depth -= 1
        return .table(entries)
    }

    private mutating func list() throws(SyntaxError) -> CanonicalValue {
        try enter()
        var elements: [CanonicalValue] = []
        if !take("]") {
            repeat {
                skipBlanks()
                if let element = try value() { elements.append(element) }
                skipBlanks()
            } while take(",")
            guard take("]") else { throw failure("`,` or `]` is expected") }
        }
        depth -= 1
        return .list(elements)
    }

    private mutating func number() throws(SyntaxError) -> CanonicalValue {
        let start = position
        while let byte = current, "+-.eE".utf8.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        if let number = Double(text) { return .number(number) }
        position = start
        throw failure("a number is not well formed")
    }

    private mutating func text() throws(SyntaxError) -> String {
        position += 1
        var result: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: result, as: UTF8.self) else { throw failure("a text is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<0x20: throw failure("there is a control character in a text")
            default: result.append(byte)
            }
        }
        throw failure("a text is not closed")
    }

    private mutating func escape(into result: inout [UInt8]) throws(SyntaxError) {
        guard let byte = current else { throw failure("a text is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "u"):
            var code = try unit()
            if (0xD800..<0xDC00).contains(code), take(word: "\\u") {
                let low = try unit()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair is missing") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            result += Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
        default: throw failure("an escape is not known")
        }
    }

    private mutating func unit() throws(SyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw failure("an escape is not well formed") }
        position += 4
        return code
    }
}
