/// A place in a text that is being read, byte by byte.
struct Cursor {
    let bytes: [UInt8]
    var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position >= bytes.count }
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func byte(after count: Int) -> UInt8? { position + count < bytes.count ? bytes[position + count] : nil }

    /// Steps over `text` where it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        guard isNext(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    func isNext(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    func isNext(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    /// Steps over bytes as long as they are wanted, and gives them.
    @discardableResult
    mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, isWanted(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    /// The only blanks that PEP 508 knows.
    mutating func skipBlanks() { take { $0 == 0x20 || $0 == 0x09 } }

    /// What is left, for messages.
    var rest: String { String(decoding: bytes[min(position, bytes.count)...], as: UTF8.self) }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Whether the byte before and the one at the position are not both part of words: Python's `\b`.
    var isAtWordEdge: Bool {
        let before = position > 0 && Self.isWordByte(bytes[position - 1])
        let after = position < bytes.count && Self.isWordByte(bytes[position])
        return before != after
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        PackageName.isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
