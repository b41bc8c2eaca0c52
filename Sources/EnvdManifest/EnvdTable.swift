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

    private let document: TOMLDocument
    private let path: [String]
    /// Every key and value of it is known to be right.
    let table: [String: CanonicalValue]

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
        try SettingsCheck(
            place: .project, document: document, prefix: path, title: Self.title(path)
        ).check(value)
        table = value.asTable ?? [:]
        layers = texts("layers").map { Set($0.compactMap { Layer(rawValue: $0) }) }
        libraryPath = table["ld_library_path"].flatMap { LibraryPath($0) }
        groups = texts("groups").map { $0.compactMap { PackageName.normalised($0) }.sortedAndUnique() }
        extras = (texts("extras") ?? []).compactMap { PackageName.normalised($0) }.sortedAndUnique()
        inputs = texts("inputs")?.map { Path($0) }
        project = table["project"]?.asText.flatMap { Installation(rawValue: $0) }
        engine = table["engine"]?.asText.flatMap { PythonLayer.EngineChoice(rawValue: $0) }
        requiresPython = table["python"]?.asText.flatMap { PythonVersionFile.specifiers(for: $0) } ?? []
    }

    /// As messages call it.
    var title: String { Self.title(path) }

    private static func title(_ path: [String]) -> String {
        path.isEmpty ? file : "[\(path.joined(separator: "."))]"
    }

    /// What is wrong with the value of a key.
    func problem(_ key: String?, _ cause: String, element: Int? = nil) -> Diagnostic {
        let place = document.location(path + [key].compactMap { $0 }, element: element)
        return Diagnostic(
            "could not read `\(document.file.name)`: \(cause)", at: place, hint: TOMLDocument.hint)
    }

    /// The elements of a list that was found to hold texts alone.
    private func texts(_ key: String) -> [String]? { table[key]?.asList?.compactMap(\.asText) }

    /// Where a key of the table stands.
    func location(_ keys: [String]) -> Diagnostic.Location { document.location(path + keys) }
}
