internal import EnvdPackaging

/// The name of a wheel (PEP 427) as far as it says what is installed: `six-1.17.0-py2.py3-none-any.whl`.
struct WheelName: Hashable {
    /// Normalised.
    var name: String
    /// Normalised.
    var version: String

    /// - Throws: what is wrong with the name.
    init(_ fileName: String) throws(GrammarError) {
        let refusal = GrammarError("`\(fileName.shortened)` is no name of a wheel")
        let parts = fileName.dropLast(".whl".count).split(separator: "-", omittingEmptySubsequences: false)
        guard fileName.hasSuffix(".whl"), parts.count == 5 || parts.count == 6, let first = parts.first,
            !first.isEmpty, first.firstRange(of: "__") == nil, first.unicodeScalars.allSatisfy(Self.isWordScalar),
            let version = PythonVersion(parts[1])
        else { throw refusal }
        if parts.count == 6, parts[2].utf8.first.map({ (0x30...0x39).contains($0) }) != true { throw refusal }
        for tag in parts.suffix(3) {
            let pieces = tag.split(separator: ".", omittingEmptySubsequences: false)
            guard pieces.allSatisfy({ !$0.isEmpty }) else { throw refusal }
        }
        name = PackageName.canonical(first)
        self.version = version.normalised
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
