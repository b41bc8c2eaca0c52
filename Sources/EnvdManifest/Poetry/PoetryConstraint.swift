internal import EnvdPackaging

/// A version constraint as Poetry writes it (poetry-core's `parse_constraint`): caret, tilde, wildcards, PEP 440
/// clauses, `,` for and, `||` for or.
package struct PoetryConstraint: Hashable, Sendable {
    /// PEP 440 clauses that hold together, in byte order; one alternative is enough. An empty alternative is met
    /// by every version.
    package var alternatives: [[String]]

    /// Whether every version will do.
    package var isAny: Bool { alternatives.contains([]) }

    /// - Throws: `PoetryConstraint.Refusal` where poetry-core would not take it either.
    package init(_ text: some StringProtocol) throws(Refusal) {
        var found: [[String]] = []
        for part in Self.parts(text) {
            var clauses: [String] = []
            for word in Self.words(part) { clauses += try Self.clauses(word, in: part) }
            found.append(clauses.sortedAndUnique())
        }
        let isAny = found.contains([])
        alternatives = isAny ? [[]] : Set(found).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Why a text is no constraint, in the user's words.
    package struct Refusal: Error, Hashable {
        package var cause: String
    }

    /// As a requirement carries it: `>=1.2,<2.0`, empty for any, alternatives with `||` as poetry-core has them.
    package var text: String { isAny ? "" : alternatives.map { $0.joined(separator: ",") }.joined(separator: "||") }

    // MARK: Taking apart

    /// What stands between `|` or `||`.
    private static func parts(_ text: some StringProtocol) -> [String] {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        // `a||b` has an empty part between its bars.
        return parts.enumerated().filter { !($0.element.isEmpty && $0.offset > 0) }.map(\.element)
    }

    /// The clauses of a part: between commas or blanks, but an operator belongs to what follows it.
    private static func words(_ part: String) -> [String] {
        var words: [String] = []
        var pending = ""
        for piece in part.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            pending += piece
            if pending.allSatisfy({ "^~=<>!".contains($0) }) { continue }
            words.append(pending)
            pending = ""
        }
        if !pending.isEmpty { words.append(pending) }
        return words.isEmpty ? [part] : words
    }

    private static func clauses(_ word: String, in part: String) throws(Refusal) -> [String] {
        let refusal = Refusal(cause: "`\(part.shortened)` is no version constraint")
        if isAnything(word) { return [] }
        let operators = ["~=", "==", "!=", "<>", ">=", "<=", ">", "<", "=", "^", "~"]
        let symbol = operators.first { word.hasPrefix($0) } ?? ""
        var version = String(word.dropFirst(symbol.count))
        var isPrefix = false
        while version.hasSuffix(".*") {
            version.removeLast(2)
            isPrefix = true
        }
        if version == "dev" { version = "0.0.dev0" }
        guard let release = Release(version) else { throw refusal }
        if isPrefix, ["^", "~", "~="].contains(symbol) { throw refusal }
        switch symbol {
        case "^": return [">=\(version)", "<\(release.nextBreaking)"]
        case "~": return [">=\(version)", "<\(release.parts.count == 1 ? release.next(0) : release.next(1))"]
        case "~=": return release.parts.count == 1 ? [">=\(version)", "<\(release.next(0))"] : ["~=\(version)"]
        case ">", "<", ">=", "<=": return [symbol + version]
        case "!=": return ["!=\(version)\(isPrefix ? ".*" : "")"]
        default: return ["==\(version)\(isPrefix ? ".*" : "")"]
        }
    }

    /// `*`, `x`, `*.*`.
    private static func isAnything(_ word: String) -> Bool {
        var text = word[...]
        if text.first == "v" || text.first == "V" { text = text.dropFirst() }
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        return pieces.allSatisfy { !$0.isEmpty && $0.allSatisfy { "xX*".contains($0) } }
    }
}

/// The numbers of a version, for the bound above it.
private struct Release {
    var epoch: String
    var parts: [Int]

    /// Nil where the text is no version of PEP 440.
    init?(_ text: String) {
        guard PythonVersion(text) != nil, !text.hasSuffix("*") else { return nil }
        var rest = text[...]
        if rest.first == "v" || rest.first == "V" { rest = rest.dropFirst() }
        epoch = ""
        if let mark = rest.firstIndex(of: "!") {
            epoch = String(rest[...mark])
            rest = rest[rest.index(after: mark)...]
        }
        let numbers = rest.prefix { $0.isNumber || $0 == "." }.split(separator: ".")
        parts = numbers.compactMap { Int($0) }
        // What follows the numbers: a phase and the like, which begins with a letter.
        let phases = ["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "post", "rev", "r", "dev"]
        let tail = rest.dropFirst(rest.prefix { $0.isNumber || $0 == "." }.count).drop { "-_.".contains($0) }
        let word = tail.prefix { $0.isLetter }.lowercased()
        let isKnown = tail.isEmpty || tail.first == "+" || tail.first?.isNumber == true || phases.contains(word)
        guard !parts.isEmpty, parts.count == numbers.count, isKnown else { return nil }
    }

    /// The first version after every one that begins like this up to the part at `index`.
    func next(_ index: Int) -> String {
        let kept = (0...index).map { $0 < parts.count ? parts[$0] : 0 }
        let raised = kept.dropLast() + [(kept.last ?? 0) + 1]
        let padding = Array(repeating: 0, count: max(0, min(parts.count, 3) - raised.count))
        return epoch + (raised + padding).map(String.init).joined(separator: ".")
    }

    /// The first version that semantic versioning takes for incompatible.
    var nextBreaking: String {
        if parts[0] > 0 || parts.count == 1 { return next(0) }
        if parts[1] > 0 || parts.count == 2 { return next(1) }
        return next(2)
    }
}
