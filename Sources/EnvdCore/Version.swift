/// The product's version, as `envd version` and the daemon's status say it (Semantic Versioning 2.0.0).
package struct Version: Hashable, Sendable {
    /// In the program's own bytes, for what(1) and its like: `strings envd | grep '^envd version'`.
    private static let mark: StaticString = "envd version 0.1.0"
    package static let text = String(mark.description.dropFirst("envd version ".count))

    private var numbers: [Int]
    /// What follows the first `-`: it comes before the version without it.
    private var stage: [Substring]

    /// - Returns: nil where the text is no version.
    package init?(_ text: String) {
        let core = text.prefix { $0 != "+" }
        let parts = core.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, !numbers.contains(where: { ($0 ?? -1) < 0 }) else { return nil }
        self.numbers = numbers.compactMap(\.self)
        stage = parts.count > 1 ? parts[1].split(separator: ".", omittingEmptySubsequences: false) : []
    }

    /// Whether a program of this version should take the place of a daemon that says it is of `other`.
    ///
    /// - Parameter other: nil: a daemon that does not know the question is an older one.
    package static func isNewer(_ text: String = Version.text, than other: String?) -> Bool {
        guard let own = Version(text), let other else { return Version(text) != nil }
        return Version(other).map { $0 < own } ?? false
    }
}

extension Version: Comparable {
    package static func < (left: Version, right: Version) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        if left.stage.isEmpty || right.stage.isEmpty { return !left.stage.isEmpty && right.stage.isEmpty }
        for (one, other) in zip(left.stage, right.stage) where one != other {
            switch (Int(one), Int(other)) {
            case (let one?, let other?): return one < other
            case (nil, nil): return one < other
            case (let number, _): return number != nil
            }
        }
        return left.stage.count < right.stage.count
    }
}
