internal import EnvdPackaging

/// One match spec of conda: which packages will do (`conda-forge::numpy >=1.26,<2 py311*`).
///
/// Follows conda's "package match specifications"; what only an older conda or another tool knows is refused
/// with a word. Equal meaning has equal `text`.
package struct CondaMatchSpec: Hashable, Sendable {
    /// In lower case; `__glibc` and the like are virtual packages.
    package var name: String
    /// Normalised; nil where any will do.
    package var version: String?
    /// As written: exact, with `*`, or a regular expression between `^` and `$`.
    package var build: String?
    /// A name, path or URL as written, without the subdirectory.
    package var channel: String?
    package var subdir: String?
    /// Of the rest those that conda's records have: build_number, fn, license, license_family, md5, sha256, url.
    package var other: [String: String] = [:]

    package init(name: String, version: String? = nil, build: String? = nil) {
        self.name = name
        self.version = version
        self.build = build
    }

    /// In the one way that specs know.
    package var text: String {
        var text = ""
        if let channel { text += channel + (subdir.map { "/\($0)" } ?? "") + "::" }
        text += name
        if version != nil || build != nil { text += " \(version ?? "*")" }
        if let build { text += " \(build)" }
        var entries = other
        if channel == nil { entries["subdir"] = subdir }
        if !entries.isEmpty {
            let shown = entries.keys.sortedAndUnique().map { key in
                let value = entries[key] ?? ""
                let quote = value.contains("'") ? "\"" : "'"
                return "\(key)=\(quote)\(value)\(quote)"
            }
            text += "[\(shown.joined(separator: ","))]"
        }
        return text
    }

    /// Whether it asks for nothing but a version.
    var isPlain: Bool { channel == nil && subdir == nil && other.isEmpty }
}
