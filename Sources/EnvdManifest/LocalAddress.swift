internal import EnvdCore
internal import EnvdPackaging

/// Where a requirement comes from when it is no name: a path, a `file:` URL, or something far away.
enum LocalAddress {
    private static let archives = [".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"]

    /// Whether a line of a requirements file is a path or URL and no PEP 508 requirement.
    static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return false }
        if "./~$".utf8.contains(first) { return true }
        let next = bytes.firstIndex { !PackageName.isNameByte($0) }
        if let next, "+:/\\$".utf8.contains(bytes[next]) { return true }
        let word = String(decoding: bytes[..<(next ?? bytes.count)], as: UTF8.self).lowercased()
        return archives.contains { word.hasSuffix($0) }
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
        if text.contains("://") || text.hasPrefix("git+") || text.isEmpty { return nil }
        return Path(text)
    }

    /// The path without the `[extra]` that may follow it.
    static func withoutExtras(_ path: Path) -> Path {
        let bytes = path.bytes.bytes
        guard bytes.last == UInt8(ascii: "]"), let open = bytes.lastIndex(of: UInt8(ascii: "[")) else { return path }
        return Path(ByteString(bytes[..<open]))
    }

    /// `%20` and the like as bytes.
    private static func unescaped(_ text: String) -> [UInt8] {
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
