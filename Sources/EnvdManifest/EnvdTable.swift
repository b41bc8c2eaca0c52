internal import EnvdCore
internal import EnvdPackaging

/// `[tool.envd]`: what a project tells envd itself.
struct EnvdTable {
    enum Installation: String {
        case editable
        case nowhere = "none"
    }

    /// In place of the groups that uv would choose; normalised.
    var groups: [String]?
    var extras: [String] = []
    var project: Installation?
    /// PEP 440 clauses, in place of `.python-version`.
    var requiresPython: [String] = []

    private static let keys = ["extras", "groups", "project", "python"]

    /// Nil where there is no such table.
    ///
    /// - Throws: a key or value that it does not know.
    init?(_ document: TOMLDocument, context: inout ReadingContext) throws(Diagnostic) {
        guard let value = document.value("tool", "envd") else { return nil }
        func problem(_ key: String?, _ cause: String) -> Diagnostic {
            let place = document.location(["tool", "envd"] + [key].compactMap { $0 })
            return Diagnostic("could not read `pyproject.toml`: \(cause)", at: place, hint: TOMLDocument.hint)
        }
        guard let table = value.asTable else { throw problem(nil, "`tool.envd` has to be a table") }
        for key in table.keys.sortedAndUnique() where !Self.keys.contains(key) {
            throw problem(
                key, "`\(key.shortened)` is no key of `[tool.envd]`, which has \(Self.keys.joined(separator: ", "))")
        }
        func names(_ key: String) throws(Diagnostic) -> [String]? {
            guard let value = table[key] else { return nil }
            let names = (value.asList ?? []).compactMap { $0.asText.flatMap { PackageName.normalised($0) } }
            guard let count = value.asList?.count, names.count == count else {
                throw problem(key, "`\(key)` has to be a list of names")
            }
            return names.sortedAndUnique()
        }
        groups = try names("groups")
        extras = try names("extras") ?? []
        if let value = table["project"] {
            guard let installation = value.asText.flatMap({ Installation(rawValue: $0) }) else {
                throw problem("project", "`project` has to be \"editable\" or \"none\"")
            }
            project = installation
        }
        if let value = table["python"] {
            guard let specifiers = value.asText.flatMap({ PythonVersionFile.specifiers(for: $0) }) else {
                throw problem("python", "`python` has to be a version like \"3.12\" or \">=3.11\"")
            }
            requiresPython = specifiers
        }
    }
}
