package import EnvdCore

/// What every varlink service may answer in place of a reply (varlink.org, `org.varlink.service`).
package enum VarlinkError: Error, Hashable, Sendable {
    /// No interface of that name is served; the name.
    case interfaceNotFound(String)
    /// The interface has no such method; its whole name, as it was called.
    case methodNotFound(String)
    /// The method is there and cannot be called that way; its whole name.
    case methodNotImplemented(String)
    /// A parameter is missing or of another type; its name, with dots where it lies inside of another.
    case invalidParameter(String)
    /// The socket is another user's.
    case permissionDenied
    /// The method goes on replying, and the call did not say `more`.
    case expectedMore

    /// The error that a decoder's failure stands for; nil where it is no decoder's.
    package init?(_ error: any Error) {
        guard let error = error as? DecodingError else { return nil }
        let path: [any CodingKey]
        switch error {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        let names = path.drop { $0.stringValue == "parameters" }.map { $0.intValue.map(String.init) ?? $0.stringValue }
        self = .invalidParameter(names.isEmpty ? "parameters" : names.joined(separator: "."))
    }

    /// The last word of the error's name.
    private var word: String {
        switch self {
        case .interfaceNotFound: "InterfaceNotFound"
        case .methodNotFound: "MethodNotFound"
        case .methodNotImplemented: "MethodNotImplemented"
        case .invalidParameter: "InvalidParameter"
        case .permissionDenied: "PermissionDenied"
        case .expectedMore: "ExpectedMore"
        }
    }

    /// As it goes over the wire.
    package var name: String { "\(VarlinkService.interface).\(word)" }

    /// What it is about, by the name that varlink has for it.
    var parameters: [String: String] {
        switch self {
        case .interfaceNotFound(let name): ["interface": name]
        case .methodNotFound(let name), .methodNotImplemented(let name): ["method": name]
        case .invalidParameter(let name): ["parameter": name]
        case .permissionDenied, .expectedMore: [:]
        }
    }

    /// What a person is told whose program called in vain; nil where the name is none of varlink's.
    static func told(_ name: String, _ parameters: [String: String]) -> Diagnostic? {
        guard name.hasPrefix("\(VarlinkService.interface).") else { return nil }
        let about = parameters.values.first.map { " `\($0)`" } ?? ""
        let word = name.dropFirst(VarlinkService.interface.count + 1)
        let hint = "the daemon may be of another version: stop it, and try again"
        return Diagnostic("could not do that: the daemon said \(word)\(about)", hint: hint)
    }
}
