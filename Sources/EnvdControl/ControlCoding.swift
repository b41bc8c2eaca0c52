package import EnvdCore
internal import Foundation

/// JSON of the control socket: bytes in, values out.
package enum ControlCoding {
    /// A call with whatever parameters it carries, before its verb is known.
    package struct Call: Sendable {
        package var method: String
        private let frame: [UInt8]

        package init(frame: [UInt8]) throws {
            self.frame = frame
            method = try JSONDecoder().decode(MethodOnly.self, from: Data(frame)).method
        }

        /// The directory that the call is about, as most verbs name it.
        package var directory: Path? { try? parameters(DirectoryOnly.self).directory }

        package func parameters<Parameters: Decodable>(_ type: Parameters.Type) throws -> Parameters {
            let whole = try JSONDecoder().decode(WithParameters<Parameters>.self, from: Data(frame))
            return whole.parameters
        }
    }

    /// An error of a reply: varlink's `error` member with the diagnostic as its parameters.
    package static let failureName = "\(Control.interface).Failed"
    package static let unknownMethodName = "org.varlink.service.MethodNotFound"
    package static let badParametersName = "org.varlink.service.InvalidParameter"

    package static func call<Method: ControlMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters
    ) throws -> [UInt8] {
        try json(OutgoingCall(method: Method.name, parameters: parameters))
    }

    package static func reply<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        // Nobody reads the order of its keys, and sorting them takes as long as all the rest.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return Array(try encoder.encode(OutgoingReply(parameters: value)))
    }

    package static func failure(_ name: String, _ diagnostic: Diagnostic) -> [UInt8] {
        (try? json(OutgoingFailure(error: name, parameters: diagnostic))) ?? Array(#"{"error":"\#(name)"}"#.utf8)
    }

    /// The value of a reply frame.
    ///
    /// - Throws: the `Diagnostic` that the daemon sent, or one that says that the frame made no sense.
    package static func value<Value: Decodable>(_ type: Value.Type, ofReply frame: [UInt8]) throws(Diagnostic) -> Value
    {
        let reply: IncomingReply<Value>
        do {
            reply = try JSONDecoder().decode(IncomingReply<Value>.self, from: Data(frame))
        } catch {
            throw Diagnostic(
                "could not read the daemon's answer",
                hint: "the daemon may be of another version: stop it, and try again")
        }
        switch reply {
        case .value(let value): return value
        case .failure(let name, let diagnostic):
            throw diagnostic ?? Diagnostic("could not do that: the daemon said \(name)")
        }
    }

    /// JSON for people and programs: sorted keys, slashes as they are.
    package static func json<Value: Encodable>(_ value: Value, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return Array(try encoder.encode(value))
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    private struct DirectoryOnly: Decodable { var directory: Path? }
    private struct MethodOnly: Decodable { var method: String }
    private struct WithParameters<Parameters: Decodable>: Decodable { var parameters: Parameters }
    private struct OutgoingCall<Parameters: Encodable>: Encodable {
        var method: String
        var parameters: Parameters
    }
    private struct OutgoingReply<Value: Encodable>: Encodable { var parameters: Value }
    private struct OutgoingFailure: Encodable {
        var error: String
        var parameters: Diagnostic
    }
    /// A reply, read once: what it is shows only inside.
    private enum IncomingReply<Value: Decodable>: Decodable {
        case value(Value)
        case failure(String, Diagnostic?)

        private enum CodingKeys: CodingKey { case error, parameters }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            if let error = try members.decodeIfPresent(String.self, forKey: .error) {
                self = .failure(error, try? members.decodeIfPresent(Diagnostic.self, forKey: .parameters))
            } else {
                self = .value(try members.decode(Value.self, forKey: .parameters))
            }
        }
    }
}
