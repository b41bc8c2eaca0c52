package import EnvdCore

/// How a command ended and what it said.
package struct Outcome {
    /// The exit status; 128 and the signal; -1 where it was stopped because it took too long.
    package let status: Int32
    package let output: String
    package let errors: String
    private let command: String

    package init(command: String, _ result: CommandResult) {
        self.command = command
        output = String(decoding: result.standardOutput, as: UTF8.self)
        errors = String(decoding: result.standardError, as: UTF8.self)
        status =
            switch result.ending {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            case .cancelled, .notStarted: -1
            }
    }

    package struct Unexpected: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: what it said, where its status is another one.
    @discardableResult
    package func expect(_ wanted: Int32, file: StaticString = #fileID, line: Int = #line) throws -> Outcome {
        guard status != wanted else { return self }
        throw Unexpected(
            description: "\(file):\(line): `\(command)` ended with \(status), not \(wanted):\n\(output)\(errors)")
    }
}
