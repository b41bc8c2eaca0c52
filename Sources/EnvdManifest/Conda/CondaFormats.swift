internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The manifests of conda in a project's root: which counts, and what it says.
enum CondaFormats {
    /// A claim with its file.
    struct Claim {
        var file: String
        var kind: CondaFile
        var claim: ManifestClaim
    }

    /// Every file of conda that is there, in the order in which they count.
    static func claims(_ context: inout ReadingContext) -> [Claim] {
        var result: [Claim] = []
        for name in CondaFile.environmentNames {
            result.append(Claim(file: name, kind: .environment, claim: environment(name, &context)))
        }
        let lock: ManifestClaim =
            context.files.readIfPresent(Path(CondaFile.lockName)) == nil
            ? unreadable(CondaFile.lockName, &context) : .follows
        result.append(Claim(file: CondaFile.lockName, kind: .lock, claim: lock))
        for name in CondaFile.explicitNames {
            result.append(Claim(file: name, kind: .explicit, claim: explicit(name, &context)))
        }
        return result
    }

    /// Why a file cannot be read, or that it is not there.
    private static func unreadable(_ name: String, _ context: inout ReadingContext) -> ManifestClaim {
        do throws(SystemError) {
            _ = try context.files.read(Path(name))
            return .follows
        } catch {
            if error.isAbsence { return .absent }
            return .broken(ReadingContext.unreadable(name, error, at: .init(file: context.root / name)))
        }
    }

    private static func environment(_ name: String, _ context: inout ReadingContext) -> ManifestClaim {
        guard let bytes = context.files.readIfPresent(Path(name)) else { return unreadable(name, &context) }
        do throws(Diagnostic) {
            let document = try context.yaml(bytes, of: Path(name))
            if document.root.isNull { throw document.problem("there is nothing in it", at: nil) }
            if document.root["dependencies"] != nil || document.root["channels"] != nil { return .follows }
            return .unrelated("it names neither `dependencies` nor `channels`")
        } catch {
            return .broken(error)
        }
    }

    private static func explicit(_ name: String, _ context: inout ReadingContext) -> ManifestClaim {
        guard let bytes = context.files.readIfPresent(Path(name)) else {
            // Other tools have files of these names.
            if case .broken = unreadable(name, &context) { return .unrelated("it cannot be read") }
            return .absent
        }
        if CondaExplicitReader.isExplicit(bytes) || CondaExplicitReader.isExport(bytes) { return .follows }
        return .unrelated("there is no `@EXPLICIT` in it")
    }

    /// Why envd stands aside; nil where no file of pixi is there.
    static func pixi(_ context: inout ReadingContext) -> Diagnostic? {
        var found: String?
        for name in CondaFile.pixiNames where context.files.readIfPresent(Path(name)) != nil { found = found ?? name }
        var words = found.map { "`\($0)`" }
        if words == nil, let document = try? context.document(PyprojectFormat.name),
            document.value("tool", "pixi") != nil
        {
            found = PyprojectFormat.name
            words = "`[tool.pixi]` of `\(PyprojectFormat.name)`"
        }
        guard let found, let words else { return nil }
        return Diagnostic(
            "could not follow \(words): pixi has its own activation, and envd stands aside",
            at: .init(file: context.root / found),
            hint: "use `pixi shell`; or say what envd is to follow by `inputs` or `layers` in envd.toml")
    }

