/// What is asked of a version: `>=3.11,<3.13` (PEP 440, "Version specifiers").
package struct VersionSpecifiers: Hashable, Sendable, CustomStringConvertible {
    /// By their text in byte order, each once.
    package let specifiers: [VersionSpecifier]

    /// - Throws: which of them is none.
    package init(parsing text: some StringProtocol) throws(GrammarError) {
        var found: [String: VersionSpecifier] = [:]
        var offset = 0
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            defer { offset += piece.utf8.count + 1 }
            if String(piece).strippingPythonSpace().isEmpty { continue }
            do throws(GrammarError) {
                let specifier = try VersionSpecifier(parsing: piece)
                found[specifier.description] = specifier
            } catch {
                let blanks = piece.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
                throw error.moved(by: offset + blanks)
            }
        }
        specifiers = found.keys.sortedAndUnique().compactMap { found[$0] }
    }

    /// Nil where one of the comparisons is none; no comparison at all is met by every version.
    package init?(_ comparisons: [String]) {
        guard let whole = try? VersionSpecifiers(parsing: comparisons.joined(separator: ",")) else { return nil }
        self = whole
    }

    /// Without blanks, with commas.
    package var description: String { specifiers.map(\.description).joined(separator: ",") }

    /// Whether every comparison holds.
    package func contain(_ version: PythonVersion) -> Bool { contains(version.description) }

    /// Whether every comparison holds; what is no version meets nothing but `===`.
    ///
    /// - Parameter prereleases: false takes no pre-release; nil and true take those that the comparisons allow,
    ///   for there is nothing else to choose.
    package func contains(_ version: some StringProtocol, prereleases: Bool? = nil) -> Bool {
        let written = String(version)
        let candidate = PythonVersion(written)
        if prereleases == false, candidate?.isPreRelease == true { return false }
        return specifiers.allSatisfy { $0.holds(written, candidate) }
    }

    /// The clauses without blanks, in byte order and once.
    ///
    /// - Throws: which of them is none.
    package static func normalised(_ text: some StringProtocol) throws(GrammarError) -> [String] {
        try VersionSpecifiers(parsing: text).specifiers.map(\.description)
    }
}
