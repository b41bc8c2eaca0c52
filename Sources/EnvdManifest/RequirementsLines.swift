internal import EnvdPackaging

/// A logical line of a requirements file: continuation joined, comment gone, never empty.
struct RequirementsLine: Hashable {
    /// A part of the text as it stands in the file.
    struct Piece: Hashable {
        /// In the text, in bytes.
        var offset: Int
        /// From 1, counted by line feeds and carriage returns.
        var line: Int
        /// The characters before it on its line.
        var column: Int
    }

    /// Where it begins, from 1.
    var number: Int
    var text: String
    var pieces: [Piece]

    /// The place in the file of a byte of the text, both from 1.
    func place(of offset: Int) -> (line: Int, column: Int) {
        let bytes = Array(text.utf8)
        let offset = min(max(offset, 0), bytes.count)
        guard let piece = pieces.last(where: { $0.offset <= offset }) ?? pieces.first else { return (number, 1) }
        let start = min(max(piece.offset, 0), offset)
        return (piece.line, piece.column + (start - piece.offset) + Self.characters(bytes[start..<offset]) + 1)
    }

    private static func characters(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// The lines of a whole file, as pip joins them: a `\` at the end takes the next line in, and a line that
    /// is a comment ends what is being joined.
    ///
    /// - Parameter limit: of a file with more lines only so many are given.
    static func all(in text: String, limit: Int = .max) -> [RequirementsLine] {
        var lines: [RequirementsLine] = []
        var joined: [UInt8] = []
        var pieces: [Piece] = []
        func finish() {
            if let first = pieces.first, let line = trimmed(joined, pieces, first.line) { lines.append(line) }
            joined = []
            pieces = []
        }
        var rest = PhysicalLines(Array(text.utf8))
        while lines.count < limit, let physical = rest.next() {
            let isComment = startsWithComment(physical.bytes)
            if physical.bytes.last == UInt8(ascii: "\\"), !isComment {
                var bytes = physical.bytes[...]
                let leading = bytes.prefix { $0 == UInt8(ascii: "\\") }.count
                bytes = bytes.dropFirst(leading)
                while bytes.last == UInt8(ascii: "\\") { bytes = bytes.dropLast() }
                pieces.append(
                    Piece(offset: joined.count, line: physical.number, column: physical.column + leading))
                joined += bytes
            } else {
                pieces.append(Piece(offset: joined.count, line: physical.number, column: physical.column))
                // The blank keeps the `#` from becoming part of the word before it.
                joined += (isComment ? [0x20] : []) + physical.bytes
                finish()
            }
        }
        finish()
        return lines
    }

    private static func trimmed(_ joined: [UInt8], _ pieces: [Piece], _ number: Int) -> RequirementsLine? {
        let content = String(decoding: withoutComment(joined), as: UTF8.self)
        let text = content.strippingPythonSpace()
        if text.isEmpty { return nil }
        let cut = content.unicodeScalars.prefix { text.unicodeScalars.first != $0 }
        let leading = String(String.UnicodeScalarView(cut)).utf8.count
        let moved = pieces.map { Piece(offset: $0.offset - leading, line: $0.line, column: $0.column) }
        let start = moved.last { $0.offset <= 0 }
        return RequirementsLine(number: start?.line ?? number, text: text, pieces: moved)
    }

    /// A `#` at the start or after a blank begins a comment.
    private static func withoutComment(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "#") {
            if index == 0 || endsInBlank(bytes[..<index]) { return bytes[..<index] }
        }
        return bytes[...]
    }

    private static func startsWithComment(_ bytes: [UInt8]) -> Bool {
        guard let hash = bytes.firstIndex(of: UInt8(ascii: "#")) else { return false }
        return String(decoding: bytes[..<hash], as: UTF8.self).strippingPythonSpace().isEmpty
    }

    private static func endsInBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
        // A character has four bytes at most, of which the first is no continuation.
        let start = bytes.indices.suffix(4).last { bytes[$0] & 0xC0 != 0x80 } ?? bytes.startIndex
        return String(decoding: bytes[start...], as: UTF8.self).strippingPythonSpace().isEmpty
    }

    /// The names in `${NAME}`: capital letters, digits and underscores, as pip and uv read them.
    var variables: [String] {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "$")) else { return [] }
        var names: [String] = []
        var position = 0
        while position + 2 < bytes.count {
            guard bytes[position] == UInt8(ascii: "$"), bytes[position + 1] == UInt8(ascii: "{") else {
                position += 1
                continue
            }
            let name = bytes[(position + 2)...].prefix {
                $0 == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            position += 2
            if !name.isEmpty, name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: "}") {
                names.append(String(decoding: name, as: UTF8.self))
            }
        }
        return names
    }
}

/// A line as Python's `str.splitlines` sees it.
private struct PhysicalLine {
    var bytes: [UInt8]
    /// From 1, as editors count.
    var number: Int
    /// The characters before it on the editor's line.
    var column: Int
}

/// One line after the other: form feeds and the separators of Unicode end one too.
private struct PhysicalLines: IteratorProtocol {
    private let bytes: [UInt8]
    private var start = 0
    private var number = 1
    private var column = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> PhysicalLine? {
        guard start < bytes.count else { return nil }
        var end = start
        var width = 0
        while end < bytes.count {
            width = breakWidth(at: end)
            if width > 0 { break }
            end += 1
        }
        let line = PhysicalLine(bytes: Array(bytes[start..<end]), number: number, column: column)
        if end < bytes.count, bytes[end] == 0x0A || bytes[end] == 0x0D {
            number += 1
            column = 0
        } else {
            column += line.bytes.count { $0 & 0xC0 != 0x80 } + 1
        }
        start = end + width
        return line
    }

    private func breakWidth(at index: Int) -> Int {
        func byte(_ distance: Int) -> UInt8? { index + distance < bytes.count ? bytes[index + distance] : nil }
        switch bytes[index] {
        case 0x20...0x7F: return 0
        case 0x0D: return byte(1) == 0x0A ? 2 : 1
        case 0x0A...0x0C, 0x1C...0x1E: return 1
        case 0xC2: return byte(1) == 0x85 ? 2 : 0
        case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
        default: return 0
        }
    }
}