    /// All that a file says, with the lock file beside it.
    ///
    /// - Parameter file: relative to the root.
    static func manifest(
        _ file: Path, _ kind: CondaFile, _ table: EnvdTable?, _ context: inout ReadingContext
    ) throws(Diagnostic) -> CondaManifest {
        let bytes = try read(file, &context)
        context.follow(file)
        let path = context.root.appending(file)
        switch kind {
        case .environment:
            let settings = try settings(&context)
            let document = try context.yaml(bytes, of: file)
            var reader = CondaEnvironmentReader(document: document, file: file, context: context, settings: settings)
            var result: Result<CondaManifest, Diagnostic>
            do throws(Diagnostic) {
                result = .success(try reader.manifest(table))
            } catch {
                result = .failure(error)
            }
            context = reader.context
            var manifest = try result.get()
            try lock(&manifest, reader.specs, table, &context)
            return manifest
        case .lock:
            let document = try context.yaml(bytes, of: file)
            let reader = try CondaLockReader(document, categories: table?.groups)
            var layer = CondaLayer(format: .condaLock, manifest: file)
            layer.packages = reader.locked
            var pip = PythonLayer(format: .condaPip, manifest: file)
            pip.requiresPython = table?.requiresPython ?? []
            pip.requirements = try reader.requirements()
            if !pip.requirements.isEmpty { context.settle(&pip, files: [:]) }
            remember(reader, &context)
            var manifest = CondaManifest(layer: layer, pip: pip)
            manifest.lockedSources = sources(reader, of: path, context)
            return manifest
        case .explicit:
            let reader = try CondaExplicitReader(
                bytes, file: path, name: file.description, root: path.parent)
            context.channelSecrets.merge(reader.secrets) { $1 }
            context.wantedVariables.formUnion(reader.wantedVariables)
            var layer = CondaLayer(format: .explicit, manifest: file)
            layer.packages = reader.packages
            var pip = PythonLayer(format: .condaPip, manifest: file)
            pip.requiresPython = table?.requiresPython ?? []
            return CondaManifest(layer: layer, pip: pip)
        }
    }

    private static func read(_ file: Path, _ context: inout ReadingContext) throws(Diagnostic) -> [UInt8] {
        do throws(SystemError) {
            return try context.files.read(file)
        } catch {
            let place = Diagnostic.Location(file: context.root.appending(file))
            throw ReadingContext.unreadable(file.description, error, at: place)
        }
    }

    static func settings(_ context: inout ReadingContext) throws(Diagnostic) -> CondaSettings {
        if let known = context.condaSettings { return known }
        let settings = try CondaSettings.read(context.condaPlaces, &context)
        context.condaSettings = settings
        return settings
    }

    private static func remember(_ reader: CondaLockReader, _ context: inout ReadingContext) {
        context.channelSecrets.merge(reader.secrets) { $1 }
        context.wantedVariables.formUnion(reader.wantedVariables)
    }

    private static func sources(
        _ reader: CondaLockReader, of file: Path, _ context: ReadingContext
    ) -> Set<Path> {
        Set(reader.sources.map { context.files.simplified(file.parent.appending(Path($0))) })
    }

    /// conda-lock.yml beside an environment.yml: a fresh one says all, a stale one is named.
    private static func lock(
        _ manifest: inout CondaManifest, _ specs: [CondaMatchSpec], _ table: EnvdTable?,
        _ context: inout ReadingContext
    ) throws(Diagnostic) {
        let parent = manifest.layer.manifest.parent
        let file = parent == "." ? Path(CondaFile.lockName) : parent / CondaFile.lockName
        guard let bytes = context.files.readIfPresent(file) else { return }
        let path = context.root.appending(file)
        let document = try context.yaml(bytes, of: file)
        let reader: CondaLockReader
        do throws(Diagnostic) {
            reader = try CondaLockReader(document, categories: table?.groups)
        } catch {
            guard !CondaLockReader.isForThisMachine(document) else { throw error }
            context.passOver(file, "it has no packages for \(CondaPlatform.current)")
            return
        }
        var encoding = CanonicalEncoding()
        for package in reader.packages {
            encoding.append([
                package.name, package.version, package.isPip ? "pip" : "conda", package.url, package.sha256 ?? "",
                package.md5 ?? "",
            ])
        }
        manifest.layer.lock = LockFile(path: file, content: Fingerprint(of: encoding))
        var items = RequirementsReader(context: context)
        for line in manifest.pip.requirements {
            items.read(RequirementsLine.all(in: line), of: context.root.appending(manifest.layer.manifest))
        }
        if let lacking = reader.lacks(specs: specs, requirements: items.items) {
            context.passOver(file, "it is stale: it does not hold `\(lacking.shortened)`")
            return
        }
        context.follow(file)
        remember(reader, &context)
        manifest.layer.packages = reader.locked
        manifest.lockedSources = sources(reader, of: path, context)
        let exact = try reader.requirements()
        guard !exact.isEmpty else { return }
        // What lies in a directory is never locked.
        let local = items.items.filter { $0.localPath != nil }.map(\.normalised)
        manifest.pip.requirements = (exact + local).sortedAndUnique()
        manifest.pip.constraints = []
        if manifest.pip.settings == nil { context.settle(&manifest.pip, files: [:]) }
    }
}
