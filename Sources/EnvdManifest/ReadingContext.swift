internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What the formats share while one project is read: its files, and what the answer says beside the spec.
struct ReadingContext {
    let root: Path
    var files: InputFiles
    var followed: [Path] = []
    var passedOver: [ManifestReading.PassedOver] = []
    var wantedVariables: Set<String> = []
    /// `[project] name` as written.
    var projectName: String?
    /// The files that the project's `inputs` names; nil where envd chooses.
    var inputs: [Path]?
    /// Made once: finding out who includes whom reads the files.
    var requirementsChoice: RequirementsChoice?
    /// Where the user's settings of conda lie.
    var condaPlaces = CondaSettings.Places(files: [])
    var condaSettings: CondaSettings?
    /// The user's config.toml; nil where there is no place for one.
    var configuration: Path?
    var userSettings = UserSettings()
    var channelSecrets: [String: String] = [:]
    var notes: [Diagnostic] = []
    /// See `ManifestReading.workspace`.
    var workspace: [Path] = []
    /// Code sources that a format knows and the spec does not tell.
    var namedSources: [NamedSource] = []
    /// Lines of compiled lock files that name where a package comes from.
    var lockedRequirements: [String] = []
    private var yamlDocuments: [Path: Result<YAMLDocument, Diagnostic>] = [:]
    private var documents: [Path: Result<TOMLDocument, Diagnostic>] = [:]

    init(root: Path) {
        self.root = root
        files = InputFiles(root: root)
    }

    /// A TOML file below the root; nil where there is none.
    ///
    /// - Throws: where it cannot be read or is no TOML.
    mutating func document(_ name: String) throws(Diagnostic) -> TOMLDocument? {
        let path = root / name
        if let known = documents[path] { return try known.get() }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try files.read(path)
        } catch {
            if error.isAbsence { return nil }
            throw Self.unreadable(name, error, at: .init(file: path))
        }
        let result: Result<TOMLDocument, Diagnostic>
        do throws(Diagnostic) {
            result = .success(try TOMLDocument(bytes, file: path, name: name))
        } catch {
            result = .failure(error)
        }
        documents[path] = result
        return try result.get()
    }

    /// A YAML file whose bytes are known already.
    ///
    /// - Parameter file: relative to the root.
    /// - Throws: where and why it is none.
    mutating func yaml(_ bytes: [UInt8], of file: Path) throws(Diagnostic) -> YAMLDocument {
        let path = root.appending(file)
        if let known = yamlDocuments[path] { return try known.get() }
        let result: Result<YAMLDocument, Diagnostic>
        do throws(Diagnostic) {
            result = .success(try YAMLDocument(bytes, file: path, name: file.description))
        } catch {
            result = .failure(error)
        }
        yamlDocuments[path] = result
        return try result.get()
    }

    static func unreadable(_ name: String, _ error: SystemError, at location: Diagnostic.Location) -> Diagnostic {
        Diagnostic("could not read `\(name)`: \(error.cause)", at: location, hint: TOMLDocument.hint)
    }

    /// What every format shares: the interpreter where the format itself asks for none, `[tool.uv]`, uv.toml.
    mutating func complete(
        _ layer: inout PythonLayer, files: [String: CanonicalValue] = [:], table: EnvdTable?
    ) {
        if let table, !table.requiresPython.isEmpty {
            layer.requiresPython += table.requiresPython
        } else if layer.requiresPython.isEmpty {
            layer.requiresPython = PythonVersionFile.read(&self)
        }
        var settings = EngineSettings()
        settings.files = files
        if let document = try? document(PyprojectFormat.name) {
            settings.table = EngineSettings.relevant(document.value("tool", "uv"))
        }
        settings.readConfiguration(&self)
        layer.settings = settings.value
    }

    mutating func note(_ message: String, at location: Diagnostic.Location? = nil, hint: String? = nil) {
        let note = Diagnostic(message, at: location, hint: hint)
        if !notes.contains(note) { notes.append(note) }
    }

    mutating func follow(_ path: Path) {
        let path = files.simplified(root.appending(path))
        if !followed.contains(path) { followed.append(path) }
    }

    mutating func passOver(_ path: Path, _ reason: String) {
        let entry = ManifestReading.PassedOver(path: files.simplified(root.appending(path)), reason: reason)
        if !passedOver.contains(entry) { passedOver.append(entry) }
    }
}
