/// Texts in quotes as Python has them: markers are written so.
enum PythonLiteral {
    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22, UInt8(ascii: "a"): 7,
        UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    /// What a text between quotes stands for; nil where Python would refuse it.
    static func value(_ text: ArraySlice<UInt8>) -> String? {
        guard text.contains(UInt8(ascii: "\\")) || text.contains(where: { $0 < 0x20 }) else {
            return String(decoding: text, as: UTF8.self)
        }
        var result = ""
        var plain: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == 0 || byte == 0x0A || byte == 0x0D { return nil }
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            guard let kind = rest.popFirst() else { return nil }
            if let escaped = escapes[kind] {
                plain.append(escaped)
                continue
            }
            var scalar: UInt32?
            switch kind {
            case UInt8(ascii: "x"): scalar = number(&rest, radix: 16, exactly: 2)
            case UInt8(ascii: "u"): scalar = number(&rest, radix: 16, exactly: 4)
            case UInt8(ascii: "U"): scalar = number(&rest, radix: 16, exactly: 8)
            case UInt8(ascii: "N"): return nil
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                let digits = [kind] + rest.prefix(2).prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
                rest = rest.dropFirst(digits.count - 1)
                scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 8)
            default:
                plain += [byte, kind]
                continue
            }
            guard let scalar, let character = Unicode.Scalar(scalar) else { return nil }
            result += String(decoding: plain, as: UTF8.self)
            plain = []
            result.unicodeScalars.append(character)
        }
        return result + String(decoding: plain, as: UTF8.self)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, radix: Int, exactly count: Int) -> UInt32? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ PackageName.isLetterOrDigit($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
    }

    /// In double quotes, or in single ones where it holds a double one.
    static func quoted(_ value: String) -> String {
        let quote: Unicode.Scalar =
            value.unicodeScalars.contains("\"") && !value.unicodeScalars.contains("'") ? "'" : "\""
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case quote: text += "\\x22"
            case _ where scalar.value < 0x20 && scalar != "\t":
                text += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return String(quote) + text + String(quote)
    }
}
