package import EnvdCore

/// Variables as the lines of a `.env` file, in the forms that its readers agree on.
///
/// Nobody owns the format. What is written here means the same to python-dotenv (1.0 and later), Node (its own reader and
/// the `dotenv` package) and VS Code's `envFile`; they differ on backslashes in quotes, python-dotenv expands `${…}` in
/// any quotes, and Node ends a bare value at each `#`. `docker --env-file` takes quotes for a part of the value, so that
/// only what needs them has any.
package enum DotenvRenderer {
    /// `NAME=value` and a newline; nil for a value that has no such form: neither a newline beside double quotes or
    /// backslashes, nor `${`, nor control characters, nor what is no UTF-8.
    package static func line(_ name: VariableName, _ value: ByteString) -> [UInt8]? {
        guard let text = written(value) else { return nil }
        return Array("\(name)=\(text)\n".utf8)
    }

    private static func written(_ value: ByteString) -> String? {
        guard let text = String(validating: value.bytes, as: UTF8.self), !text.contains("${"),
            text.unicodeScalars.allSatisfy(isShown)
        else { return nil }
        let holds = { (character: Character) in text.utf8.contains(character.asciiValue ?? 0) }
        if text.utf8.allSatisfy(isPlain) { return text }
        if !holds("\\") {
            if !holds("'"), !holds("\n") { return "'\(text)'" }
            if !holds("\"") { return "\"" + text.replacing("\n", with: "\\n") + "\"" }
        }
        return isBare(text) ? text : nil
    }

    /// What no reader looks at twice, and no shell either that reads the file.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_./:@%+,=-".utf8.contains(byte)
        }
    }

    /// Whether the value stands for itself without quotes, to all readers if to no shell.
    private static func isBare(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        let isInside = { (byte: UInt8) in byte > 0x20 && byte < 0x7f }
        return isInside(first) && isInside(last) && !"'\"`".utf8.contains(first)
            && text.utf8.allSatisfy { $0 != UInt8(ascii: "#") && ($0 == 0x20 || isInside($0)) }
    }

    /// Control characters but newline and tab; and what JavaScript takes for the end of a line.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: true
        case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029, 0xfeff: false
        default: true
        }
    }
}
