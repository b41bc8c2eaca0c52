internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// pipenv (<https://pipenv.pypa.io/>), which locks a scratch copy where a Pipfile.lock is stale or missing. uv
/// installs what it chose.
struct PipenvLocker {
    let layer: PythonLayer
    let root: Path
    let interpreter: Interpreter
    let context: EngineContext
    /// Makes the throw-away environment whose Python pipenv resolves for.
    let makeEnvironment: (Path) async throws(Diagnostic) -> Void

    /// What the layer's sections of a new lock file pin; where pipenv cannot be had, what another engine makes of
    /// the Pipfile.
    func resolution(
        pins: String, orElse: () async throws(Diagnostic) -> Resolution
    ) async throws(Diagnostic) -> Resolution {
        if let locked = try await resolution(pins: pins) { return locked }
        return try await orElse()
    }

    /// The same; nil where pipenv cannot be had, which the log says.
    func resolution(pins: String) async throws(Diagnostic) -> Resolution? {
        let choice: PythonToolSelector.Choice
        do throws(Diagnostic) {
            choice = try await PythonToolSelector(excluding: [root]).select(EngineCatalogue.pipenv, context)
        } catch {
            if error.isCancellation { throw error }
            context.log("\(error.message): the Pipfile is resolved without pipenv")
            return nil
        }
        context.log("pipenv: \(choice.reason)")
        let file = try await lock(choice.tool, pins: pins)
        let content = try telling { () throws(SystemError) in try FileSystem.read(file, limit: 32 << 20) }
        return try PipfileLock(content, file: file).resolution(
            layer.groups, relativeTo: root, environment: MarkerEnvironment(interpreter: interpreter))
    }

    /// What pipenv locks, starting from old pins as far as it can: it knows no preferences, so that what the
    /// Pipfile itself names is held where the old version still fits, and all is tried anew where that fails.
    ///
    /// - Parameter pins: `name==version` lines.
    /// - Returns: the lock file, in the scratch directory.
    /// - Throws: pipenv's own reason.
    func lock(_ tool: PythonToolDiscovery.Found, pins: String) async throws(Diagnostic) -> Path {
        let (environment, place) = (environment, try scratch())
        try telling { () throws(SystemError) in try FileSystem.remove(environment) }
        try await makeEnvironment(environment)
        let written = try pipfile()
        let held = PipfilePins(pins).held(in: written)
        if held != written {
            let kept = await run(tool, ["lock"], held, lock: nil, in: place)
            if kept.succeeded { return place / "Pipfile.lock" }
            if let unfinished = Diagnostic.unfinished(kept, "resolve", "Pipfile", program: tool.executable) {
                throw unfinished
            }
            context.log("the earlier versions do not fit any more: locked anew")
        }
        let result = await run(tool, ["lock"], written, lock: nil, in: place)
        guard result.succeeded else { throw diagnostic(result, tool) }
        return place / "Pipfile.lock"
    }

    /// The one whose Python pipenv resolves for.
    private var environment: Path { context.temporary / "pipenv-environment" }

    /// The Pipfile as it is written.
    func pipfile() throws(Diagnostic) -> String {
        let manifest = context.place(of: root).appending(layer.manifest)
        let content = try telling { () throws(SystemError) in try FileSystem.read(manifest) }
        return String(decoding: content, as: UTF8.self)
    }

    /// Where pipenv works.
    var place: Path {
        context.temporary.appending(Path("pipenv")).appending(Path(root.name.isEmpty ? "root" : root.name))
    }

    /// A directory with the Pipfile alone, or a copy of the project where the Pipfile names directories of it.
    private func scratch() throws(Diagnostic) -> Path {
        let place = place
        try telling { () throws(SystemError) in
            try FileSystem.remove(place)
            try FileSystem.makeDirectories(place)
        }
        let locals = layer.requirements.compactMap { RequirementsText($0).lines.first?.localPath }
            .map { Path($0) }.filter { !$0.isAbsolute }
        guard !locals.isEmpty else { return place }
        try DynamicSource.copy(root, to: place, context: context)
        for local in locals where local.bytes.bytes.starts(with: "../".utf8) {
            // A neighbour of the project is one of the copy, too.
            let link = place.appending(local).withoutDots
            guard link.isWithin(context.temporary), !FileSystem.exists(link) else { continue }
            try telling { () throws(SystemError) in
                try FileSystem.makeDirectories(link.parent)
                try FileSystem.replaceLink(link, to: context.place(of: root.appending(local).withoutDots))
            }
        }
        return place
    }

