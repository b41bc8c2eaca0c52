internal import EnvdCore
internal import EnvdSystem

/// Pipfile and Pipfile.lock, of pipenv.
enum PipfileFormat: ManifestFormat {
    static let name = "Pipfile"
    static let lockName = "Pipfile.lock"
    /// In the layer's `settings`: the digests by which the lock file is fresh. No key of TOML is called so.
    static let hashKey = "envd.pipfile.hash"

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        do throws(Diagnostic) {
            return try context.document(name) == nil ? .absent : .follows
        } catch {
            return .broken(error)
        }
    }

    static func files(_ context: inout ReadingContext) -> [String] {
        [name] + [lockName].filter { context.files.readIfPresent(Path($0)) != nil }
    }

    static func isProject(_ context: inout ReadingContext) -> Bool {
        (try? FileSystem.status(context.root / name))?.kind == .file
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        guard let document = try context.document(name) else {
            throw Diagnostic("could not read `\(name)`: it is gone", at: .init(file: context.root / name))
        }
        var layer = PythonLayer(format: .pipenv, manifest: Path(name))
        let lock = context.files.readIfPresent(Path(lockName))
        if lock != nil { context.follow(Path(lockName)) }
        let table = try EnvdTable.read(&context)
        var reader = PipfileReader(document: document, table: table)
        layer.requiresPython = try reader.requiresPython()
        layer.groups = try reader.sections()
        layer.requirements = try reader.requirements(of: layer.groups, context: &context)
        layer.options = try reader.options(&context)
        layer.lock = try lock.map { bytes throws(Diagnostic) in try lockFile(bytes, context.root) }
        context.complete(&layer, files: reader.sources, table: table)
        var settings = layer.settings?.asTable ?? [:]
        settings[hashKey] = .list(PipfileHash.accepted(document.root).map { .text($0) })
        settings["envd.pipfile"] = document.value("pipenv")
        layer.settings = .table(settings)
        return layer
    }

    /// By what it says.
    ///
    /// - Throws: where it is no JSON: a merge may have been left unfinished.
    private static func lockFile(_ bytes: [UInt8], _ root: Path) throws(Diagnostic) -> LockFile {
        do throws(JSONText.SyntaxError) {
            var encoding = CanonicalEncoding()
            encoding.append(try JSONText.parse(bytes))
            return LockFile(path: Path(lockName), content: Fingerprint(of: encoding))
        } catch {
            throw Diagnostic(
                "could not read `\(lockName)`: \(error.cause)",
                at: .init(file: root / lockName, line: error.line, column: error.column),
                hint: "mend the file, or write it anew with `pipenv lock`")
        }
    }
}
