internal import EnvdCore
internal import EnvdPackaging

/// pyproject.toml with `[tool.rye]`, and the requirements files that rye locks with. rye is retired; its projects
/// go on working.
enum RyeFormat: ManifestFormat {
    static let name = PyprojectFormat.name
    /// The first one that is there counts: it holds the development dependencies too.
    static let lockNames = ["requirements-dev.lock", "requirements.lock"]

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        // A damaged file is the next format's to tell.
        guard let document = try? context.document(name), document.value("tool", "rye") != nil,
            document.value("project") != nil
        else { return .absent }
        // Who has moved on to uv left the table behind.
        return context.files.readIfPresent(Path(PyprojectFormat.lockName)) == nil ? .follows : .absent
    }

    static func files(_ context: inout ReadingContext) -> [String] {
        [name] + lockNames.filter { context.files.readIfPresent(Path($0)) != nil }
    }

    static func isProject(_ context: inout ReadingContext) -> Bool { false }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        guard let document = try context.document(name) else {
            throw Diagnostic("could not read `\(name)`: it is gone", at: .init(file: context.root / name))
        }
        var layer = PythonLayer(format: .rye, manifest: Path(name))
        let present = lockNames.filter { context.files.readIfPresent(Path($0)) != nil }
        var locked: [String] = []
        layer.lock = RequirementsFormat.lock(present.first, &context, &locked)
        for other in present.dropFirst() {
            context.passOver(Path(other), "`\(present[0])` holds what it holds, and the development dependencies")
        }
        let table = try EnvdTable.read(&context)
        let reader = PyprojectReader(document: document, table: table)
        context.projectName = try reader.name()
        layer.requiresPython = try reader.requiresPython()
        if table?.requiresPython.isEmpty ?? true { layer.requiresPython += PythonVersionFile.read(&context) }
        layer.extras = table?.extras ?? []
        let development = try reader.requirements(["tool", "rye", "dev-dependencies"])
        layer.requirements = try (reader.dependencies() + reader.extras() + development).sortedAndUnique()
        layer.options = try sources(document, &context)
        layer.options += locked.filter { !layer.options.contains($0) }
        if document.value("tool", "rye", "virtual")?.asTruth != true { layer.project = try reader.editable() }
        var rest = document.value("tool", "rye")?.asTable ?? [:]
        for key in ["dev-dependencies", "managed", "scripts", "sources"] { rest[key] = nil }
        var files = DynamicFiles.content(document, context: &context)
        if !rest.isEmpty { files["tool.rye"] = .table(rest) }
        context.complete(&layer, files: files, table: table)
        return layer
    }

    /// `[[tool.rye.sources]]` as options of a requirements file: the one called `default` stands in for PyPI.
    private static func sources(
        _ document: TOMLDocument, _ context: inout ReadingContext
    ) throws(Diagnostic) -> [String] {
        let keys = ["tool", "rye", "sources"]
        var options: [String] = []
        for source in document.root.value(keys)?.asList ?? [] {
            guard let url = source.value(["url"])?.asText, !url.isEmpty else {
                throw Diagnostic(
                    "could not read `\(name)`: a source of `[tool.rye]` has no `url`", at: document.location(keys),
                    hint: TOMLDocument.hint)
            }
            options +=
                IndexSource(
                    url: url, isDefault: source.value(["name"])?.asText == "default",
                    isFindLinks: source.value(["type"])?.asText == "find-links",
                    verifies: source.value(["verify_ssl"])?.asTruth ?? true,
                    user: source.value(["username"])?.asText, password: source.value(["password"])?.asText
                ).options
            context.wantedVariables.formUnion(RequirementsLine(number: 1, text: url, pieces: []).variables)
        }
        // The one that stands in for PyPI counts first, wherever it is written.
        return options.filter { $0.hasPrefix("--index-url") } + options.filter { !$0.hasPrefix("--index-url") }
    }
}