    /// - Parameter lock: the lock file that pipenv finds beside the Pipfile.
    func run(
        _ tool: PythonToolDiscovery.Found, _ arguments: [ByteString], _ pipfile: String, lock: [UInt8]?, in place: Path
    ) async -> CommandResult {
        do throws(SystemError) {
            try FileSystem.makeDirectories(place)
            try FileSystem.replace(place / "Pipfile", with: Array(pipfile.utf8))
            try FileSystem.remove(place / "Pipfile.lock")
            if let lock { try FileSystem.replace(place / "Pipfile.lock", with: lock) }
        } catch {
            return CommandResult(
                ending: .notStarted(error.code), standardOutput: [], standardError: Array(error.description.utf8))
        }
        var variables = EngineEnvironment(context)
        variables.remove([
            "PIPENV_PIPFILE", "PIPENV_PYTHON", "PIPENV_IGNORE_VIRTUALENVS", "PIPENV_ACTIVE", "PIPENV_VIRTUALENV",
            "PIPENV_CUSTOM_VENV_NAME", "PIPENV_DEFAULT_CATEGORIES", "PIPENV_SKIP_LOCK", "PIPENV_VERBOSE",
            "PIPENV_VENV_IN_PROJECT", "PIPENV_USE_SYSTEM", "PIPENV_DEFAULT_PYTHON_VERSION", "PIP_REQUIRE_HASHES",
            "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_PYTHON", "PIP_NO_DEPS", "PIP_QUIET",
        ])
        variables["VIRTUAL_ENV"] = environment.bytes
        variables["PIPENV_PIPFILE"] = (place / "Pipfile").bytes
        variables["PIPENV_CACHE_DIR"] = (context.cache / "pipenv").bytes
        variables["PIP_CACHE_DIR"] = (context.cache / "pip").bytes
        variables["WORKON_HOME"] = (context.temporary / "pipenv-environments").bytes
        variables["PIPENV_VERBOSITY"] = "-1"
        if case .named(let names) = context.sourceBuilds {
            variables["PIP_ONLY_BINARY"] = ":all:"
            if !names.isEmpty { variables["PIP_NO_BINARY"] = ByteString(names.sorted().joined(separator: ",")) }
        }
        for name: ByteString in [
            "PIPENV_NOSPIN", "PIPENV_YES", "PIPENV_DONT_LOAD_ENV", "PIPENV_HIDE_EMOJIS", "NO_COLOR",
        ] {
            variables[name] = "1"
        }
        context.log("pipenv \(arguments.map(\.description).joined(separator: " "))")
        return await context.fetch(
            Command(
                executable: tool.executable, arguments: tool.leading + arguments, environment: variables.values,
                workingDirectory: place, writable: [context.cache, context.temporary]), onLine: context.log)
    }

    /// pipenv draws boxes and prints its resolver's log; the cause is the line that names an error.
    func diagnostic(_ result: CommandResult, _ tool: PythonToolDiscovery.Found) -> Diagnostic {
        if let unfinished = Diagnostic.unfinished(result, "resolve", "Pipfile", program: tool.executable) {
            return unfinished
        }
        let text = String(decoding: result.standardError + [0x0A] + result.standardOutput, as: UTF8.self)
        let lines = text.split(separator: "\n").map { String($0.trimmed) }.filter { !$0.isEmpty }
        let cause =
            ["ResolutionImpossible", "No matching distribution found for", "ERROR: ", "Error", "CRITICAL"]
            .lazy.compactMap { word in lines.last { $0.contains(word) } }.first ?? lines.last ?? "pipenv gave no reason"
        let package = cause.firstRange(of: "found for ").map { PackageName.leading(cause[$0.upperBound...]) }
        let told = Diagnostic(
            "could not resolve `Pipfile`: \(cause.replacing("ERROR: ", with: ""))",
            at: .naming(package, in: root.appending(layer.manifest)), hint: "the build's log has all that pipenv said")
        return NetworkWords.appear(in: text) ? told.ofNetwork() : told
    }
}

/// The versions that an old lock file pins, written into a Pipfile.
struct PipfilePins {
    private var pins: [String: String] = [:]

    init(_ pins: String) {
        for pin in RequirementsText(pins).lines.compactMap(\.pin) { self.pins[pin.name] = pin.version }
    }

    /// The Pipfile with each entry that stands in one line, and that the old version still meets, held to it.
    func held(in pipfile: String) -> String {
        var isInPackages = false
        return pipfile.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = line.trimmed
            if text.hasPrefix("[") {
                let ignored = ["[[source", "[source", "[requires", "[scripts", "[pipenv", "[pipfile"]
                isInPackages = !ignored.contains { text.hasPrefix($0) }
                return String(line)
            }
            guard isInPackages, let equals = line.firstIndex(of: "=") else { return String(line) }
            let name = PackageName.canonical(line[..<equals].filter { $0 != "\"" && $0 != "'" }.trimmed)
            guard let version = pins[name] else { return String(line) }
            var from = line.index(after: equals)
            if line[from...].trimmed.hasPrefix("{") {
                guard let key = line[from...].firstRange(of: "version"),
                    let next = line[key.upperBound...].firstIndex(of: "=")
                else { return String(line) }
                let before = line[..<key.lowerBound].trimmed.last
                guard before == "{" || before == "," else { return String(line) }
                from = line.index(after: next)
            }
            guard let quote = line[from...].first(where: { !$0.isWhitespace }), quote == "\"" || quote == "'",
                let start = line[from...].firstIndex(of: quote),
                let end = line[line.index(after: start)...].firstIndex(of: quote)
            else { return String(line) }
            let specifier = line[line.index(after: start)..<end].trimmed
            let isAny = specifier == "*"
            guard isAny || specifier.first.map({ "<>=!~".contains($0) }) == true,
                let parsed = PythonVersion(version),
                VersionSpecifiers(isAny ? [] : [String(specifier)])?.contain(parsed) == true
            else { return String(line) }
            return "\(line[...start])==\(version)\(line[end...])"
        }.joined(separator: "\n")
    }
}
