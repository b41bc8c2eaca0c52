internal import EnvdCore

/// What the addresses of channels say beside where these are: user and password, or anaconda.org's token.
///
/// rattler takes them by host from a file (`RATTLER_AUTH_FILE` in its documentation), so that no address that is stored
/// or logged holds them.
struct CondaCredentials {
    private(set) var hosts: [String: CanonicalValue] = [:]

    /// - Parameters:
    ///   - addresses: with their secrets, `${NAME}` in them as written.
    ///   - environment: the values of such names.
    init(_ addresses: some Sequence<String>, environment: [ByteString: ByteString]) {
        for address in addresses.sorted() {
            let address = IndexOptions.expanded(address, environment)
            guard let scheme = address.firstRange(of: "://") else { continue }
            let parts = address[scheme.upperBound...].split(
                separator: "/", omittingEmptySubsequences: false)
            guard let authority = parts.first else { continue }
            // rattler asks by the host's name alone.
            let named = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            let port = named.hasPrefix("[") ? named.firstRange(of: "]:")?.lowerBound : named.lastIndex(of: ":")
            let host = String(port.map { named[..<(named[$0] == "]" ? named.index(after: $0) : $0)] } ?? named)
            if let at = authority.lastIndex(of: "@") {
                let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                hosts[host] = .table([
                    "BasicHTTP": .table([
                        "username": .text(PercentCoding.decoded(user.first ?? "")),
                        "password": .text(user.count == 2 ? PercentCoding.decoded(user[1]) : ""),
                    ])
                ])
            } else if let mark = parts.firstIndex(of: "t"), mark + 1 < parts.count, !parts[mark + 1].isEmpty {
                hosts[host] = .table(["CondaToken": .text(String(parts[mark + 1]))])
            }
        }
    }

    /// The file's text.
    var json: String { CanonicalValue.table(hosts).json }
}
