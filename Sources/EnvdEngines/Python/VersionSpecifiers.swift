/// What a project asks of a version: `>=3.11,<3.13` (PEP 440, "Version specifiers").
package struct VersionSpecifiers: Hashable, Sendable, CustomStringConvertible {
    /// One comparison.
    private struct Specifier: Hashable, Sendable {
        var comparison: String
        var version: PythonVersion?
        /// Ended in `.*`.
        var isPrefix: Bool
        var text: String
    }

    private var specifiers: [Specifier]
    package let description: String

    /// Nil where one of the comparisons is none; no comparison at all is met by every version.
    package init?(_ comparisons: [String]) {
        let pieces = comparisons.flatMap { $0.split(separator: ",") }.map(\.trimmed).filter { !$0.isEmpty }
        description = pieces.joined(separator: ",")
        specifiers = []
        for piece in pieces {
            let known = ["===", "~=", "==", "!=", "<=", ">=", "<", ">"]
            guard let comparison = known.first(where: { piece.hasPrefix($0) }) else { return nil }
            var text = piece.dropFirst(comparison.count).trimmed
            let isPrefix = text.hasSuffix(".*")
            if isPrefix { text = text.dropLast(2) }
            let version = PythonVersion(text)
            guard version != nil || comparison == "===" else { return nil }
            if isPrefix, comparison != "==", comparison != "!=" { return nil }
            if comparison == "~=", version.map({ $0.release.count < 2 }) ?? true { return nil }
            specifiers.append(
                Specifier(comparison: comparison, version: version, isPrefix: isPrefix, text: String(text)))
        }
    }

    /// Whether every comparison holds.
    package func contain(_ version: PythonVersion) -> Bool { specifiers.allSatisfy { Self.holds($0, version) } }

    private static func holds(_ specifier: Specifier, _ version: PythonVersion) -> Bool {
        guard let wanted = specifier.version else { return specifier.text == version.description }
        return switch specifier.comparison {
        case "===": specifier.text == version.description
        case "==": specifier.isPrefix ? begins(version, with: wanted.release) : version == wanted
        case "!=": !(specifier.isPrefix ? begins(version, with: wanted.release) : version == wanted)
        case "~=": version >= wanted && begins(version, with: Array(wanted.release.dropLast()))
        case ">=": version >= wanted
        case "<=": version <= wanted
        case ">":
            version > wanted && !(version.postRelease != nil && wanted.postRelease == nil && isSame(version, wanted))
        default: version < wanted && !(version.isUnstable && !wanted.isUnstable && isSame(version, wanted))
        }
    }

    private static func isSame(_ left: PythonVersion, _ right: PythonVersion) -> Bool {
        let count = max(left.release.count, right.release.count)
        return padded(left.release, count) == padded(right.release, count)
    }

    private static func begins(_ version: PythonVersion, with release: [Int]) -> Bool {
        padded(version.release, release.count).prefix(release.count).elementsEqual(release)
    }

    private static func padded(_ release: [Int], _ count: Int) -> [Int] {
        release + Array(repeating: 0, count: max(0, count - release.count))
    }
}
