import EnvdCore
import EnvdSystem
import Foundation

/// contrib/schema/status.v1.json, as far as it is used there (JSON Schema, draft 2020-12); what it does not name is
/// wrong, for the schema tells of every member.
struct StatusSchema {
    private let root: [String: Any]

    init() throws {
        let sources = ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent
        let bytes = try FileSystem.read(sources / "contrib/schema/status.v1.json")
        root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    }

    /// What is wrong with a document, with its place; none where it is as the schema says.
    func faults(in text: String) throws -> [String] {
        faults(try JSONSerialization.jsonObject(with: Data(text.utf8)), root, at: "$")
    }

    private func faults(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last,
            let wanted = (root["$defs"] as? [String: Any])?[String(name)] as? [String: Any]
        {
            return faults(value, wanted, at: place)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            return choices.contains { faults(value, $0, at: place).isEmpty } ? [] : ["\(place) is none of its kinds"]
        }
        if let choices = schema["enum"] as? [String] {
            return choices.contains { $0 == value as? String } ? [] : ["\(place) is \(value)"]
        }
        if let only = schema["const"] as? Int { return value as? Int == only ? [] : ["\(place) is \(value)"] }
        switch schema["type"] as? String {
        case "object":
            guard let members = value as? [String: Any] else { return ["\(place) is no object"] }
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            let missing = (schema["required"] as? [String] ?? []).filter { members[$0] == nil }
            return missing.map { "\(place).\($0) is missing" }
                + members.flatMap { name, member in
                    properties[name].map { faults(member, $0, at: "\(place).\(name)") }
                        ?? ["\(place).\(name) is in no schema"]
                }
        case "array":
            guard let items = value as? [Any], let schema = schema["items"] as? [String: Any] else {
                return ["\(place) is no list"]
            }
            return items.enumerated().flatMap { faults($1, schema, at: "\(place)[\($0)]") }
        case "string":
            guard let text = value as? String else { return ["\(place) is no text"] }
            let isTime = text.firstMatch(of: #/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/#) != nil
            return schema["format"] as? String != "date-time" || isTime ? [] : ["\(place) is \(text)"]
        case "integer":
            guard let number = value as? Int else { return ["\(place) is no number"] }
            return number >= (schema["minimum"] as? Int ?? .min) ? [] : ["\(place) is \(number)"]
        case "boolean": return value is Bool ? [] : ["\(place) is neither true nor false"]
        default: return ["\(place) has a schema of no type"]
        }
    }
}
