internal import EnvdPackaging

/// Versions of conda's packages.
enum CondaVersion {
    /// In lower case and without leading zeros, which conda does not see (`VersionOrder`).
    ///
    /// - Parameter start: where the text begins in a longer one.
    /// - Throws: where it is no version.
    static func normalised(_ text: String, at start: Int) throws(GrammarError) -> String {
        let bytes = Array(text.lowercased().utf8)
        func problem(_ cause: String, _ offset: Int) -> GrammarError { GrammarError(cause, at: start + offset) }
        if let star = bytes.firstIndex(of: UInt8(ascii: "*")) {
            throw problem("`*` can only stand at the end of a version", star)
        }
        if let bad = bytes.firstIndex(where: { !isVersionByte($0) }) {
            throw problem("`\(text.shortened)` is no version", bad)
        }
        guard let first = bytes.first, PackageName.isLetterOrDigit(first) else {
            throw problem("`\(text.shortened)` is no version", 0)
        }
        for separator in ["!", "+"] where text.split(separator: separator, omittingEmptySubsequences: false).count > 2 {
            throw problem("`\(text.shortened)` has more than one `\(separator)`", 0)
        }
        if let mark = bytes.firstIndex(of: UInt8(ascii: "!")), !bytes[..<mark].allSatisfy({ isDigit($0) }) {
            throw problem("the epoch of `\(text.shortened)` is no number", 0)
        }
        // One `_` at the end is part of the version: `1.1.1_` comes after `1.1.1`.
        for (index, byte) in bytes.enumerated() where !PackageName.isLetterOrDigit(byte) {
            let isLast = index + 1 == bytes.count
            let isDoubled = !isLast && !PackageName.isLetterOrDigit(bytes[index + 1])
            if isDoubled || isLast && byte != UInt8(ascii: "_") {
                throw problem("`\(text.shortened)` has an empty part", index)
            }
        }
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard isDigit(bytes[position]) else {
                result.append(bytes[position])
                position += 1
                continue
            }
            let digits = bytes[position...].prefix { isDigit($0) }
            let kept = digits.drop { $0 == UInt8(ascii: "0") }
            result += kept.isEmpty ? [UInt8(ascii: "0")] : Array(kept)
            position = digits.endIndex
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isVersionByte(_ byte: UInt8) -> Bool {
        PackageName.isLetterOrDigit(byte) || "._-+!".utf8.contains(byte)
    }
}
