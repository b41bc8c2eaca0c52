package import EnvdCore
internal import Foundation

/// JSON of the control socket: bytes in, values out.
package enum ControlCoding {
    /// A call with whatever parameters it carries, before its verb is known.
    package struct Call: Sendable {
        package var method: String
        /// Whether the client takes several replies.
        package var wantsMore: Bool
        /// Whether it takes none.
        package var isOneway: Bool
        /// Whether it would go on in another protocol.
        package var wantsUpgrade: Bool
        private let frame: [UInt8]

        package init(frame: [UInt8]) throws {
            self.frame = frame
            let head = try JSONDecoder().decode(CallHead.self, from: Data(frame))
            method = head.method
            wantsMore = head.more ?? false
            isOneway = head.oneway ?? false
            wantsUpgrade = head.upgrade ?? false
        }

        /// The directory that the call is about, as most verbs name it.
        package var directory: Path? { try? parameters(DirectoryOnly.self).directory }

        package func parameters<Parameters: Decodable>(_ type: Parameters.Type) throws -> Parameters {
            let whole = try JSONDecoder().decode(WithParameters<Parameters>.self, from: Data(frame))
            // A call without any is one with an empty object (varlink.org, Method Call).
            return try whole.parameters ?? JSONDecoder().decode(Parameters.self, from: Data("{}".utf8))
        }
    }

    /// An error of a reply: varlink's `error` member with the diagnostic as its parameters.
    package static let failureName = "\(Control.interface).Failed"

    /// - Parameter more: whether the client takes several replies.
    package static func call<Method: ControlMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters, more: Bool = false
    ) throws -> [UInt8] {
        let encoder = wireEncoder
        return Array(
            try encoder.encode(OutgoingCall(method: Method.name, parameters: parameters, more: more ? true : nil)))
    }

    /// - Parameter continues: whether another reply to the same call follows.
    package static func reply<Value: Encodable>(_ value: Value, continues: Bool = false) throws -> [UInt8] {
        Array(try wireEncoder.encode(OutgoingReply(parameters: value, continues: continues ? true : nil)))
    }

    package static func failure(_ diagnostic: Diagnostic) -> [UInt8] { failure(failureName, diagnostic) }

    package static func failure(_ error: VarlinkError) -> [UInt8] { failure(error.name, error.parameters) }

    private static func failure(_ name: String, _ parameters: some Encodable) -> [UInt8] {
        let bytes = try? wireEncoder.encode(OutgoingFailure(error: name, parameters: parameters))
        return bytes.map { Array($0) } ?? Array(#"{"error":"\#(name)"}"#.utf8)
    }

    /// Nobody reads the order of the wire's keys, and sorting them takes as long as all the rest.
    private static var wireEncoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        if let key = ByteString.textOnly { encoder.userInfo[key] = true }
        return encoder
    }

    /// Whether another reply to the same call follows this one.
    package static func continues(afterReply frame: [UInt8]) -> Bool {
        (try? JSONDecoder().decode(ReplyHead.self, from: Data(frame)))?.continues ?? false
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
        case .failure(let name, let diagnostic, let parameters):
            throw diagnostic ?? VarlinkError.told(name, parameters ?? [:])
                ?? Diagnostic("could not do that: the daemon said \(name)")
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
    private struct CallHead: Decodable {
        var method: String
        var more: Bool?
        var oneway: Bool?
        var upgrade: Bool?
    }
    private struct ReplyHead: Decodable { var continues: Bool? }
    private struct WithParameters<Parameters: Decodable>: Decodable { var parameters: Parameters? }
    private struct OutgoingCall<Parameters: Encodable>: Encodable {
        var method: String
        var parameters: Parameters
        var more: Bool?
    }
    private struct OutgoingReply<Value: Encodable>: Encodable {
        var parameters: Value
        var continues: Bool?
    }
    private struct OutgoingFailure<Parameters: Encodable>: Encodable {
        var error: String
        var parameters: Parameters
    }
    /// A reply, read once: what it is shows only inside.
    private enum IncomingReply<Value: Decodable>: Decodable {
        case value(Value)
        case failure(String, Diagnostic?, [String: String]?)

        private enum CodingKeys: CodingKey { case error, parameters }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            if let error = try members.decodeIfPresent(String.self, forKey: .error) {
                self = .failure(
                    error, try? members.decodeIfPresent(Diagnostic.self, forKey: .parameters),
                    try? members.decodeIfPresent([String: String].self, forKey: .parameters))
            } else {
                self = .value(try members.decode(Value.self, forKey: .parameters))
            }
        }
    }
}
