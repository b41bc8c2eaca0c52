/// A package index as Pipfile and rye describe it, as options of a requirements file.
struct IndexSource {
    var url: String
    var isDefault: Bool
    var isFindLinks = false
    var verifies = true
    var user: String?
    var password: String?

    /// PyPI by its own name means the user's default index, which may be a mirror of it.
    static let pypi: Set<String> = [
        "https://pypi.org/simple", "https://pypi.python.org/simple", "https://pypi.org/simple/",
        "https://pypi.python.org/simple/", "pypi.org",
    ]

    /// None for an address with blanks or line ends, which is none.
    var options: [String] {
        if address.utf8.contains(where: { $0 <= 0x20 }) { return [] }
        var result: [String] = []
        if !Self.pypi.contains(url) {
            result.append(
                "\(isFindLinks ? "--find-links" : isDefault ? "--index-url" : "--extra-index-url") \(address)")
        }
        if !verifies, let host { result.append("--trusted-host \(host)") }
        return result
    }

    /// The address with the user in it.
    private var address: String {
        guard let user, let range = url.firstRange(of: "://") else { return url }
        return url[..<range.upperBound] + user + (password.map { ":\($0)" } ?? "") + "@" + url[range.upperBound...]
    }

    private var host: String? {
        guard let range = url.firstRange(of: "://") else { return nil }
        let authority = url[range.upperBound...].prefix { $0 != "/" }
        let host = authority.split(separator: "@").last.map(String.init)
        return host?.isEmpty == true ? nil : host
    }
}
