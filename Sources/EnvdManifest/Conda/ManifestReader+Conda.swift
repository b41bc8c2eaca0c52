internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

extension ManifestReader {
    /// Whether conda's files make a directory a project: environment.yml by being there, lists by what is in them.
    static func isCondaProject(_ root: Path) -> Bool {
        var context = ReadingContext(root: root)
        let byName = CondaFile.environmentNames + [CondaFile.lockName]
        return byName.contains { (try? FileSystem.status(root / $0))?.kind == .file }
            || CondaFormats.claims(&context).contains { claim in
                if claim.kind == .explicit, case .follows = claim.claim { return true }
                return false
            }
    }

    /// A spec with a conda layer, a Python layer, or both.
    static func spec(_ context: inout ReadingContext) throws(Diagnostic) -> Spec {
        if let file = context.configuration { context.userSettings = try UserSettings.read(file, &context) }
        let table = try EnvdTable.read(&context)
        if table?.inputs == nil, table?.layers == nil, let problem = CondaFormats.pixi(&context) { throw problem }
        let wanted = table?.layers ?? Set(EnvdTable.Layer.allCases)
        var conda: CondaManifest?
        var python: PythonLayer?
        if let table, let inputs = table.inputs {
            (conda, python) = try namedLayers(inputs, table, &context)
        } else {
            if wanted.contains(.conda) { conda = try chosenConda(table, &context) }
            if wanted.contains(.python) { python = try chosenPython(conda, table, &context) }
        }
        for (layer, isThere) in [
            (EnvdTable.Layer.conda, conda != nil), (.python, python != nil || conda?.hasPip == true),
        ]
        where table?.layers?.contains(layer) == true && !isThere {
            throw table?.problem("layers", "there is no manifest for the layer \"\(layer.rawValue)\"")
                ?? Diagnostic("")
        }
        if var layer = python {
            layer.requiresPython = layer.requiresPython.sortedAndUnique()
            layer.engine = table?.engine
            python = layer
        }
        let libraryPath = table?.libraryPath ?? context.userSettings.libraryPath
        guard var manifest = conda else {
            guard let python else { throw Diagnostic("could not read the project `\(context.root)`: it has no layer") }
            return Spec(name: name(context), python: python, libraryPath: libraryPath)
        }
        if context.projectName == nil { context.projectName = manifest.name }
        if python != nil, manifest.hasPip {
            manifest.layer.pip = .init(
                requirements: manifest.pip.requirements, constraints: manifest.pip.constraints,
                options: manifest.pip.options)
        }
        manifest.pip.requiresPython = manifest.pip.requiresPython.sortedAndUnique()
        manifest.pip.engine = table?.engine
        let settings = try CondaFormats.settings(&context)
        manifest.layer.promptTemplate =
            settings.changePS1 == false ? "" : settings.envPrompt ?? CondaLayer.defaultPromptTemplate
        return Spec(
            name: name(context), python: python ?? manifest.pip, conda: manifest.layer, libraryPath: libraryPath)
    }

    /// The first file of conda's that counts; nil where none does.
    private static func chosenConda(
        _ table: EnvdTable?, _ context: inout ReadingContext
    ) throws(Diagnostic) -> CondaManifest? {
        var chosen: CondaFormats.Claim?
        for claim in CondaFormats.claims(&context) {
            if case .absent = claim.claim { continue }
            if let winner = chosen {
                // Of an environment.yml it is the lock file.
                if winner.kind == .environment, claim.kind == .lock { continue }
                context.passOver(Path(claim.file), "`\(winner.file)` is followed")
                continue
            }
            switch claim.claim {
            case .unrelated(let reason): context.passOver(Path(claim.file), reason)
            default: chosen = claim
            }
        }
        guard let chosen else { return nil }
        if case .broken(let problem) = chosen.claim { throw problem }
        return try CondaFormats.manifest(Path(chosen.file), chosen.kind, table, &context)
    }

    /// The manifest of Python packages on top of conda's; nil where the one below says it all.
    private static func chosenPython(
        _ conda: CondaManifest?, _ table: EnvdTable?, _ context: inout ReadingContext
    ) throws(Diagnostic) -> PythonLayer? {
        guard let conda else { return try layer(try choose(&context), &context) }
        var isThere = false
        for format in formats {
            switch format.claim(&context) {
            case .follows, .broken, .unsupported: isThere = true
            case .absent: break
            case .unrelated(let reason): format.files(&context).forEach { context.passOver(Path($0), reason) }
            }
        }
        guard isThere else { return nil }
        let format = try choose(&context)
        let files = format.files(&context).map { context.files.simplified(context.root / $0) }
        if table?.layers == nil, let reason = reasonAgainst(format, files, conda) {
            for file in format.files(&context) { context.passOver(Path(file), reason) }
            return nil
        }
        return try layer(format, &context)
    }

    /// Why a manifest of Python packages adds nothing to conda's.
    private static func reasonAgainst(
        _ format: any ManifestFormat.Type, _ files: [Path], _ conda: CondaManifest
    ) -> String? {
        let name = conda.layer.manifest
        if format == RequirementsFormat.self {
            if let first = files.first, conda.included.contains(first) { return "`pip:` of `\(name)` includes it" }
        } else if conda.installsProject {
            return "`pip:` of `\(name)` installs the project itself"
        }
        if let first = files.first, conda.lockedSources.contains(first) {
            return "`\(conda.layer.lock?.path ?? name)` was made of it, too"
        }
        return nil
    }

    private static func namedLayers(
        _ inputs: [Path], _ table: EnvdTable, _ context: inout ReadingContext
    ) throws(Diagnostic) -> (CondaManifest?, PythonLayer?) {
        var conda: CondaManifest?
        var others: [Path] = []
        for (index, input) in inputs.enumerated() {
            guard let kind = CondaFile.named(input, context.files.readIfPresent(input)) else {
                others.append(input)
                continue
            }
            guard conda == nil else {
                throw table.problem("inputs", "only one manifest of conda can be in `inputs`", element: index)
            }
            guard context.files.readIfPresent(input) != nil else {
                throw table.problem("inputs", "`\(input)`, which `inputs` names, is not there", element: index)
            }
            conda = try CondaFormats.manifest(input, kind, table, &context)
        }
        for claim in CondaFormats.claims(&context) where !inputs.contains(Path(claim.file)) {
            if case .absent = claim.claim { continue }
            if context.followed.contains(context.root / claim.file) { continue }
            context.passOver(Path(claim.file), "`inputs` of `\(table.title)` does not name it")
        }
        guard !others.isEmpty else { return (conda, nil) }
        return (conda, try layer(try named(others, table: table, &context), &context))
    }

    /// What a chosen format says.
    private static func layer(
        _ format: any ManifestFormat.Type, _ context: inout ReadingContext
    ) throws(Diagnostic) -> PythonLayer {
        if context.inputs == nil, let first = format.files(&context).first { context.follow(Path(first)) }
        for input in context.inputs ?? [] { context.follow(input) }
        return try format.layer(&context)
    }
}
