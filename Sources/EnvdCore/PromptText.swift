extension ByteString {
    /// A name of a project as it may stand in a prompt.
    ///
    /// Prompts are expanded, by shells (`$(…)`, backticks, `%`, `!`) and by what their users put together of variables
    /// such as VIRTUAL_ENV_PROMPT; and terminals obey what they show. So only letters, digits, blanks, `._+@-` and what
    /// is not ASCII stay, without the characters that turn text round; the rest becomes `_`, one for each.
    package var promptText: ByteString {
        var text = ""
        for scalar in description.unicodeScalars {
            text.unicodeScalars.append(Self.isPlain(scalar) ? scalar : "_")
        }
        return ByteString(text)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "_", "+", "@", "-": true
        case "\u{0}"..."\u{9f}", "\u{200b}"..."\u{200f}", "\u{2028}"..."\u{202e}", "\u{2066}"..."\u{2069}",
            "\u{feff}":
            false
        default: true
        }
    }
}
