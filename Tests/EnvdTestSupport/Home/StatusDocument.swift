internal import Foundation

/// What `envd status --json` prints, read by what is written down about it and not by envd's own types.
package struct StatusDocument: Decodable {
    package struct Daemon: Decodable {
        package var process: Int32
    }

    package struct Project: Decodable {
        package struct Current: Decodable {
            package var number: Int
            package var prefix: String
            package var engine: String
            package var drift: [String]?
        }

        package struct Trouble: Decodable {
            package struct Location: Decodable {
                package var file: String
                package var line: Int?
            }

            package var message: String
            package var location: Location?
            package var hint: String?
            package var needsNetwork: Bool?
        }

        package struct Ask: Decodable {
            package struct Source: Decodable {
                package var kind: String
                package var text: String
            }

            package var source: Source
            package var location: Trouble.Location?
        }

        package struct Rollback: Decodable {
            package var to: Int
            package var from: Int
            package var canGoForward: Bool
        }

        package var root: String
        package var state: String
        package var current: Current?
        package var rolledBack: Rollback?
        package var failure: Trouble?
        package var asks: [Ask]?
    }

    package var version: Int
    package var daemon: Daemon
    package var projects: [Project]

    package init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}
