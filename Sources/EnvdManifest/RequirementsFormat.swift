internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// requirements.txt, as pip and uv read it.
enum RequirementsFormat: ManifestFormat {
    static let name = "requirements.txt"

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        do throws(SystemError) {
            _ = try context.files.read(context.root / name)
            return .follows
        } catch {
            if error.isAbsence { return .absent }
            return .broken(ReadingContext.unreadable(name, error, at: .init(file: context.root / name)))
        }
    }

    static func isProject(_ context: inout ReadingContext) -> Bool {
        (try? FileSystem.status(context.root / name))?.kind == .file
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        var reader = RequirementsReader(context: context)
        reader.read(Path(name))
        context = reader.context
        if let problem = reader.problem { throw problem }
        var layer = PythonLayer(format: .requirements, manifest: Path(name))
        layer.requirements = reader.requirements.sortedAndUnique()
        layer.constraints = reader.constraints.sortedAndUnique()
        layer.options = reader.normalisedOptions
        var settings = EngineSettings()
        settings.files = reader.sources
        // A pyproject.toml beside it may still hold `[tool.uv]` and `[tool.envd]`.
        if let document = try? context.document(PyprojectFormat.name) {
            let table = try EnvdTable(document, context: &context)
            if let table {
                context.follow(Path(PyprojectFormat.name))
                layer.requiresPython += table.requiresPython
            }
            settings.table = EngineSettings.relevant(document.value("tool", "uv"))
        }
        settings.readConfiguration(&context)
        layer.settings = settings.value
        layer.requiresPython += PythonVersionFile.read(&context)
        return layer
    }
}
