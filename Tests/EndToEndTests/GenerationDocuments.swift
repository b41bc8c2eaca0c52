import Foundation

/// What `envd history --json` prints, read by what is written down about it.
struct HistoryDocument: Decodable {
    struct Change: Decodable, Equatable {
        var layer: String
        var name: String
        var old: String?
        var new: String?
    }

    struct Generation: Decodable {
        var number: Int
        var isCurrent: Bool
        var isWhole: Bool
        var made: String
        var reason: String?
        var engine: String
        var python: String?
        var packages: Int
        var bytes: Int
        var changes: [Change]?
        var drift: [String]
    }

    var version: Int
    var generations: [Generation]

    init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}

/// What `envd diff --json` prints.
struct DifferenceDocument: Decodable {
    var version: Int
    var from: Int
    var to: Int
    var changes: [HistoryDocument.Change]

    init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}

/// What `envd gc --json` prints.
struct GarbageDocument: Decodable {
    struct Item: Decodable {
        var kind: String
        var path: String
        var generation: Int?
        var bytes: Int
    }

    struct Spared: Decodable {
        struct User: Decodable {
            var process: Int32
            var name: String
            var way: String
        }

        var item: Item
        var users: [User]
    }

    var version: Int
    var isDryRun: Bool
    var items: [Item]
    var spared: [Spared]
    var freed: Int
    var gone: [String]

    init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}
