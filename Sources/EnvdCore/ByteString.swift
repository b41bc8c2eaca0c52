/// A value of the environment or a piece of a path: any bytes but NUL, as the kernel has them.
///
/// Environment values and paths are bytes, not text: a `String` would replace invalid UTF-8 and
/// so change what a shell gets back.
package struct ByteString: Hashable, Sendable, Comparable {
    package var bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
    package init(_ text: some StringProtocol) { self.bytes = Array(text.utf8) }

    // The same, concrete: the runtime is slow at a first generic call, and in `envd-hook` each is a first one.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }
    package init(_ text: String) { self.bytes = Array(text.utf8) }

    /// For people to read: invalid UTF-8 is shown as U+FFFD.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package var isEmpty: Bool { bytes.isEmpty }

    package static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    package static func + (left: ByteString, right: ByteString) -> ByteString {
        ByteString(left.bytes + right.bytes)
    }

    /// The pieces between `separator`s, empty ones included, as a shell sees a PATH-like list.
    package func split(separator: UInt8) -> [ByteString] {
        bytes.split(separator: separator, omittingEmptySubsequences: false).map { ByteString($0) }
    }
}

extension ByteString: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral value: String) { self.init(value) }
}

extension ByteString: Codable {
    /// A JSON string where the bytes are UTF-8, else an array of numbers: both ways lossless.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let text = String(validating: bytes, as: UTF8.self) {
            try container.encode(text)
        } else {
            try container.encode(bytes)
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.init(text)
        } else {
            self.init(try container.decode([UInt8].self))
        }
    }
}
