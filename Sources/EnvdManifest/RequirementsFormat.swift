internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Requirements files, as pip, uv and pip-tools read them: requirements.txt, requirements.in, those for
/// development beside them, and those of a directory `requirements`.
enum RequirementsFormat: ManifestFormat {
    static let name = "requirements.txt"
    static let names = ["requirements.txt", "requirements.in", RequirementsChoice.directory]

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        let choice = RequirementsChoice.made(&context)
        if choice.isEmpty { return .absent }
        if choice.files.isEmpty {
            let names = choice.others.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
            return .broken(
                Diagnostic(
                    "could not choose among `\(RequirementsChoice.directory)`: none of \(names) is called "
                        + "base, main, dev or the like", at: .init(file: context.root / RequirementsChoice.directory),
                    hint: "name those to follow in envd.toml: inputs = [\"\(choice.others[0])\"]"))
        }
        for file in choice.files {
            do throws(SystemError) {
                _ = try context.files.read(context.root / file.manifest)
            } catch {
                let place = Diagnostic.Location(file: context.root / file.manifest)
                return .broken(ReadingContext.unreadable(file.manifest, error, at: place))
            }
        }
        return .follows
    }

    static func files(_ context: inout ReadingContext) -> [String] {
        let choice = RequirementsChoice.made(&context)
        return choice.files.flatMap { [$0.manifest] + [$0.lock].compactMap { $0 } } + choice.others
    }

    static func isProject(_ context: inout ReadingContext) -> Bool {
        ["requirements.txt", "requirements.in"].contains {
            (try? FileSystem.status(context.root / $0))?.kind == .file
        } || RequirementsChoice.hasDirectory(context.root)
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        let choice = context.inputs.map { RequirementsChoice(named: $0, context) } ?? RequirementsChoice.made(&context)
        var reader = RequirementsReader(context: context)
        for file in choice.files {
            let compiled = file.manifest.hasSuffix(".in") ? String(file.manifest.dropLast(3)) + ".txt" : nil
            // One that is still to be made stands for the same.
            let missing = compiled.flatMap { FileSystem.exists(context.root / $0) ? nil : $0 }
            if let lock = file.lock ?? missing { reader.locks[context.root / lock] = context.root / file.manifest }
        }
        for file in choice.files { reader.read(Path(file.manifest)) }
        context = reader.context
        for other in choice.others where !context.followed.contains(context.root / other) {
            context.passOver(Path(other), choice.reason)
        }
        // One that comes later may be chosen in place of these.
        if context.inputs == nil {
            for name in RequirementsChoice.candidates(context.root) { _ = context.files.readIfPresent(Path(name)) }
        }
        var options: [String] = []
        let locks = choice.files.map { lock($0.lock, &context, &options) }
        if let problem = reader.problem { throw problem }
        var layer = PythonLayer(format: .requirements, manifest: Path(choice.files.first?.manifest ?? name))
        layer.lock = locks.first ?? nil
        layer.companions = zip(choice.files, locks).dropFirst().map { .init(manifest: Path($0.manifest), lock: $1) }
        layer.requirements = reader.requirements.sortedAndUnique()
        layer.constraints = reader.constraints.sortedAndUnique()
        layer.options = reader.normalisedOptions
        layer.options += options.filter { !layer.options.contains($0) }
        // A pyproject.toml beside it may still hold `[tool.uv]` and `[tool.envd]`.
        let table = try EnvdTable.read(&context)
        if let document = try? context.document(PyprojectFormat.name), document.value("tool", "envd") != nil {
            context.follow(Path(PyprojectFormat.name))
        }
        context.complete(&layer, files: reader.sources, table: table)
        return layer
    }

    /// What pip-tools made of a `.in`: by what it says, less its comments.
    ///
    /// - Parameter options: gets where it says that its packages come from.
    static func lock(
        _ name: String?, _ context: inout ReadingContext, _ options: inout [String]
    ) -> LockFile? {
        guard let name, let bytes = context.files.readIfPresent(Path(name)) else { return nil }
        context.follow(Path(name))
        var reader = RequirementsReader(context: context)
        reader.read(Path(name))
        context.files = reader.context.files
        context.wantedVariables = reader.context.wantedVariables
        // A lock file may name what its manifest does not.
        for item in reader.items where item.address != nil || item.unread != nil {
            context.lockedRequirements.append(item.normalised)
        }
        var encoding = CanonicalEncoding()
        encoding.append(reader.requirements.sortedAndUnique())
        encoding.append(reader.constraints.sortedAndUnique())
        encoding.append(reader.options)
        let sources = ["--index-url", "--extra-index-url", "--find-links", "--no-index", "--trusted-host"]
        options += reader.options.filter { option in
            sources.contains { option.hasPrefix($0) } && !options.contains(option)
        }
        return LockFile(
            path: Path(name), content: reader.problem == nil ? Fingerprint(of: encoding) : Fingerprint(of: bytes))
    }
}
