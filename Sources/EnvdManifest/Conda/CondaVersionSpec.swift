internal import EnvdPackaging

/// What conda's version specifications say (`>=1.20,<2|==3`), as a tree whose text is the same for equal meaning.
///
/// Follows conda's `VersionSpec`; `,` binds tighter than `|`.
indirect enum CondaVersionSpec: Hashable {
    /// `*`.
    case any
    /// An operator and a version; `.*` at the end of the version for those of `=`.
    case clause(String)
    case all([CondaVersionSpec])
    case either([CondaVersionSpec])

    static let maximumDepth = 32

    /// - Parameter text: without blanks.
    /// - Throws: what is wrong, and at which byte.
    init(parsing text: String) throws(GrammarError) {
        var parser = CondaVersionParser(bytes: Array(text.lowercased().utf8))
        self = try parser.alternatives(depth: 0)
        if let byte = parser.next { throw parser.unexpected(byte) }
    }

    /// In the one way that specs know: parts in byte order and once, parentheses only where they count.
    var text: String {
        switch self {
        case .any: "*"
        case .clause(let text): text
        case .all(let parts):
            parts.map { part in
                if case .either = part { return "(\(part.text))" }
                return part.text
            }.sortedAndUnique().joined(separator: ",")
        case .either(let parts): parts.map(\.text).sortedAndUnique().joined(separator: "|")
        }
    }

    /// Parts of the same kind are taken in, and one alone stands for itself.
    fileprivate static func all(of parts: [CondaVersionSpec]) -> CondaVersionSpec {
        let flat = parts.flatMap { part in
            if case .all(let inner) = part { return inner }
            return part == .any ? [] : [part]
        }
        if flat.isEmpty { return .any }
        return Set(flat).count == 1 ? flat[0] : .all(flat)
    }

    fileprivate static func either(of parts: [CondaVersionSpec]) -> CondaVersionSpec {
        if parts.contains(.any) { return .any }
        let flat = parts.flatMap { part in
            if case .either(let inner) = part { return inner }
            return [part]
        }
        return Set(flat).count == 1 ? flat[0] : .either(flat)
    }
}

private struct CondaVersionParser {
    let bytes: [UInt8]
    var position = 0

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    init(bytes: [UInt8]) { self.bytes = bytes }

    func unexpected(_ byte: UInt8) -> GrammarError {
        GrammarError("`\(String(decoding: [byte], as: UTF8.self))` is not expected here", at: position)
    }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character.asciiValue else { return false }
        position += 1
        return true
    }

    mutating func alternatives(depth: Int) throws(GrammarError) -> CondaVersionSpec {
        guard depth <= CondaVersionSpec.maximumDepth else {
            throw GrammarError("there are too many parentheses", at: position)
        }
        var parts: [CondaVersionSpec] = []
        repeat {
            var all: [CondaVersionSpec] = []
            repeat {
                if take("(") {
                    let start = position - 1
                    all.append(try alternatives(depth: depth + 1))
                    guard take(")") else { throw GrammarError("this `(` is never closed", at: start) }
                } else {
                    all.append(try clause())
                }
            } while take(",")
            parts.append(.all(of: all))
        } while take("|")
        return .either(of: parts)
    }

    private mutating func clause() throws(GrammarError) -> CondaVersionSpec {
        let start = position
        var name = ""
        while let byte = next, "<>=!~^".utf8.contains(byte) {
            name.append(Character(Unicode.Scalar(byte)))
            position += 1
        }
        guard ["", "=", "==", "!=", "<", "<=", ">", ">=", "~="].contains(name) else {
            if name.hasPrefix("^") {
                throw GrammarError("versions as regular expressions are not supported: write `1.2.*`", at: start)
            }
            throw GrammarError("`\(name.shortened)` is no comparison", at: start)
        }
        let begin = position
        while let byte = next, !",|()<>=!~^ ".utf8.contains(byte) || byte == UInt8(ascii: "!") && hasEpoch(begin) {
            position += 1
        }
        let text = String(decoding: bytes[begin..<position], as: UTF8.self)
        guard !text.isEmpty else {
            throw GrammarError(name.isEmpty ? "there is no version" : "there is no version after `\(name)`", at: begin)
        }
        return try clause(name, text, at: begin)
    }

    /// `1!2.0`: the digits so far are the epoch.
    private func hasEpoch(_ begin: Int) -> Bool {
        position > begin && bytes[begin..<position].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            && position + 1 < bytes.count && bytes[position + 1] != UInt8(ascii: "=")
    }

    private func clause(
        _ name: String, _ written: String, at begin: Int
    ) throws(GrammarError) -> CondaVersionSpec {
        var text = written
        var isGlob = false
        if text == "*" || text == "*.*" {
            if ["", "=", "=="].contains(name) { return .any }
            throw GrammarError("`\(name)*` compares with no version", at: begin)
        }
        while text.hasSuffix("*") {
            isGlob = true
            text.removeLast()
            if text.hasSuffix(".") { text.removeLast() }
        }
        let version = try CondaVersion.normalised(text, at: begin)
        switch name {
        case "": return .clause(isGlob ? "\(version).*" : "==\(version)")
        case "=": return .clause("\(version).*")
        case "==": return .clause(isGlob ? "\(version).*" : "==\(version)")
        case "!=": return .clause("!=\(version)\(isGlob ? ".*" : "")")
        case "~=" where isGlob: throw GrammarError("`~=` takes no `*`", at: begin)
        // conda drops the `.*` there.
        default: return .clause("\(name)\(version)")
        }
    }
}
