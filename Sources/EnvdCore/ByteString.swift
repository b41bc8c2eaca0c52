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

extension ByteString {
    /// Has an encoder that carries it write a string in any case, as varlink's types have it: bytes that are no UTF-8
    /// become U+0000, which neither a path nor a variable holds, and their hexadecimal digits.
    package static let textOnly = CodingUserInfoKey(rawValue: "envd.text-only")

    private var hexadecimal: String {
        bytes.reduce(into: "") { text, byte in
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
    }

    /// Nil where the digits are none.
    private init?(hexadecimal digits: Substring.UTF8View) {
        var bytes: [UInt8] = []
        var high: Int?
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            if let first = high { bytes.append(UInt8(first << 4 | value)) }
            high = high == nil ? value : nil
        }
        guard high == nil else { return nil }
        self.init(bytes)
    }
}

extension ByteString: Codable {
    /// A JSON string where the bytes are UTF-8, else an array of numbers, or see `textOnly`: all lossless.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let text = String(validating: bytes, as: UTF8.self) {
            try container.encode(text)
        } else if let key = Self.textOnly, encoder.userInfo[key] != nil {
            try container.encode("\0" + hexadecimal)
        } else {
            try container.encode(bytes)
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let text = try? container.decode(String.self) else {
            self.init(try container.decode([UInt8].self))
            return
        }
        if text.utf8.first == 0, let bytes = ByteString(hexadecimal: text.dropFirst().utf8) {
            self = bytes
        } else {
            self.init(text)
        }
    }
}
