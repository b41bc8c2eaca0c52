internal import EnvdCore
internal import EnvdSystem

/// A distribution's RECORD: the files that its installer put there
/// (<https://packaging.python.org/en/latest/specifications/recording-installed-packages/>).
struct DistributionRecord {
    struct Entry: Hashable {
        /// As RECORD has it, for people.
        var name: String
        /// Absolute, without `.` and `..`.
        var file: Path
        /// SHA-256 as 64 hexadecimal digits; nil where RECORD has none, as for itself.
        var digest: String?
        /// Bytes.
        var size: Int64?
    }

    /// `*.dist-info`.
    let directory: Path
    let entries: [Entry]

    /// Reads what lies in a `*.dist-info` directory.
    init(of directory: Path) throws(SystemError) {
        self.directory = directory
        entries = try FileSystem.read(directory / "RECORD").split(separator: UInt8(ascii: "\n")).compactMap {
            Self.entry(String(decoding: $0, as: UTF8.self), below: directory.parent)
        }
    }

    /// One line of CSV; only a name can hold a comma, and is quoted then.
    static func entry(_ line: String, below site: Path) -> Entry? {
        var line = line[...]
        if line.last == "\r" { line.removeLast() }
        let name: String
        if line.first == "\"" {
            var rest = line.dropFirst()
            var text = ""
            while let quote = rest.firstIndex(of: "\"") {
                text += rest[..<quote]
                rest = rest[rest.index(after: quote)...]
                guard rest.first == "\"" else { break }
                text += "\""
                rest.removeFirst()
            }
            (name, line) = (text, rest)
        } else {
            name = String(line.prefix { $0 != "," })
            line = line.dropFirst(name.count)
        }
        guard !name.isEmpty else { return nil }
        let fields = line.dropFirst().split(separator: ",", omittingEmptySubsequences: false)
        let digest = fields.first.flatMap { $0.hasPrefix("sha256=") ? Self.hexadecimal($0.dropFirst(7)) : nil }
        return Entry(
            name: name, file: site.appending(Path(name)).withoutDots, digest: digest,
            size: fields.count > 1 ? Int64(fields[1]) : nil)
    }

    /// base64 of the URL-safe alphabet without padding (RFC 4648, 5) as hexadecimal digits; nil where it is none.
    static func hexadecimal(_ text: some StringProtocol) -> String? {
        let digits = Array("0123456789abcdef")
        var (bits, count) = (0, 0)
        var result = ""
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = alphabet[byte] else { return nil }
            bits = bits << 6 | value
            count += 6
            while count >= 4 {
                count -= 4
                result.append(digits[bits >> count & 15])
            }
            bits &= (1 << count) - 1
        }
        return result.count == 64 || result.count == 65 ? String(result.prefix(64)) : nil
    }

    private static let alphabet: [UInt8: Int] = Dictionary(
        uniqueKeysWithValues: zip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8, 0...))
}
