internal import EnvdPackaging

/// The bytes of a requirements file as text, as pip reads them: a byte order mark, a coding line (PEP 263), else
/// UTF-8.
enum RequirementsEncoding {
    /// - Throws: where the bytes are no text; the offset is that of the bytes.
    static func text(_ bytes: [UInt8]) throws(GrammarError) -> String {
        // The mark of UTF-16 begins that of UTF-32.
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return try wide(bytes.dropFirst(4), unit: 4, isLittle: true) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return try wide(bytes.dropFirst(4), unit: 4, isLittle: false) }
        if bytes.starts(with: [0xFF, 0xFE]) { return try wide(bytes.dropFirst(2), unit: 2, isLittle: true) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try wide(bytes.dropFirst(2), unit: 2, isLittle: false) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try utf8(Array(bytes.dropFirst(3))) }
        guard let (name, offset) = codingLine(bytes) else { return try utf8(bytes) }
        switch PackageName.canonical(name) {
        case "utf-8", "utf8", "u8", "utf", "cp65001", "utf-8-sig": return try utf8(bytes)
        case "ascii", "us-ascii", "646", "ansi-x3.4-1968", "ansi-x3-4-1968":
            if let index = bytes.firstIndex(where: { $0 >= 0x80 }) {
                throw GrammarError("it says that it is ASCII and is not", at: index)
            }
            return try utf8(bytes)
        case "latin-1", "latin1", "l1", "iso-8859-1", "iso8859-1", "8859", "cp819": return single(bytes, [:])
        case "latin-9", "latin9", "l9", "iso-8859-15", "iso8859-15": return single(bytes, latin9)
        case "cp1252", "windows-1252", "1252": return single(bytes, windows)
        default: throw GrammarError("its encoding `\(name.shortened)` is not known here: save it as UTF-8", at: offset)
        }
    }

    private static func utf8(_ bytes: [UInt8]) throws(GrammarError) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let line = UTF8Text.firstInvalidLine(bytes) ?? 1
        var offset = 0
        for _ in 1..<line {
            offset = (bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? offset) + 1
        }
        throw GrammarError("it is not UTF-8", at: offset)
    }

    private static func wide(_ bytes: ArraySlice<UInt8>, unit: Int, isLittle: Bool) throws(GrammarError) -> String {
        let bytes = Array(bytes)
        let refusal = GrammarError("it is not UTF-\(unit * 8), which its first bytes say that it is", at: 0)
        guard bytes.count % unit == 0 else { throw refusal }
        var units: [UInt32] = []
        units.reserveCapacity(bytes.count / unit)
        for start in stride(from: 0, to: bytes.count, by: unit) {
            var value: UInt32 = 0
            for index in 0..<unit { value = value << 8 | UInt32(bytes[start + (isLittle ? unit - 1 - index : index)]) }
            units.append(value)
        }
        let text =
            unit == 2
            ? String(validating: units.map { UInt16($0) }, as: UTF16.self) : String(validating: units, as: UTF32.self)
        guard let text else { throw refusal }
        return text
    }

    private static func single(_ bytes: [UInt8], _ others: [UInt8: Unicode.Scalar]) -> String {
        var text = ""
        for byte in bytes { text.unicodeScalars.append(others[byte] ?? Unicode.Scalar(byte)) }
        return text
    }

    /// What `coding:` says in a comment on one of the first two lines.
    private static func codingLine(_ bytes: [UInt8]) -> (name: String, offset: Int)? {
        var start = 0
        for line in bytes.prefix(4096).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).prefix(2)
        {
            defer { start += line.count + 1 }
            guard line.first == UInt8(ascii: "#") else { continue }
            let text = Array(line)
            for index in text.indices where text[index...].starts(with: "coding".utf8) {
                var rest = text[(index + 6)...]
                guard let sign = rest.popFirst(), sign == UInt8(ascii: ":") || sign == UInt8(ascii: "=") else {
                    continue
                }
                rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
                let name = rest.prefix { PackageName.isNameByte($0) }
                if !name.isEmpty { return (String(decoding: name, as: UTF8.self), start + name.startIndex) }
            }
        }
        return nil
    }

    private static let latin9: [UInt8: Unicode.Scalar] = [
        0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ",
    ]
    private static let windows: [UInt8: Unicode.Scalar] = [
        0x80: "€", 0x82: "‚", 0x83: "ƒ", 0x84: "„", 0x85: "…", 0x86: "†", 0x87: "‡", 0x88: "ˆ", 0x89: "‰", 0x8A: "Š",
        0x8B: "‹", 0x8C: "Œ", 0x8E: "Ž", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—",
        0x98: "˜", 0x99: "™", 0x9A: "š", 0x9B: "›", 0x9C: "œ", 0x9E: "ž", 0x9F: "Ÿ",
    ]
}
