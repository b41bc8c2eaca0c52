internal import EnvdCore
internal import EnvdPackaging

/// A pyproject.toml that is Poetry's: `[tool.poetry]`, since Poetry 2 with `[project]` beside it.
struct PoetryReader {
    static let lockName = "poetry.lock"
    /// The key of the layer's settings that has what Poetry resolves from.
    static let contentKey = "envd.poetry"

    private let document: TOMLDocument
    private let table: EnvdTable?
    private let groups: PoetryGroups
    private let dependencies: [PoetryDependency]

    private init(_ document: TOMLDocument, _ table: EnvdTable?) throws(Diagnostic) {
        self.document = document
        self.table = table
        guard document.value("tool", "poetry")?.asTable != nil || document.value("tool", "poetry") == nil else {
            throw Self.problem(document, ["tool", "poetry"], "`tool.poetry` has to be a table")
        }
        dependencies = try PoetryGroups.dependencies(document, ["tool", "poetry", "dependencies"])
        groups = try PoetryGroups(document)
    }

    /// All that the file and what belongs to it say.
    ///
    /// - Throws: the first thing that is wrong.
    static func layer(_ document: TOMLDocument, _ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        // First of all that becomes an input, so that a mistake found below hides none of it.
        let (lock, places) = lockFile(&context)
        let versions = PythonVersionFile.read(&context)
        let table = try EnvdTable(document, context: &context)
        let reader = try PoetryReader(document, table)
        var files: [String: CanonicalValue] = [:]
        for path in reader.dependencies.flatMap(\.paths) + reader.groups.paths + places
        where files[path.description] == nil && files.count < maximumPlaces {
            files[path.description] = PathDependency.content(of: path, context: &context)
        }
        context.projectName = try reader.name()
        var layer = PythonLayer(format: .poetry, manifest: Path(PyprojectFormat.name))
        layer.lock = lock
        layer.requiresPython = try reader.requiresPython()
        layer.requiresPython += table.map(\.requiresPython).flatMap { $0.isEmpty ? nil : $0 } ?? versions
        let chosen = try reader.chosenGroups()
        layer.groups = chosen
        layer.extras = table?.extras ?? []
        layer.requirements = try (reader.main() + reader.groups.requirements(of: chosen)).sortedAndUnique()
        var settings: [String: CanonicalValue] = [contentKey: .table(PoetryContentHash.content(document.root))]
        if !files.isEmpty { settings["envd.files"] = .table(files) }
        layer.settings = .table(settings)
        layer.project = try reader.editable()
        return layer
    }

    private static let maximumPlaces = 128

    /// The lock file, and the directories and files of this machine that it names.
    private static func lockFile(_ context: inout ReadingContext) -> (LockFile?, [Path]) {
        let path = context.root / lockName
        guard let bytes = context.files.readIfPresent(path) else { return (nil, []) }
        context.follow(path)
        let packages = (try? PoetryLock(bytes, file: path))?.packages ?? []
        let places = packages.compactMap(\.source).filter { $0.kind == "directory" || $0.kind == "file" }
            .map { Path($0.url) }
        return (LockFile(path: Path(lockName), content: FileContent.meaning(bytes, file: path)), places)
    }

    // MARK: Parts

    private func problem(_ keys: [String], _ cause: String) -> Diagnostic { Self.problem(document, keys, cause) }

    private static func problem(_ document: TOMLDocument, _ keys: [String], _ cause: String) -> Diagnostic {
        Diagnostic("could not read `pyproject.toml`: \(cause)", at: document.location(keys), hint: TOMLDocument.hint)
    }

    private var isPackage: Bool { document.value("tool", "poetry", "package-mode")?.asTruth ?? true }

    /// The name as written; nil where Poetry wants none (`package-mode = false`).
    private func name() throws(Diagnostic) -> String? {
        let value = document.value("project", "name") ?? document.value("tool", "poetry", "name")
        guard let value else {
            if !isPackage { return nil }
            throw Diagnostic(
                "could not read `pyproject.toml`: the project has no `name`",
                at: document.location(["tool", "poetry"]),
                hint: "add `name` and `version`, or `package-mode = false` where the project is no package")
        }
        guard let name = value.asText, PackageName.normalised(name) != nil else {
            throw problem(["tool", "poetry", "name"], "the name of the project is no name of a package")
        }
        return name
    }

    /// `[project] requires-python` and Poetry's `python`; of alternatives the newest, for one Python is looked for.
    private func requiresPython() throws(Diagnostic) -> [String] {
        var clauses = try PyprojectReader(document: document, table: table).requiresPython()
        let keys = ["tool", "poetry", "dependencies"]
        let entries = document.root.value(keys)?.asTable ?? [:]
        for (key, value) in entries where key.lowercased() == "python" {
            guard let text = value.asText else { continue }
            do throws(PoetryConstraint.Refusal) {
                clauses += try PoetryConstraint(text).alternatives.last ?? []
            } catch {
                throw problem(keys + [key], "in `python`, \(error.cause)")
            }
        }
        return clauses
    }

    /// The groups to install: `main`, and those that `[tool.envd]` names, else all that are not optional.
    private func chosenGroups() throws(Diagnostic) -> [String] {
        guard let named = table?.groups else { return ([PoetryGroups.main] + groups.defaults).sortedAndUnique() }
        for name in named where name != PoetryGroups.main && !groups.names.contains(name) {
            throw problem(["tool", "envd", "groups"], "the project has no group `\(name)`")
        }
        return ([PoetryGroups.main] + named).sortedAndUnique()
    }

    /// The group `main` with the chosen extras. What `[project]` names goes before what `[tool.poetry]` says of it.
    private func main() throws(Diagnostic) -> [String] {
        let standard = PyprojectReader(document: document, table: table)
        let dynamic = (document.value("project", "dynamic")?.asList ?? []).compactMap(\.asText)
        let optional = document.value("project", "optional-dependencies")
        let isStandard = document.value("project", "dependencies") != nil || optional?.asTable?.isEmpty == false
        var lines = try standard.dependencies()
        let isMixed = !isStandard || dynamic.contains { $0.hasSuffix("dependencies") }
        let inExtras = try chosenOptional()
        if isMixed {
            for dependency in dependencies where !dependency.isOptional || inExtras.contains(dependency.name) {
                lines += dependency.lines
            }
        }
        if optional != nil { lines += try standard.extras() }
        return lines
    }

    /// The optional dependencies that the chosen extras of `[tool.poetry.extras]` name.
    private func chosenOptional() throws(Diagnostic) -> Set<String> {
        guard let chosen = table?.extras, !chosen.isEmpty, document.value("project", "optional-dependencies") == nil
        else { return [] }
        var known: [String: [String]] = [:]
        for (key, value) in document.value("tool", "poetry", "extras")?.asTable ?? [:] {
            known[PackageName.normalised(key) ?? key] = (value.asList ?? []).compactMap(\.asText)
        }
        var names: Set<String> = []
        for extra in chosen {
            guard let members = known[extra] else {
                throw problem(["tool", "envd", "extras"], "the project has no extra `\(extra)`")
            }
            names.formUnion(members.compactMap { PackageName.normalised($0.prefix { !" [<>=!~^(".contains($0) }) })
        }
        return names
    }

    /// The project as a package; nil where it is none.
    private func editable() throws(Diagnostic) -> EditableProject? {
        guard isPackage, table?.project != .nowhere, let written = try name(),
            let name = PackageName.normalised(written)
        else { return nil }
        return EditableProject(
            name: name, metadata: .table(ProjectMetadata.entries(of: document.root, withDependencies: true)))
    }
}
