internal import EnvdCore
internal import EnvdPackaging

/// Where a requirement comes from when it is no name: a path, a `file:` URL, or something far away.
enum LocalAddress {
    private static let archives = [
        ".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz",
        ".tar.lzma",
    ]
    private static let versionControl = [
        "git": ["http", "https", "ssh", "git", "file"], "hg": ["file", "http", "https", "ssh", "static-http"],
        "svn": ["ssh", "http", "https", "svn", "file"],
        "bzr": ["http", "https", "ssh", "sftp", "ftp", "lp", "file"],
    ]

    /// What stands before the first `:`, in lower case; nil where that is no scheme of URLs.
    static func scheme(_ text: some StringProtocol) -> String? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = String(text[..<colon]).lowercased()
        guard let first = scheme.utf8.first, PackageName.isLetterOrDigit(first), first > UInt8(ascii: "9"),
            scheme.utf8.allSatisfy({ PackageName.isLetterOrDigit($0) || "+-.".utf8.contains($0) })
        else { return nil }
        return scheme
    }

    /// Whether a scheme is one of a version control system: `git+https`.
    static func isVersionControl(_ scheme: String) -> Bool {
        let parts = scheme.split(separator: "+", maxSplits: 1).map(String.init)
        return parts.count == 2 && versionControl[parts[0]]?.contains(parts[1]) == true
    }

    /// Whether it is a URL of a kind that pip knows.
    static func isURL(_ text: some StringProtocol) -> Bool {
        guard let scheme = scheme(text) else { return false }
        return ["http", "https", "file", "ftp"].contains(scheme) || isVersionControl(scheme)
    }

    /// Whether it is named like an archive that can be installed.
    static func isArchive(_ text: some StringProtocol) -> Bool {
        let name = text.lowercased().split(separator: "/").last ?? ""
        return archives.contains { name.hasSuffix($0) && name.utf8.count > $0.utf8.count }
    }

    /// Whether it looks like a path: by a `/` in it or a `.` before it (`~` and `$` before it mean one too).
    static func looksLikePath(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first else { return false }
        return "./~$".utf8.contains(first) || text.utf8.contains(UInt8(ascii: "/"))
    }

    /// The path in a path or `file:` URL; nil where the address is of somewhere else.
    static func path(_ address: String) -> Path? {
        var text = address
        if let hash = text.utf8.firstIndex(of: UInt8(ascii: "#")), address.contains(":") {
            text = String(text[..<hash])
        }
        for prefix in ["file://localhost/", "file:///", "file:"] where text.lowercased().hasPrefix(prefix) {
            let rest = String(decoding: Array(text.utf8).dropFirst(prefix.utf8.count), as: UTF8.self)
            let path = prefix.hasSuffix("/") ? "/" + rest : rest
            return path.hasPrefix("//") ? nil : Path(ByteString(unescaped(path)))
        }
        if text.contains("://") || text.isEmpty || scheme(text).map(isVersionControl) == true { return nil }
        return Path(text)
    }

    /// A path, and the extras in brackets at its end.
    static func splitExtras(_ text: String) throws(GrammarError) -> (address: String, extras: [String]) {
        let bytes = Array(text.utf8)
        guard bytes.last == UInt8(ascii: "]"), let open = bytes.lastIndex(of: UInt8(ascii: "[")), open > 0,
            open + 2 < bytes.count
        else { return (text, []) }
        do throws(GrammarError) {
            let extras = try Requirement.extras(String(decoding: bytes[(open + 1)...].dropLast(), as: UTF8.self))
            return (String(decoding: bytes[..<open], as: UTF8.self).trimmingBlanks(), extras)
        } catch {
            throw error.moved(by: open + 1)
        }
    }

    /// `%20` and the like as bytes.
    static func unescaped(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(position + 1)...(position + 2)], as: UTF8.self), radix: 16)
            {
                result.append(value)
                position += 3
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return result
    }
}
