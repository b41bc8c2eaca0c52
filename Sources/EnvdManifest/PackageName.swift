/// Names of packages, extras and groups (PEP 503, PEP 508, PEP 735).
enum PackageName {
    /// In lower case, runs of `-`, `_` and `.` as one `-`; nil where the text is no name.
    static func normalised(_ text: some StringProtocol) -> String? {
        var result: [UInt8] = []
        var isAfterSeparator = false
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, isLetterOrDigit(first), isLetterOrDigit(last)
        else { return nil }
        for byte in bytes {
            if isLetterOrDigit(byte) {
                result.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
                isAfterSeparator = false
            } else if isSeparator(byte) {
                if !isAfterSeparator { result.append(UInt8(ascii: "-")) }
                isAfterSeparator = true
            } else {
                return nil
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether a byte may stand in a name.
    static func isNameByte(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || isSeparator(byte) }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
