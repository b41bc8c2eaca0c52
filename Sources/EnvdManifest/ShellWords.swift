internal import EnvdPackaging

/// Words of an option line, with quotes and backslashes as a shell has them.
enum ShellWords {
    static func split(_ text: String) throws(GrammarError) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isInWord = false
        var quote: UInt8?
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                word.append(byte)
                isEscaped = false
            } else if let open = quote {
                if byte == open {
                    quote = nil
                } else if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") {
                    isEscaped = true
                } else {
                    word.append(byte)
                }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
                word = []
                isInWord = false
            } else {
                isInWord = true
                switch byte {
                case UInt8(ascii: "\\"): isEscaped = true
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                default: word.append(byte)
                }
            }
        }
        if quote != nil || isEscaped { throw GrammarError("a quote or backslash in `\(text.shortened)` is left open") }
        if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
