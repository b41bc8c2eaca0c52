import Foundation

/// What `envd status --json` prints, read by what is written down about it and not by envd's own types.
struct StatusDocument: Decodable {
    struct Daemon: Decodable {
        var process: Int32
    }

    struct Project: Decodable {
        struct Current: Decodable {
            var number: Int
            var prefix: String
            var engine: String
            var drift: [String]?
        }

        struct Trouble: Decodable {
            struct Location: Decodable {
                var file: String
                var line: Int?
            }

            var message: String
            var location: Location?
            var hint: String?
        }

        struct Ask: Decodable {
            struct Source: Decodable {
                var kind: String
                var text: String
            }

            var source: Source
            var location: Trouble.Location?
        }

        var root: String
        var state: String
        var current: Current?
        var failure: Trouble?
        var asks: [Ask]?
    }

    var version: Int
    var daemon: Daemon
    var projects: [Project]

    init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}

/// The flat object of strings and nulls that `envd env --json` prints.
func environmentDocument(_ text: String) throws -> [String: String?] {
    try JSONDecoder().decode([String: String?].self, from: Data(text.utf8))
}
