package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Files of a project → its spec. Everything in them is untrusted: nothing is run, nothing blocks, and size,
/// depth and count of what is read are bounded.
package enum ManifestReader {
    /// In the order in which they count: see README.md.
    static let formats: [any ManifestFormat.Type] = [
        RyeFormat.self,
        PyprojectFormat.self,
        PipfileFormat.self,
        PylockFormat.self,
        RequirementsFormat.self,
        SetuptoolsFormat.self,
        NamedPylockFormat.self,
    ]

    /// The names in a directory whose presence makes the hook ask, in the order in which they count.
    package static let names: [String] = {
        let all = [EnvdTable.file] + formats.flatMap { $0.names } + CondaFile.environmentNames + [CondaFile.lockName]
        var names: [String] = []
        for name in all.map({ String($0.prefix { $0 != "/" }) }) where !names.contains(name) { names.append(name) }
        return names
    }()

    /// The names of manifests that another tool builds and activates.
    package static var foreignNames: [String] { CondaFile.pixiNames }

    /// Whether a directory is a project at all.
    ///
    /// pyproject.toml counts with one of the tables that say something of an environment, in a half-written
    /// file too; most others count by being there.
    package static func isProject(_ root: Path) -> Bool {
        if (try? FileSystem.status(root / EnvdTable.file))?.kind == .file { return true }
        var context = ReadingContext(root: root)
        return formats.contains { $0.isProject(&context) } || isCondaProject(root)
    }

    /// Reads a project's manifests; what is wrong with them is part of the answer.
    ///
    /// - Parameters:
    ///   - root: absolute.
    ///   - conda: where the user's settings of conda lie.
    ///   - configuration: the user's config.toml; nil where there is no place for one.
    package static func read(
        _ root: Path, conda: CondaSettings.Places = .ofThisUser, configuration: Path? = UserSettings.fileOfThisUser
    ) -> ManifestReading {
        var context = ReadingContext(root: root)
        context.condaPlaces = conda
        context.configuration = configuration
        let spec: Result<Spec, Diagnostic>
        var sources: [NamedSource] = []
        do throws(Diagnostic) {
            let found = try Self.spec(&context)
            sources = CodeSourceCollector.sources(of: found, &context)
            spec = .success(found)
        } catch {
            spec = .failure(ForeignText.hidden(error, root: root))
        }
        var reading = ManifestReading(
            root: root, inputs: context.files.inputs, followed: context.followed, passedOver: context.passedOver,
            wantedVariables: context.wantedVariables.sortedAndUnique(), spec: spec)
        reading.workspace = context.workspace
        reading.notes = context.notes.map { ForeignText.hidden($0, root: root) }
        reading.condaSettings = context.condaSettings
        reading.userSettings = context.userSettings
        reading.channelSecrets = context.channelSecrets
        reading.codeSources = sources
        reading.userFiles = Set(conda.files + [configuration].compactMap(\.self))
        return reading
    }

    static func name(_ context: ReadingContext) -> ByteString {
        if let name = context.projectName { return ByteString(name) }
        return context.root.name.isEmpty ? context.root.bytes : context.root.name
    }

    /// The format that follows; every other file that is there is passed over with its reason.
    static func choose(_ context: inout ReadingContext) throws(Diagnostic) -> any ManifestFormat.Type {
        var candidates: [ManifestOrder.Candidate] = []
        for format in formats {
            let claim = format.claim(&context)
            var files: [String] = []
            if case .absent = claim {} else { files = format.files(&context) }
            candidates.append(.init(name: files.first ?? format.name, files: files, claim: claim))
        }
        let decision = ManifestOrder.decide(candidates, root: context.root)
        for (file, reason) in decision.passedOver { context.passOver(Path(file), reason) }
        return formats[try decision.chosen.get()]
    }

    /// The format of the files that `inputs` names; the others that are there are passed over.
    static func named(
        _ inputs: [Path], table: EnvdTable, _ context: inout ReadingContext
    ) throws(Diagnostic) -> any ManifestFormat.Type {
        func problem(_ index: Int, _ cause: String) -> Diagnostic {
            table.problem("inputs", cause, element: index)
        }
        var kinds: [any ManifestFormat.Type] = []
        for (index, input) in inputs.enumerated() {
            let name = input.name.description
            if (try? FileSystem.status(context.root.appending(input))) == nil {
                _ = context.files.readIfPresent(input)
                throw problem(index, "`\(input)`, which `inputs` names, is not there")
            }
            let kind: (any ManifestFormat.Type)? =
                switch name {
                case PyprojectFormat.name where input == Path(PyprojectFormat.name): try pyproject(&context)
                case PipfileFormat.name where input == Path(PipfileFormat.name): PipfileFormat.self
                case "setup.py" where input == "setup.py", "setup.cfg" where input == "setup.cfg":
                    SetuptoolsFormat.self
                case let name where PylockFormat.isName(name): PylockFormat.self
                case let name where name.hasSuffix(".txt") || name.hasSuffix(".in"): RequirementsFormat.self
                default: nil
                }
            guard let kind else { throw problem(index, "`\(input)` is no file that envd knows how to follow") }
            kinds.append(kind)
        }
        for (index, kind) in kinds.enumerated().dropFirst()
        where kinds[0] != RequirementsFormat.self || kind != RequirementsFormat.self {
            throw problem(index, "only requirements files can be several in `inputs`")
        }
        context.inputs = inputs
        for format in formats {
            if case .absent = format.claim(&context) { continue }
            for file in format.files(&context) where !inputs.contains(Path(file)) {
                context.passOver(Path(file), "`inputs` of `\(table.title)` does not name it")
            }
        }
        return kinds[0]
    }

    /// Whichever format pyproject.toml has.
    private static func pyproject(_ context: inout ReadingContext) throws(Diagnostic) -> any ManifestFormat.Type {
        for format in formats where format.name == PyprojectFormat.name {
            switch format.claim(&context) {
            case .follows: return format
            case .broken(let problem): throw problem
            case .unsupported(let problem): throw problem
            case .absent, .unrelated: continue
            }
        }
        return PyprojectFormat.self
    }
}
