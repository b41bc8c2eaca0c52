internal import EnvdPackaging

extension CondaMatchSpec {
    /// What follows a name, taken apart.
    ///
    /// A blank or `=` after a version ends it, unless a comparison goes on there; what is left is the build.
    /// - Returns: the version without blanks, where it begins, and the build.
    static func versionAndBuild(
        _ bytes: [UInt8], from start: Int
    ) throws(GrammarError) -> (version: String, offset: Int, build: String?) {
        let operators = Array("<>=!~".utf8)
        let joints = operators + Array(",|(".utf8)
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        func firstUsed(_ index: Int) -> Int { bytes[index...].firstIndex { !isBlank($0) } ?? bytes.count }
        let first = firstUsed(start)
        var version: [UInt8] = []
        var position = first
        while position < bytes.count {
            let byte = bytes[position]
            let isAfterText = version.last.map { !joints.contains($0) } ?? false
            if isBlank(byte) {
                let next = firstUsed(position)
                guard next < bytes.count else { break }
                let goesOn = operators.contains(bytes[next]) || ",|)".utf8.contains(bytes[next])
                if isAfterText, !goesOn { return (text(version), first, try build(bytes, from: next)) }
                if isAfterText, operators.contains(bytes[next]), isBuildMark(bytes, next) {
                    return (text(version), first, try build(bytes, from: firstUsed(next + 1)))
                }
                position = next
                continue
            }
            if isAfterText, isBuildMark(bytes, position) {
                return (text(version), first, try build(bytes, from: position + 1))
            }
            version.append(byte)
            position += 1
        }
        return (text(version), first, nil)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A single `=`.
    private static func isBuildMark(_ bytes: [UInt8], _ index: Int) -> Bool {
        bytes[index] == UInt8(ascii: "=") && (index + 1 >= bytes.count || bytes[index + 1] != UInt8(ascii: "="))
    }

    private static func build(_ bytes: [UInt8], from start: Int) throws(GrammarError) -> String? {
        let text = String(decoding: bytes[min(start, bytes.count)...], as: UTF8.self).trimmingBlanks()
        return text.isEmpty ? nil : try checked(build: text, at: start)
    }

    /// - Throws: where it is no build string.
    static func checked(build text: String, at offset: Int) throws(GrammarError) -> String {
        if text.hasPrefix("^"), text.hasSuffix("$"), !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
            return text
        }
        for (index, byte) in text.utf8.enumerated()
        where !PackageName.isLetterOrDigit(byte) && !"_.+*".utf8.contains(byte) {
            if byte == UInt8(ascii: "@") {
                throw GrammarError("track features (`@`) are not supported", at: offset + index)
            }
            throw GrammarError("`\(text.shortened)` is no build of a package", at: offset + index)
        }
        return text
    }
}
