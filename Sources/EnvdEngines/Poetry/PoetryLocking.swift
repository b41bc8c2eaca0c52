internal import EnvdCore
internal import EnvdManifest
internal import EnvdPackaging
internal import EnvdSystem

/// Lets the real Poetry resolve on a copy of a manifest, outside the project.
struct PoetryLocking {
    let tool: PythonToolDiscovery.Found
    let layer: PythonLayer
    let root: Path
    let interpreter: Interpreter
    let context: EngineContext

    /// Takes the user's Poetry, else envd's own, that understands the files.
    ///
    /// - Parameter old: the project's lock file; nil where it has none.
    /// - Throws: why Poetry cannot be had.
    init(
        _ layer: PythonLayer, root: Path, old: [UInt8]?, interpreter: Interpreter, excluding: [Path],
        context: EngineContext
    ) async throws(Diagnostic) {
        var wanted = EngineCatalogue.poetry
        let known = old.flatMap { try? PoetryLock($0, file: root.appending(layer.manifest).parent / "poetry.lock") }
        if let oldest = PoetryLayer.oldestPoetry(for: layer, lock: known) { wanted.oldest = oldest }
        let choice = try await PythonToolSelector(excluding: excluding).select(wanted, context)
        context.log("poetry: \(choice.reason)")
        tool = choice.tool
        self.layer = layer
        self.root = root
        self.interpreter = interpreter
        self.context = context
    }

    /// Runs `poetry lock`, which keeps what is locked where it still fits.
    ///
    /// - Parameter old: the lock file to start from.
    /// - Returns: the new lock file, and the directory that relative paths in it start from.
    /// - Throws: Poetry's own reason.
    func lock(startingFrom old: [UInt8]?) async throws(Diagnostic) -> (lock: [UInt8], directory: Path) {
        let copy = try PoetryCopy(layer, root: root, below: context.temporary / "poetry", context: context)
        let environment = try await makeEnvironment()
        let file = copy.directory / "poetry.lock"
        var starts: [[UInt8]?] = [old]
        // A lock file that this Poetry cannot read holds nothing up.
        if old != nil { starts.append(nil) }
        var failure = Diagnostic("could not resolve `\(layer.manifest)`: poetry was not run")
        for start in starts {
            try telling { () throws(SystemError) in
                try FileSystem.remove(file)
                if let start { try FileSystem.replace(file, with: start) }
            }
            let result = await run(
                lockCommand(.nothing), in: copy.directory, environment: environment, writable: copy.places)
            if result.succeeded, let content = try? FileSystem.read(file) { return (content, copy.directory) }
            let object = layer.manifest.description
            if let unfinished = Diagnostic.unfinished(result, "resolve", object, program: tool.executable) {
                throw unfinished
            }
            let words = PoetryFailure(result)
            failure = words.diagnostic("resolve", object, manifest: root.appending(layer.manifest))
            guard words.isAboutLock else { break }
            context.log("poetry cannot read the old lock file: resolved without it")
        }
        throw failure
    }

    /// Poetry asks it what it is, and would otherwise run the project's `.venv` or make one of its own.
    func makeEnvironment() async throws(Diagnostic) -> Path {
        try await EmptyEnvironment.make(context.temporary / "poetry-env", interpreter, context)
    }

    /// The arguments that lock, from the old pins or anew.
    func lockCommand(_ upgrade: LockUpgrade) -> [ByteString] {
        // Before 2.0 pins went unless told to stay; since then they stay unless told to go.
        var isOld = false
        if let version = PythonVersion(tool.version), let second = PythonVersion("2") { isOld = version < second }
        return switch upgrade {
        case .nothing: isOld ? ["lock", "--no-update"] : ["lock"]
        case .everything: isOld ? ["lock"] : ["lock", "--regenerate"]
        case .packages(let names): ["update", "--lock"] + names.map { ByteString($0) }
        }
    }

    func run(
        _ command: [ByteString], in directory: Path, environment: Path, writable: [Path]
    ) async -> CommandResult {
        context.log("poetry \(command.map(\.description).joined(separator: " "))")
        return await context.fetch(
            Command(
                executable: tool.executable,
                arguments: tool.leading + ["--no-plugins"] + command + ["--no-interaction", "--no-ansi"],
                environment: Self.environment(context, environment).values, workingDirectory: directory,
                writable: [context.cache, context.temporary] + writable), onLine: context.log)
    }

    /// Poetry's settings of the user's, less those that would work elsewhere; no keyring, which may ask somebody.
    static func environment(_ context: EngineContext, _ virtual: Path) -> EngineEnvironment {
        var environment = EngineEnvironment(context)
        let others = environment.values.keys.filter { $0.bytes.starts(with: Array("POETRY_VIRTUALENVS_".utf8)) }
        environment.remove(others + ["POETRY_ACTIVE", "POETRY_PROJECT", "POETRY_DIRECTORY"])
        environment["VIRTUAL_ENV"] = virtual.bytes
        environment["POETRY_CACHE_DIR"] = (context.cache / "poetry").bytes
        environment["POETRY_VIRTUALENVS_IN_PROJECT"] = "false"
        environment["POETRY_KEYRING_ENABLED"] = "false"
        environment["NO_COLOR"] = "1"
        return environment
    }
}
