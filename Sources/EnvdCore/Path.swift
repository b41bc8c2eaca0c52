/// A path of the file system: the kernel's bytes, never a `String`.
///
/// swift-system's `FilePath` would serve, but its coding is an array of numbers in a table, and
/// paths are shown in JSON here. Doubled and trailing slashes are dropped; `.`, `..` and links are
/// left alone (`EnvdSystem` makes paths canonical).
package struct Path: Hashable, Sendable, Comparable {
    package let bytes: ByteString

    /// What follows a NUL is dropped, as the kernel would.
    package init(_ bytes: ByteString) {
        var clean: [UInt8] = []
        for byte in bytes.bytes {
            if byte == 0 { break }
            if byte == Self.slash, clean.last == Self.slash { continue }
            clean.append(byte)
        }
        if clean.count > 1, clean.last == Self.slash { clean.removeLast() }
        self.bytes = ByteString(clean)
    }

    package init(_ text: String) { self.init(ByteString(text)) }

    package static let root = Path("/")
    private static let slash = UInt8(ascii: "/")

    package var isAbsolute: Bool { bytes.bytes.first == Self.slash }

    /// For people to read: invalid UTF-8 is shown as U+FFFD.
    package var description: String { bytes.description }

    /// As a person can paste it into any shell: quoted where a shell would see more in it than a name.
    package var shellWord: String {
        let text = description
        let isPlain = text.utf8.allSatisfy { byte in
            let small = byte | 0x20
            return small >= UInt8(ascii: "a") && small <= UInt8(ascii: "z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || "/._-+@%:,".utf8.contains(byte)
        }
        if isPlain { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The last component, empty for `/`.
    package var name: ByteString {
        guard self != .root else { return "" }
        guard let last = bytes.bytes.lastIndex(of: Self.slash) else { return bytes }
        return ByteString(bytes.bytes[(last + 1)...])
    }

    /// The directory that holds this; `/` for `/`, `.` for a bare name.
    package var parent: Path {
        guard let last = bytes.bytes.lastIndex(of: Self.slash) else { return Path(".") }
        return last == 0 ? .root : Path(ByteString(bytes.bytes[..<last]))
    }

    /// `other` as seen from here: `other` itself where it is absolute.
    package func appending(_ other: Path) -> Path {
        if other.isAbsolute { return other }
        return bytes.isEmpty ? other : Path(bytes + "/" + other.bytes)
    }

    package func appending(_ name: String) -> Path { appending(Path(name)) }
    package static func / (left: Path, right: String) -> Path { left.appending(right) }

    /// Whether this is `directory` or lies below it, by names alone.
    package func isWithin(_ directory: Path) -> Bool {
        if directory == .root { return isAbsolute }
        let (mine, its) = (bytes.bytes, directory.bytes.bytes)
        return mine.starts(with: its) && (mine.count == its.count || mine[its.count] == Self.slash)
    }

    /// What is left of this path below `directory`; nil when it is not within it, `.` when it is it.
    package func relative(to directory: Path) -> Path? {
        guard isWithin(directory) else { return nil }
        if self == directory { return Path(".") }
        let skipped = directory == .root ? 1 : directory.bytes.bytes.count + 1
        return Path(ByteString(bytes.bytes[skipped...]))
    }

    /// This directory, then each one above it up to `/`.
    package var selfAndAncestors: [Path] {
        var paths = [self]
        while let last = paths.last, last != .root, last.isAbsolute { paths.append(last.parent) }
        return paths
    }

    /// `.` and `..` taken out by names alone, as engines do with the paths that they write.
    package var withoutDots: Path {
        var kept: [ByteString] = []
        for piece in bytes.split(separator: UInt8(ascii: "/")) where !piece.isEmpty && piece != "." {
            if piece == ".." { _ = kept.popLast() } else { kept.append(piece) }
        }
        return kept.reduce(Path.root) { $0.appending(Path($1)) }
    }

    package static func < (left: Path, right: Path) -> Bool { left.bytes < right.bytes }
}

extension Path: Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
    package func encode(to encoder: any Encoder) throws { try bytes.encode(to: encoder) }
    package init(from decoder: any Decoder) throws { self.init(try ByteString(from: decoder)) }
}
