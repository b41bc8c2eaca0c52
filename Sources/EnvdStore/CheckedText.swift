internal import EnvdCore
internal import EnvdSystem
internal import Foundation

/// A value as it lies in the database: JSON on one line, and its digest on the next, for SQLite does not notice a
/// byte that turned over in a text.
enum CheckedText {
    static func encode<Value: Encodable>(_ value: Value) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(value)
        return String(decoding: json, as: UTF8.self) + "\n" + digest(of: Array(json))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8.prefix { $0 != newline }))
    }

    /// Whether a text is what was written; one without a digest is of a time before there were any.
    static func isWhole(_ text: String) -> Bool {
        let lines = Array(text.utf8).split(separator: newline, maxSplits: 1, omittingEmptySubsequences: false)
        guard lines.count == 2 else { return lines.first?.last == UInt8(ascii: "}") }
        return digest(of: Array(lines[0])).utf8.elementsEqual(lines[1])
    }

    private static let newline = UInt8(ascii: "\n")
    private static func digest(of json: [UInt8]) -> String { Fingerprint(of: json).hex }
}
