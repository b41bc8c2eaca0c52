internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What a project tells envd itself: envd.toml, or `[tool.envd]` of pyproject.toml.
struct EnvdTable {
    enum Installation: String {
        case editable
        case nowhere = "none"
    }

    static let file = "envd.toml"

    /// The files to follow, in their order, relative to the root; nil where envd chooses.
    var inputs: [Path]?
    /// In place of the groups that the project's tool would choose; normalised.
    var groups: [String]?
    var extras: [String] = []
    var project: Installation?
    /// PEP 440 clauses, in place of `.python-version`.
    var requiresPython: [String] = []
    var engine: PythonLayer.EngineChoice?
    /// Nil where the user's own settings hold.
    var libraryPath: LibraryPath?
    /// The layers to build; nil where envd chooses.
    var layers: Set<Layer>?

    enum Layer: String, CaseIterable {
        case conda
        case python
    }

    private static let keys = [
        "engine", "extras", "groups", "inputs", "layers", "ld_library_path", "project", "python",
    ]

    private let document: TOMLDocument
    private let path: [String]

    /// The table that counts: envd.toml's, else that of a pyproject.toml that can be read.
    ///
    /// - Throws: a key or value that it does not know, and where.
    static func read(_ context: inout ReadingContext) throws(Diagnostic) -> EnvdTable? {
        let inPyproject = try? context.document(PyprojectFormat.name)
        if let own = try context.document(file) {
            context.follow(Path(file))
            if inPyproject?.value("tool", "envd") != nil {
                context.passOver(Path(PyprojectFormat.name), "its `[tool.envd]` gives way to `\(file)`")
            }
            return try EnvdTable(own, [], own.root)
        }
        guard let document = inPyproject, let value = document.value("tool", "envd") else { return nil }
        return try EnvdTable(document, ["tool", "envd"], value)
    }

    /// The table that counts for a format that reads pyproject.toml.
    ///
    /// - Throws: a key or value that it does not know, and where.
    init?(_ document: TOMLDocument, context: inout ReadingContext) throws(Diagnostic) {
        guard let table = try Self.read(&context) else { return nil }
        self = table
    }

    private init(
        _ document: TOMLDocument, _ path: [String], _ value: CanonicalValue
    ) throws(Diagnostic) {
        self.document = document
        self.path = path
        guard let table = value.asTable else { throw problem(nil, "`tool.envd` has to be a table") }
        for key in table.keys.sortedAndUnique() where !Self.keys.contains(key) {
            throw problem(
                key, "`\(key.shortened)` is no key of `\(title)`, which has \(Self.keys.joined(separator: ", "))")
        }
        if let value = table["layers"] {
            let named = (value.asList ?? []).compactMap { $0.asText.flatMap { Layer(rawValue: $0) } }
            guard let count = value.asList?.count, count == named.count, count > 0 else {
                throw problem("layers", "`layers` has to be a list of \"conda\" and \"python\"")
            }
            layers = Set(named)
        }
        if let value = table["ld_library_path"] {
            guard let choice = LibraryPath(value) else { throw problem("ld_library_path", LibraryPath.problem) }
            libraryPath = choice
        }
        groups = try names(table, "groups")
        extras = try names(table, "extras") ?? []
        inputs = try files(table)
        project = try choice(table, "project")
        engine = try choice(table, "engine")
        if let value = table["python"] {
            guard let specifiers = value.asText.flatMap({ PythonVersionFile.specifiers(for: $0) }) else {
                throw problem("python", "`python` has to be a version like \"3.12\" or \">=3.11\"")
            }
            requiresPython = specifiers
        }
    }

    /// As messages call it.
    var title: String { path.isEmpty ? Self.file : "[\(path.joined(separator: "."))]" }

    /// What is wrong with the value of a key.
    func problem(_ key: String?, _ cause: String, element: Int? = nil) -> Diagnostic {
        let place = document.location(path + [key].compactMap { $0 }, element: element)
        return Diagnostic(
            "could not read `\(document.file.name)`: \(cause)", at: place, hint: TOMLDocument.hint)
    }

    private func names(_ table: [String: CanonicalValue], _ key: String) throws(Diagnostic) -> [String]? {
        guard let value = table[key] else { return nil }
        let names = (value.asList ?? []).compactMap { $0.asText.flatMap { PackageName.normalised($0) } }
        guard let count = value.asList?.count, names.count == count else {
            throw problem(key, "`\(key)` has to be a list of names")
        }
        return names.sortedAndUnique()
    }

    private func files(_ table: [String: CanonicalValue]) throws(Diagnostic) -> [Path]? {
        guard let value = table["inputs"] else { return nil }
        let names = (value.asList ?? []).compactMap(\.asText).filter { !$0.isEmpty }
        guard let count = value.asList?.count, names.count == count, count > 0 else {
            throw problem("inputs", "`inputs` has to be a list of files")
        }
        return names.map { Path($0) }
    }

    private func choice<Value: RawRepresentable & CaseIterable>(
        _ table: [String: CanonicalValue], _ key: String
    ) throws(Diagnostic) -> Value? where Value.RawValue == String {
        guard let value = table[key] else { return nil }
        guard let choice = value.asText.flatMap({ Value(rawValue: $0) }) else {
            let known = Value.allCases.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: " or ")
            throw problem(key, "`\(key)` has to be \(known)")
        }
        return choice
    }
}

extension EnvdTable.Installation: CaseIterable {}
