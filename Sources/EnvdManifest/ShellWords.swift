internal import EnvdPackaging

/// Words of an option line, with quotes and backslashes as Python's `shlex.split` has them.
enum ShellWords {
    struct Word: Hashable {
        var text: String
        /// Where it begins and ends in the line, in bytes.
        var offset: Int
        var end: Int
    }

    static func split(_ text: String) throws(GrammarError) -> [String] { try words(text).map(\.text) }

    static func words(_ text: String) throws(GrammarError) -> [Word] {
        let bytes = Array(text.utf8)
        var words: [Word] = []
        var word: [UInt8] = []
        var start: Int?
        var quote: (byte: UInt8, offset: Int)?
        var isEscaped = false
        func finish(_ end: Int) {
            if let start { words.append(Word(text: String(decoding: word, as: UTF8.self), offset: start, end: end)) }
            word = []
            start = nil
        }
        for (offset, byte) in bytes.enumerated() {
            if isEscaped {
                // Within double quotes a backslash stands for itself before anything but these two.
                if quote != nil, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    word.append(UInt8(ascii: "\\"))
                }
                word.append(byte)
                isEscaped = false
            } else if let open = quote {
                if byte == open.byte {
                    quote = nil
                } else if byte == UInt8(ascii: "\\"), open.byte == UInt8(ascii: "\"") {
                    isEscaped = true
                } else {
                    word.append(byte)
                }
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
                finish(offset)
            } else {
                if start == nil { start = offset }
                switch byte {
                case UInt8(ascii: "\\"): isEscaped = true
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = (byte, offset)
                default: word.append(byte)
                }
            }
        }
        if quote != nil || isEscaped {
            throw GrammarError(
                "a quote or backslash in `\(text.shortened)` is left open", at: quote?.offset ?? bytes.count - 1)
        }
        finish(bytes.count)
        return words
    }

    /// A word that `split` gives back as it is.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && !"\"'\\#".utf8.contains($0) }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
    }
}
