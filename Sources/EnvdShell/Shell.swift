package import EnvdCore

/// A kind of shell that has a hook.
package enum Shell: String, Hashable, Sendable, Codable, CaseIterable {
    case bash
    case zsh
    case fish

    /// One word of this shell that stands for exactly these bytes.
    ///
    /// Inside single quotes bash and zsh know no escape at all, and fish only `\\` and `\'`; so every byte but
    /// those goes through as it is, invalid UTF-8 included. zsh's users may have CSH_JUNKIE_QUOTES, where no quotes
    /// hold a newline, and RC_QUOTES, where two quotes inside others are one: zshoptions(1). NUL cannot be in a value
    /// and is dropped.
    package func quoted(_ value: ByteString) -> [UInt8] {
        let quote = UInt8(ascii: "'")
        let backslash = UInt8(ascii: "\\")
        var word = [quote]
        for byte in value.bytes where byte != 0 {
            switch (self, byte) {
            case (.fish, quote), (.fish, backslash): word += [backslash, byte]
            case (.zsh, UInt8(ascii: "\n")): word += Array("'$'\\n''".utf8)
            case (_, quote): word += [quote, backslash, quote, quote]
            default: word.append(byte)
            }
        }
        word.append(quote)
        return word
    }
}
