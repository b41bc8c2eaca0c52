/// Names of packages, extras and groups (PEP 503, PEP 508, PEP 735).
package enum PackageName {
    /// In lower case, runs of `-`, `_` and `.` as one `-`; nil where the text is no name.
    package static func normalised(_ text: some StringProtocol) -> String? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, isLetterOrDigit(first), isLetterOrDigit(last),
            bytes.allSatisfy(isNameByte)
        else { return nil }
        return canonical(text)
    }

    /// The same for any text: what PEP 503 does to a name that nobody has checked.
    package static func canonical(_ text: some StringProtocol) -> String {
        var result: [UInt8] = []
        for byte in text.lowercased().utf8 {
            if isSeparator(byte) {
                if result.last != UInt8(ascii: "-") { result.append(UInt8(ascii: "-")) }
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The name that a requirement begins with, as it is written; empty where there is none.
    package static func leading(_ requirement: some StringProtocol) -> String {
        String(decoding: requirement.utf8.prefix { isNameByte($0) }, as: UTF8.self)
    }

    /// Whether a byte may stand in a name.
    package static func isNameByte(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || isSeparator(byte) }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    package static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
