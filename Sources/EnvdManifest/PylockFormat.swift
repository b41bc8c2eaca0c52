internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// pylock.toml (PEP 751): exact packages, whoever locked them.
enum PylockFormat: ManifestFormat {
    static let name = "pylock.toml"

    /// `pylock.toml` or `pylock.<name>.toml`, with no dot in the name.
    static func isName(_ text: String) -> Bool {
        if text == name { return true }
        guard text.hasPrefix("pylock."), text.hasSuffix(".toml"), text.utf8.count > "pylock..toml".utf8.count else {
            return false
        }
        return !text.dropFirst("pylock.".count).dropLast(".toml".count).contains(".")
    }

    /// The named ones, which are each a lock file of their own.
    fileprivate static func named(_ context: ReadingContext) -> [String] {
        ((try? FileSystem.list(context.root)) ?? []).map(\.description).filter { $0 != name && isName($0) }
            .sortedAndUnique().prefix(16).map { $0 }
    }

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        do throws(Diagnostic) {
            return try context.document(name) == nil ? .absent : .follows
        } catch {
            return .broken(error)
        }
    }

    static func files(_ context: inout ReadingContext) -> [String] {
        let own = context.inputs?.first?.description ?? name
        return [own] + ([name] + named(context)).filter { $0 != own }
    }

    static func isProject(_ context: inout ReadingContext) -> Bool {
        (try? FileSystem.status(context.root / name))?.kind == .file
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        try layer(of: context.inputs?.first?.description ?? name, &context)
    }

    fileprivate static func layer(
        of file: String, _ context: inout ReadingContext
    ) throws(Diagnostic) -> PythonLayer {
        guard let document = try context.document(file) else {
            throw Diagnostic("could not read `\(file)`: it is gone", at: .init(file: context.root / file))
        }
        if context.inputs == nil {
            for other in named(context) where other != file {
                context.passOver(Path(other), "`\(file)` is followed")
            }
        }
        let table = try EnvdTable.read(&context)
        var reader = try PylockReader(document: document, name: file, table: table)
        var layer = PythonLayer(format: .pylock, manifest: Path(file))
        layer.requiresPython = try reader.requiresPython()
        layer.groups = reader.groups
        layer.extras = reader.extras
        try reader.readPackages(&context)
        layer.requirements = reader.requirements.sortedAndUnique()
        layer.options = reader.options
        context.complete(&layer, files: reader.sources, table: table)
        return layer
    }
}

/// pylock.NAME.toml, where it is the only one and there is no other manifest: PEP 751 leaves it to people what the name
/// says.
enum NamedPylockFormat: ManifestFormat {
    static let name = "pylock.NAME.toml"

    /// Hooks know fixed names only; an allowed project needs none.
    static var names: [String] { [] }

    static func files(_ context: inout ReadingContext) -> [String] { PylockFormat.named(context) }

    static func isProject(_ context: inout ReadingContext) -> Bool { !PylockFormat.named(context).isEmpty }

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        let named = PylockFormat.named(context)
        guard let file = named.first else { return .absent }
        if named.count > 1 { return .unrelated("one of several, and none is called `\(PylockFormat.name)`") }
        do throws(Diagnostic) {
            return try context.document(file) == nil ? .absent : .follows
        } catch {
            return .broken(error)
        }
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        try PylockFormat.layer(of: PylockFormat.named(context).first ?? name, &context)
    }
}
