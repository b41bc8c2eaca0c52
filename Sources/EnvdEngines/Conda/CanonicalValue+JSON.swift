internal import EnvdCore

extension CanonicalValue {
    /// The value as JSON (RFC 8259) on one line, keys in order.
    var json: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .integer(let number): String(number)
        case .number(let number): number.isFinite ? String(number) : "null"
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
        case .table(let table):
            "{"
                + table.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.json }
                .joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    var integer: Int? { if case .integer(let number) = self { Int(number) } else { nil } }
    var list: [CanonicalValue]? { if case .list(let values) = self { values } else { nil } }
    var table: [String: CanonicalValue]? { if case .table(let table) = self { table } else { nil } }
}
