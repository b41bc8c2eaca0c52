/// What activation changes in a shell's environment.
package struct Delta: Hashable, Sendable, Codable {
    /// Entries that go to the front of one PATH-like variable.
    package struct ListAddition: Hashable, Sendable, Codable {
        package var variable: VariableName
        /// First one first; none is empty or holds a colon (an empty element means the working directory).
        package var entries: [ByteString]

        package init(variable: VariableName, entries: [ByteString]) {
            self.variable = variable
            self.entries = entries.filter { !$0.isEmpty && !$0.bytes.contains(UInt8(ascii: ":")) }
        }
    }

    /// A variable that gets one value.
    package struct Assignment: Hashable, Sendable, Codable {
        package var variable: VariableName
        package var value: ByteString

        package init(variable: VariableName, value: ByteString) {
            self.variable = variable
            self.value = value
        }
    }

    package var additions: [ListAddition]
    package var assignments: [Assignment]
    /// Variables that are hidden while the environment is active, and given back on leaving.
    package var removals: [VariableName]

    package init(additions: [ListAddition] = [], assignments: [Assignment] = [], removals: [VariableName] = []) {
        self.additions = additions
        self.assignments = assignments
        self.removals = removals
    }
}

/// The name of an environment variable that every shell accepts: `[A-Za-z_][A-Za-z0-9_]*` (POSIX.1 8.1).
package struct VariableName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    /// Nil where the text is no identifier: such a name is refused, never evaluated.
    package init?(_ text: String) {
        guard let first = text.utf8.first, !Self.isDigit(first),
            text.utf8.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) })
        else { return nil }
        self.text = text
    }

    package var description: String { text }
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension VariableName: Codable {
    package func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }

    package init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let name = VariableName(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a variable name"))
        }
        self = name
    }
}

extension VariableName {
    // The names that envd itself sets. The text is checked by the tests of this file's literals.
    package static let path = VariableName(known: "PATH")
    package static let libraryPath = VariableName(known: "LD_LIBRARY_PATH")
    package static let virtualEnv = VariableName(known: "VIRTUAL_ENV")
    package static let virtualEnvPrompt = VariableName(known: "VIRTUAL_ENV_PROMPT")
    package static let pythonHome = VariableName(known: "PYTHONHOME")
    package static let uvProjectEnvironment = VariableName(known: "UV_PROJECT_ENVIRONMENT")

    private init(known text: StaticString) { self.text = text.description }
}
