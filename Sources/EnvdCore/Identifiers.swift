/// Names one project for good: the directory's canonical path, hashed.
package struct ProjectID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Sixteen lower-case hexadecimal digits.
    package let text: String

    package init(_ text: String) { self.text = text }
    package var description: String { text }

    package func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }
    package init(from decoder: any Decoder) throws { self.init(try String(from: decoder)) }
}

/// Numbers the generations of one project from 1; a number is never used twice.
package struct GenerationNumber: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    package let value: Int

    package init(_ value: Int) { self.value = value }
    package var description: String { String(value) }
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
    package init(from decoder: any Decoder) throws { self.init(try Int(from: decoder)) }
}

/// A SHA-256 digest (FIPS 180-4) of a file's bytes or of a value's canonical encoding.
package struct Fingerprint: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Sixty-four lower-case hexadecimal digits.
    package let hex: String

    package init(hex: String) { self.hex = hex }
    package var description: String { hex }

    package func encode(to encoder: any Encoder) throws { try hex.encode(to: encoder) }
    package init(from decoder: any Decoder) throws { self.init(hex: try String(from: decoder)) }
}
