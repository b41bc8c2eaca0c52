internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// pyproject.toml with `[project]` (PEP 621), `[dependency-groups]` (PEP 735), `[tool.uv]` or `[tool.poetry]`.
enum PyprojectFormat: ManifestFormat {
    static let name = "pyproject.toml"
    static let lockName = "uv.lock"

    /// The tables that make it a project.
    private static let telling = [
        ["project"], ["dependency-groups"], ["tool", "poetry"], ["tool", "uv"], ["tool", "rye"], ["tool", "envd"],
    ]

    static func isProject(_ context: inout ReadingContext) -> Bool {
        guard let bytes = context.files.readIfPresent(context.root / name) else { return false }
        return mentionsTables(bytes)
    }

    private static func mentionsTables(_ bytes: [UInt8]) -> Bool {
        let outline = TOMLOutline(UTF8Text.withoutByteOrderMark(bytes))
        return telling.contains { outline.mentions($0) }
    }

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        let document: TOMLDocument
        do throws(Diagnostic) {
            guard let found = try context.document(name) else { return .absent }
            document = found
        } catch {
            // A damaged file that nobody takes for a project hides no requirements.txt.
            if let bytes = context.files.readIfPresent(context.root / name), !mentionsTables(bytes),
                FileSystem.exists(context.root / RequirementsFormat.name)
            {
                return .unrelated("it cannot be read, and no table of a project was found in it")
            }
            return .broken(error)
        }
        if document.value("project") != nil || document.value("dependency-groups") != nil { return .follows }
        if document.value("tool", "poetry") != nil {
            // A name alone installs nothing, and requirements.txt beside it does.
            let isLocked = context.files.readIfPresent(context.root / PoetryReader.lockName) != nil
            if isLocked || PoetryClaim.namesPackages(document)
                || !FileSystem.exists(context.root / RequirementsFormat.name)
            {
                return .follows
            }
            return .unrelated("its `[tool.poetry]` names no dependencies, and there is no poetry.lock")
        }
        if let settings = document.value("tool", "uv") {
            // Settings alone name nothing to install, and requirements.txt beside them does.
            let namesPackages = settings.asTable?.keys.contains { $0 == "dev-dependencies" || $0 == "workspace" }
            if namesPackages == true || !FileSystem.exists(context.root / RequirementsFormat.name) { return .follows }
            return .unrelated("it has `[tool.uv]` and no `[project]`, so only its settings count")
        }
        return .unrelated("it has neither `[project]` nor `[dependency-groups]`")
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        guard let document = try context.document(name) else {
            throw Diagnostic("could not read `\(name)`: it is gone", at: .init(file: context.root / name))
        }
        if PoetryClaim.owner(document, &context) == .poetry { return try PoetryReader.layer(document, &context) }
        // First of all that becomes an input, so that a mistake found below hides none of it.
        let workspace = Workspace.around(document, context: &context)
        context.workspace = Workspace.directories(of: workspace, or: document, root: context.root)
        let lock = lockFile(&context, below: workspace?.place)
        let versions = PythonVersionFile.read(&context)
        var settings = EngineSettings()
        settings.table = EngineSettings.relevant(document.value("tool", "uv"))
        settings.files = Workspace.content(document, context: &context)
        if let workspace {
            settings.files.merge(Workspace.content(around: workspace, context: &context)) { first, _ in first }
            settings.workspace = EngineSettings.relevant(workspace.document.value("tool", "uv"))
        }
        settings.files.merge(DynamicFiles.content(document, context: &context)) { first, _ in first }
        settings.readConfiguration(&context, below: workspace?.place)

        let table = try EnvdTable(document, context: &context)
        let reader = PyprojectReader(document: document, table: table)
        context.projectName = try reader.name()
        var layer = PythonLayer(format: .pyproject, manifest: Path(name))
        layer.lock = lock
        layer.requiresPython = try reader.requiresPython()
        layer.requiresPython += table.map(\.requiresPython).flatMap { $0.isEmpty ? nil : $0 } ?? versions
        let choice = try reader.groups()
        layer.groups = choice.names
        layer.extras = table?.extras ?? []
        layer.requirements = try (reader.dependencies() + reader.extras() + choice.requirements).sortedAndUnique()
        layer.settings = settings.value
        layer.project = try reader.editable()
        return layer
    }

    private static func lockFile(_ context: inout ReadingContext, below place: Path?) -> LockFile? {
        let name = place.map { $0 / lockName } ?? Path(lockName)
        let path = context.root.appending(name).withoutDots
        guard let bytes = context.files.readIfPresent(path) else { return nil }
        context.follow(path)
        return LockFile(path: name, content: FileContent.meaning(bytes, file: path))
    }
}
