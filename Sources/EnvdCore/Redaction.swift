/// Keeps what opens doors out of logs, messages, files and the database.
///
/// Hidden are the user and password of an address (but for the user of `ssh://`, and what is only named: `${NAME}`),
/// anaconda.org's tokens (`/t/<token>/`), the parameters of an address that are called as secrets are, and the values
/// that were given.
package struct Redaction: Sendable {
    /// What stands in their place.
    package static let mark = "***"

    private let values: [String]

    /// - Parameter environment: whose variables with PASSWORD, TOKEN, SECRET or KEY in their names hold secrets.
    package init(_ environment: [ByteString: ByteString] = [:]) {
        let telling = ["PASSWORD", "PASSWD", "TOKEN", "SECRET", "API_KEY", "APIKEY"]
        values = environment.compactMap { name, value in
            let name = name.description.uppercased()
            // Shorter ones are words that stand elsewhere, too.
            guard telling.contains(where: name.contains), value.bytes.count >= 6 else { return nil }
            return value.description
        }.sorted { $0.count > $1.count }
    }

    /// The text without secrets.
    package func callAsFunction(_ text: String) -> String {
        var text = text
        for value in values where text.contains(value) { text = text.replacing(value, with: Self.mark) }
        guard text.contains("://") else { return text }
        return String(decoding: Self.withoutSecrets(Array(text.utf8)), as: UTF8.self)
    }

    /// The diagnostic without secrets.
    package func callAsFunction(_ diagnostic: Diagnostic) -> Diagnostic {
        var diagnostic = diagnostic
        diagnostic.message = self(diagnostic.message)
        diagnostic.hint = diagnostic.hint.map { self($0) }
        return diagnostic
    }

    /// The same for UTF-8, which may be a whole JSON document.
    package static func withoutSecrets(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var rest = text[...]
        while let scheme = rest.firstRange(of: separator) {
            result += rest[..<scheme.upperBound]
            let name = rest[..<scheme.lowerBound].suffix(while: { isLetter($0) || $0 == UInt8(ascii: "+") })
            let address = rest[scheme.upperBound...].prefix { !ends.contains($0) }
            result += redacted(address, isShell: name.suffix(3).elementsEqual(Array("ssh".utf8)))
            rest = rest[address.endIndex...]
        }
        return result + rest
    }

    private static let separator = Array("://".utf8)
    /// What no address holds as it is, and what often follows one in a sentence or a document.
    private static let ends = Set("\"'`<>|\\ \t\r\n,;()[]".utf8)
    private static let parameters: Set<String> = [
        "token", "access_token", "private_token", "auth", "authorization", "key", "api_key", "apikey", "password",
        "passwd", "secret", "sig", "signature", "x-amz-signature", "x-amz-credential", "x-amz-security-token",
    ]

    /// An address behind its `://`.
    private static func redacted(_ address: ArraySlice<UInt8>, isShell: Bool) -> [UInt8] {
        let authority = address.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        var path = address[authority.endIndex...]
        var result: [UInt8] = []
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            let user = authority[..<at]
            let isHarmless = isShell && !user.contains(UInt8(ascii: ":")) || isNamed(user)
            result += isHarmless ? Array(user) : Array(mark.utf8)
            result += authority[at...]
        } else {
            result += authority
        }
        if let token = path.firstRange(of: Array("/t/".utf8)) {
            result += path[..<token.upperBound]
            path = path[token.upperBound...]
            let value = path.prefix { $0 != UInt8(ascii: "/") }
            result += isNamed(value) ? Array(value) : Array(mark.utf8)
            path = path[value.endIndex...]
        }
        guard let question = path.firstIndex(of: UInt8(ascii: "?")) else { return result + path }
        result += path[...question]
        let separators = Set("&#".utf8)
        var query = path[path.index(after: question)...]
        while !query.isEmpty {
            let parameter = query.prefix { !separators.contains($0) }
            query = query[parameter.endIndex...]
            if let equals = parameter.firstIndex(of: UInt8(ascii: "=")),
                parameters.contains(String(decoding: parameter[..<equals], as: UTF8.self).lowercased()),
                !isNamed(parameter[parameter.index(after: equals)...])
            {
                result += parameter[...equals] + Array(mark.utf8)
            } else {
                result += parameter
            }
            if let next = query.first {
                result.append(next)
                query.removeFirst()
            }
        }
        return result
    }

    /// Whether it is variables alone: `${USER}:${PASSWORD}`.
    private static func isNamed(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: ":")).allSatisfy {
            $0.starts(with: Array("${".utf8)) && $0.last == UInt8(ascii: "}")
        } && !text.isEmpty
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func suffix(while holds: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !holds($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
