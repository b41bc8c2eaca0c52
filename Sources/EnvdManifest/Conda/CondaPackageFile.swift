/// An address of one package of a channel: `…/linux-64/numpy-1.26.4-py311_0.conda#<hash>`.
struct CondaPackageFile: Hashable {
    /// Without the fragment.
    var url: String
    /// In lower case.
    var name: String
    var version: String
    var build: String
    /// Of the fragment, lower-case hexadecimal.
    var md5: String?
    var sha256: String?

    /// - Parameter text: a URL or path; nil where it names no package, or a fragment that is no hash.
    init?(url text: String) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = parts.first, !address.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            return nil
        }
        if parts.count == 2 {
            let hash = (parts[1].hasPrefix("sha256:") ? String(parts[1].dropFirst(7)) : parts[1]).lowercased()
            guard hash.utf8.allSatisfy({ Self.isHexadecimal($0) }) else { return nil }
            switch hash.utf8.count {
            case 32: md5 = hash
            case 64: sha256 = hash
            default: return nil
            }
        }
        let file = address.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard let ending = [".conda", ".tar.bz2"].first(where: { file.hasSuffix($0) }) else { return nil }
        let pieces = file.dropLast(ending.count).split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.count >= 3, pieces.allSatisfy({ !$0.isEmpty }) else { return nil }
        url = address
        name = pieces.dropLast(2).joined(separator: "-").lowercased()
        version = String(pieces[pieces.count - 2])
        build = String(pieces[pieces.count - 1])
    }

    static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39 || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")
    }
}
