/// An amount of disk, in bytes.
package struct ByteSize: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    package let bytes: Int64

    package init(bytes: Int64) { self.bytes = bytes }

    package static let zero = ByteSize(bytes: 0)

    /// Both are the field's: powers of 1000 (IEC 80000-13's SI prefixes) and of 1024 (with an `i`).
    private static let units: [(name: String, bytes: Int64)] = [
        ("b", 1), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
    ]

    /// `20GB`, `1.5 TiB`, `800mb`: a number and a unit; nil for anything else, a number without a unit included.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        var name = text.dropFirst(digits.count)
        while name.first == " " { name = name.dropFirst() }
        guard let number = Double(digits), number.isFinite,
            let unit = Self.units.first(where: { $0.name == name.lowercased() }),
            number * Double(unit.bytes) < 1e18
        else { return nil }
        bytes = Int64((number * Double(unit.bytes)).rounded())
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
    package static func + (left: Self, right: Self) -> Self { ByteSize(bytes: left.bytes + right.bytes) }
    package static func - (left: Self, right: Self) -> Self { ByteSize(bytes: left.bytes - right.bytes) }
    package static func += (left: inout Self, right: Self) { left = left + right }
    package static func -= (left: inout Self, right: Self) { left = left - right }

    package func encode(to encoder: any Encoder) throws { try bytes.encode(to: encoder) }
    package init(from decoder: any Decoder) throws { self.init(bytes: try Int64(from: decoder)) }

    /// `3.4 MB`: one digit after the point, by powers of 1000.
    package var description: String {
        if bytes < 1000 { return "\(bytes) B" }
        var unit: Int64 = 1000
        for name in ["kB", "MB", "GB", "TB"] {
            let tenths = (bytes + unit / 20) / (unit / 10)
            if tenths < 10_000 || name == "TB" { return "\(tenths / 10).\(tenths % 10) \(name)" }
            unit *= 1000
        }
        return "\(bytes) B"
    }
}

extension Sequence<ByteSize> {
    package var sum: ByteSize { reduce(.zero, +) }
}
