internal import EnvdCore
internal import EnvdPackaging

/// The values of TOML that have no delimiters.
enum TOMLScalar {
    /// Dates and times become texts; a NaN does too, for it is not equal to itself and a spec has to be.
    static func value(of text: String) -> CanonicalValue? {
        switch text {
        case "true": return .truth(true)
        case "false": return .truth(false)
        case "inf", "+inf": return .number(.infinity)
        case "-inf": return .number(-.infinity)
        case "nan", "+nan", "-nan": return .text("nan")
        default: return integer(text).map { .integer($0) } ?? number(text).map { .number($0) } ?? moment(text)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Without underscores; nil where one does not stand between two digits.
    private static func digits(_ text: Substring, _ isDigit: (UInt8) -> Bool) -> String? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, isDigit(first), isDigit(last) else { return nil }
        for (byte, next) in zip(bytes, bytes.dropFirst()) {
            let isFine = isDigit(byte) || byte == UInt8(ascii: "_") && isDigit(next)
            if !isFine { return nil }
        }
        return String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }

    private static func integer(_ text: String) -> Int64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            guard let digits = digits(text.dropFirst(2), { PackageName.isLetterOrDigit($0) }) else { return nil }
            return Int64(digits, radix: radix)
        }
        let (sign, body) = signed(text)
        guard let digits = digits(body, isDigit), digits == "0" || !digits.hasPrefix("0") else { return nil }
        return Int64(sign + digits)
    }

    private static func signed(_ text: String) -> (sign: String, body: Substring) {
        guard let first = text.first, first == "+" || first == "-" else { return ("", text[...]) }
        return (String(first), text.dropFirst())
    }

    private static func number(_ text: String) -> Double? {
        let (sign, body) = signed(text)
        let halves = body.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 1 && halves.count == 2, let whole = digits(parts[0], isDigit),
            whole == "0" || !whole.hasPrefix("0")
        else { return nil }
        var clean = sign + whole
        if parts.count == 2 {
            guard let fraction = digits(parts[1], isDigit) else { return nil }
            clean += ".\(fraction)"
        }
        if halves.count == 2 {
            let (sign, body) = signed(String(halves[1]))
            guard let exponent = digits(body, isDigit) else { return nil }
            clean += "e\(sign)\(exponent)"
        }
        return Double(clean)
    }

    /// A date, a time, or both; whether there is such a day matters to nobody here.
    private static func moment(_ text: String) -> CanonicalValue? {
        let bytes = Array(text.utf8)
        func matches(_ bytes: some Sequence<UInt8>, _ pattern: String) -> Bool {
            bytes.elementsEqual(pattern.utf8) { $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1 }
        }
        if matches(bytes, "0000-00-00") { return .text(text) }
        var time = bytes[...]
        if bytes.count > 11, matches(bytes.prefix(10), "0000-00-00"), "Tt ".utf8.contains(bytes[10]) {
            time = bytes[11...]
        }
        let hasDate = time.count < bytes.count
        if matches(time.prefix(8), "00:00:00") {
            time = time.dropFirst(8)
        } else if matches(time.prefix(5), "00:00") {
            time = time.dropFirst(5)
        } else {
            return nil
        }
        if time.first == UInt8(ascii: ".") {
            let fraction = time.dropFirst().prefix { isDigit($0) }
            guard !fraction.isEmpty else { return nil }
            time = time.dropFirst(1 + fraction.count)
        }
        let isZone =
            hasDate && (matches(time, "Z") || matches(time, "z") || matches(time, "+00:00") || matches(time, "-00:00"))
        guard time.isEmpty || isZone else { return nil }
        return .text(text.uppercased().split(separator: " ").joined(separator: "T"))
    }
}
