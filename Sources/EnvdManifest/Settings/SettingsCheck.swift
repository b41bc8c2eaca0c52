internal import EnvdCore
internal import EnvdPackaging

/// Compares a table of settings with what is known of them: for both files, and for their tables within.
struct SettingsCheck {
    let place: Setting.Place
    let document: TOMLDocument
    /// The keys that lead to the table in the document: `tool`, `envd`.
    let prefix: [String]
    /// As messages call the table; nil where `here` says enough.
    let title: String?

    /// - Throws: the first key that there is none of, else the first value of another type, with its place and, where
    ///   one is near, the word that was meant.
    func check(_ root: CanonicalValue) throws(Diagnostic) {
        guard let table = root.asTable else {
            throw problem([], "`\(prefix.joined(separator: "."))` has to be a table", hint: nil)
        }
        try check(table, [])
    }

    private func check(_ table: [String: CanonicalValue], _ above: [String]) throws(Diagnostic) {
        let known = Setting.known(in: place).filter { $0.path.starts(with: above) && $0.path.count > above.count }
        let names = known.map { $0.path[above.count] }.sortedAndUnique()
        for key in table.keys.sorted() where !names.contains(key) {
            let here = title.map { "`\(key.shortened)` is no key of `\($0)`, which has " }
            throw problem(
                above + [key],
                (here ?? "`\(key.shortened)` is no key here; it has ") + names.joined(separator: ", "),
                hint: meant(above + [key], names))
        }
        for (key, value) in table.sorted(by: { $0.key < $1.key }) {
            let path = above + [key]
            guard let setting = known.first(where: { $0.path == path }) else {
                guard let inner = value.asTable else {
                    throw problem(path, "`\(key)` has to be a table", hint: nil)
                }
                try check(inner, path)
                continue
            }
            guard setting.kind.accepts(value) else {
                let near = value.asText.flatMap { NearestName.of($0, among: setting.kind.words) }
                throw problem(
                    path, "`\(key)` has to be \(setting.kind.expectation)", hint: near.map { "did you mean \"\($0)\"?" }
                )
            }
        }
    }

    /// What to say to who wrote a key that there is none of.
    private func meant(_ path: [String], _ names: [String]) -> String? {
        let word = path.last ?? ""
        // Right, but not here.
        if let other = Setting.known.first(where: { !$0.places.contains(place) && $0.path.first == path.first }),
            path.count == 1
        {
            let name = other.path.count == 1 || other.path == path ? other.name : "\(word).…"
            return place == .project
                ? "`\(name)` is for the user to say, in `config.toml`;"
                : "`\(name)` is for a project to say, in its `envd.toml`;"
        }
        if let near = NearestName.of(word, among: names) { return "did you mean `\(near)`?" }
        let elsewhere = Setting.known(in: place).first { $0.path.last == word }
        return elsewhere.map { "did you mean `\($0.name)`?" }
    }

    private func problem(_ path: [String], _ cause: String, hint: String?) -> Diagnostic {
        return Diagnostic(
            "could not read `\(document.file.name)`: \(cause)", at: document.location(prefix + path),
            hint: hint.map { "\($0) the file is read again when it is saved" } ?? TOMLDocument.hint)
    }
}
