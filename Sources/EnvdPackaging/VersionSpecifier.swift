/// One comparison with a version (PEP 440, "Version specifiers"): `>=3.11`, `==1.*`, `===abc`.
package struct VersionSpecifier: Hashable, Sendable, CustomStringConvertible {
    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        // Longest first: the first that fits is the one that is meant.
        case identical = "==="
        case compatible = "~="
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case greater = ">"
    }

    package let comparison: Comparison
    /// What follows the comparison, as written.
    package let text: String
    /// Nil where `===` compares with something that is no version.
    package let version: PythonVersion?
    /// Whether it ends in `.*`.
    package let isPrefix: Bool

    package var description: String { comparison.rawValue + text }

    /// - Throws: why it is none.
    package init(parsing written: some StringProtocol) throws(GrammarError) {
        let whole = String(written).strippingPythonSpace()
        guard let comparison = Comparison.allCases.first(where: { whole.hasPrefix($0.rawValue) }) else {
            let isSingle = whole.hasPrefix("=")
            throw GrammarError(
                "`\(whole.shortened)` is no version specifier" + (isSingle ? ": `==` compares for equality" : ""))
        }
        let text = String(whole.dropFirst(comparison.rawValue.count)).strippingPythonSpace()
        var version = PythonVersion(text)
        var isPrefix = false
        let isWord = text.unicodeScalars.allSatisfy { !$0.isPythonSpace && $0 != ";" && $0 != ")" }
        guard isWord else { throw Self.refusal(whole) }
        if comparison != .identical {
            if text.hasSuffix(".*"), comparison == .equal || comparison == .unequal {
                version = PythonVersion(text.dropLast(2))
                isPrefix = true
            }
            guard let version else { throw Self.refusal(whole) }
            if isPrefix, version.isPreRelease || version.postRelease != nil || !version.local.isEmpty {
                throw Self.refusal(whole, ": `.*` cannot follow a pre-release, post-release or local version")
            }
            if !version.local.isEmpty, comparison != .equal, comparison != .unequal {
                throw Self.refusal(whole, ": only `==` and `!=` take a local version")
            }
            if comparison == .compatible, version.release.count < 2 {
                throw Self.refusal(whole, ": `~=` needs two numbers at least")
            }
        }
        self.comparison = comparison
        self.text = text
        self.version = version
        self.isPrefix = isPrefix
    }

    private static func refusal(_ text: String, _ reason: String = "") -> GrammarError {
        GrammarError("`\(text.shortened)` is no version specifier\(reason)")
    }

    /// Whether it holds, whatever is thought of pre-releases.
    ///
    /// - Parameters:
    ///   - written: what `===` compares with, but for the case.
    ///   - candidate: nil where that is no version.
    func holds(_ written: String, _ candidate: PythonVersion?) -> Bool {
        if comparison == .identical { return written.lowercased() == text.lowercased() }
        guard let candidate, let version else { return false }
        return switch comparison {
        case .identical: false
        case .equal: isEqual(candidate, version)
        case .unequal: !isEqual(candidate, version)
        case .compatible: candidate >= version && Self.begins(candidate, with: version, version.release.dropLast())
        case .atLeast: candidate >= version
        case .atMost: candidate <= version || candidate.isSamePublicVersion(as: version)
        case .greater: Self.isGreater(candidate, version)
        case .less: Self.isLess(candidate, version)
        }
    }

    /// What follows `+` counts only where the specifier has it too.
    private func isEqual(_ candidate: PythonVersion, _ version: PythonVersion) -> Bool {
        if isPrefix { return Self.begins(candidate, with: version, version.release[...]) }
        return version.local.isEmpty ? candidate.isSamePublicVersion(as: version) : candidate == version
    }

    private static func begins(
        _ candidate: PythonVersion, with version: PythonVersion, _ release: ArraySlice<VersionNumber>
    ) -> Bool {
        let missing = max(0, release.count - candidate.release.count)
        let padded = candidate.release + Array(repeating: .zero, count: missing)
        return candidate.epoch == version.epoch && padded.starts(with: release)
    }

    /// `>1.0` is met by no post-release of 1.0 and by none of its local versions.
    private static func isGreater(_ candidate: PythonVersion, _ version: PythonVersion) -> Bool {
        guard candidate > version else { return false }
        if version.developmentRelease != nil || version.postRelease != nil {
            return !candidate.isSamePublicVersion(as: version)
        }
        return !(candidate.isSameRelease(as: version) && candidate.preRelease == version.preRelease)
    }

    /// `<1.0` is met by no pre-release of 1.0.
    private static func isLess(_ candidate: PythonVersion, _ version: PythonVersion) -> Bool {
        if version.isPreRelease { return candidate < version }
        var first = version
        first.developmentRelease = .zero
        first.local = []
        return candidate < first
    }
}
