/// A version as PEP 440 writes it, as far as interpreters and packages are compared here: release,
/// pre-release, post-release and development release; epoch and local part are not looked at.
package struct PythonVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var release: [Int]
    /// The phase (0: a, 1: b, 2: rc) and its number.
    package var preRelease: [Int]?
    package var postRelease: Int?
    package var developmentRelease: Int?
    /// As it was written.
    package let description: String

    /// Whether it comes before a release: PEP 440 counts development releases among the pre-releases.
    package var isUnstable: Bool { preRelease != nil || developmentRelease != nil }

    /// Less than every release.
    static let zero = PythonVersion()

    private init() { (release, description) = ([0], "0") }

    /// Nil where the text is no version.
    package init?(_ text: some StringProtocol) {
        description = String(text)
        var rest = text.lowercased()[...]
        if rest.first == "v" { rest = rest.dropFirst() }
        if let plus = rest.firstIndex(of: "+") { rest = rest[..<plus] }
        guard let first = Self.number(&rest) else { return nil }
        release = [first]
        while rest.first == ".", rest.dropFirst().first?.isASCIIDigit == true {
            rest = rest.dropFirst()
            if let next = Self.number(&rest) { release.append(next) }
        }
        let phases = [("alpha", 0), ("a", 0), ("beta", 1), ("b", 1), ("preview", 2), ("pre", 2), ("rc", 2), ("c", 2)]
        for (name, rank) in phases where Self.word(name, &rest) {
            preRelease = [rank, Self.number(&rest) ?? 0]
            break
        }
        if Self.word("post", &rest) { postRelease = Self.number(&rest) ?? 0 }
        if Self.word("dev", &rest) { developmentRelease = Self.number(&rest) ?? 0 }
        guard rest.isEmpty else { return nil }
    }

    private static func number(_ text: inout Substring) -> Int? {
        let digits = text.prefix { $0.isASCIIDigit }
        guard let value = Int(digits) else { return nil }
        text = text.dropFirst(digits.count)
        return value
    }

    private static func word(_ name: String, _ text: inout Substring) -> Bool {
        let rest = text.drop { $0 == "." || $0 == "-" || $0 == "_" }
        guard rest.hasPrefix(name) else { return false }
        text = rest.dropFirst(name.count)
        return true
    }

    package static func < (left: Self, right: Self) -> Bool { left.key.lexicographicallyPrecedes(right.key) }
    package static func == (left: Self, right: Self) -> Bool { left.key == right.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// Trailing zeros do not count; a development release goes before its pre-release, that before the
    /// release, that before its post-release (PEP 440, "Summary of permitted suffixes and relative ordering").
    private var key: [Int] {
        var release = Array(release.prefix(6))
        release += Array(repeating: 0, count: 6 - release.count)
        let phase = preRelease ?? (postRelease == nil && developmentRelease != nil ? [-1, 0] : [3, 0])
        return release + phase + [postRelease ?? -1, developmentRelease ?? .max]
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
