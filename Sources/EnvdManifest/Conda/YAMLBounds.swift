/// What is looked at before a YAML text is composed, so that composing it cannot take long.
///
/// Composing shares what aliases name, but compares keys, walks what was shared once for each alias; and each level
/// of nesting takes stack. So depth, count and aliases are bounded by the bytes alone: in doubt too strictly, for no
/// manifest comes near.
struct YAMLBounds {
    static let maximumDepth = 64
    /// Lines, and parts of lists within one.
    static let maximumCount = 500_000
    static let maximumAliases = 16
    /// Bytes of a text with anchors.
    static let maximumSizeWithAnchors = 64 << 10

    struct Refusal: Error {
        var line: Int
        var cause: String
    }

    private var line = 1
    private var count = 0
    private var brackets = 0
    private var anchors = 0
    private var aliases = 0

    /// - Throws: the first thing that goes too far.
    static func check(_ bytes: [UInt8]) throws(Refusal) {
        var bounds = YAMLBounds()
        try bounds.read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) throws(Refusal) {
        var isIndent = true
        var width = 0
        var before: UInt8 = 0x0A
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x0A, 0x0D:
                if byte == 0x0A { line += 1 }
                try step()
                isIndent = true
                width = 0
            case 0x20, UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
                if isIndent { width += 1 }
                if width > 4 * Self.maximumDepth, index + 1 < bytes.count, bytes[index + 1] > 0x20 {
                    throw Refusal(line: line, cause: "it is nested more than \(Self.maximumDepth) levels deep")
                }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                isIndent = false
                brackets += 1
                try step()
                if brackets > Self.maximumDepth {
                    throw Refusal(line: line, cause: "it is nested more than \(Self.maximumDepth) levels deep")
                }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                isIndent = false
                brackets = max(0, brackets - 1)
            case UInt8(ascii: ","):
                isIndent = false
                try step()
            case UInt8(ascii: "&"), UInt8(ascii: "*"):
                isIndent = false
                let isMark = index + 1 < bytes.count && bytes[index + 1] > 0x20
                if isMark, before <= 0x20 || "[]{},-?:".utf8.contains(before) {
                    if byte == UInt8(ascii: "&") { anchors += 1 } else { aliases += 1 }
                }
            default: isIndent = false
            }
            before = byte
        }
        if anchors > 0, aliases > Self.maximumAliases {
            throw Refusal(line: 1, cause: "more than \(Self.maximumAliases) aliases (`*name`) are used")
        }
        if anchors > 0, aliases > 0, bytes.count > Self.maximumSizeWithAnchors {
            throw Refusal(line: 1, cause: "it uses anchors and is larger than 64 KiB")
        }
    }

    private mutating func step() throws(Refusal) {
        count += 1
        if count > Self.maximumCount {
            throw Refusal(line: line, cause: "it holds more than \(Self.maximumCount) values")
        }
    }
}
