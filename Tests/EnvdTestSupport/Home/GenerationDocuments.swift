internal import Foundation

/// What `envd history --json` prints, read by what is written down about it.
package struct HistoryDocument: Decodable {
    package struct Change: Decodable, Equatable {
        package var layer: String
        package var name: String
        package var old: String?
        package var new: String?

        package init(layer: String, name: String, old: String? = nil, new: String? = nil) {
            self.layer = layer
            self.name = name
            self.old = old
            self.new = new
        }
    }

    package struct Generation: Decodable {
        package var number: Int
        package var isCurrent: Bool
        package var isWhole: Bool
        package var made: String
        package var reason: String?
        package var engine: String
        package var python: String?
        package var packages: Int
        package var bytes: Int
        package var changes: [Change]?
        package var drift: [String]
    }

    package var version: Int
    package var generations: [Generation]

    package init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}

/// What `envd diff --json` prints.
package struct DifferenceDocument: Decodable {
    package var version: Int
    package var from: Int
    package var to: Int
    package var changes: [HistoryDocument.Change]

    package init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}

/// What `envd gc --json` prints.
package struct GarbageDocument: Decodable {
    package struct Item: Decodable {
        package var kind: String
        package var path: String
        package var generation: Int?
        package var bytes: Int
    }

    package struct Spared: Decodable {
        package struct User: Decodable {
            package var process: Int32
            package var name: String
            package var way: String
        }

        package var item: Item
        package var users: [User]
    }

    package var version: Int
    package var isDryRun: Bool
    package var items: [Item]
    package var spared: [Spared]
    package var freed: Int
    package var gone: [String]

    package init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}
