internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What the calls of one build with pip share.
struct PipBuild: Sendable {
    let engine: PipEngine
    let layer: PythonLayer
    let root: Path
    let interpreter: Interpreter
    let context: EngineContext

    /// - Parameter isFetch: whether it may download.
    func run(
        _ executable: Path, _ arguments: [ByteString], writable: [Path], isFetch: Bool = false
    ) async -> CommandResult {
        let command = Command(
            executable: executable, arguments: arguments, environment: PipEngine.environment(context).values,
            workingDirectory: context.temporary, writable: [context.cache, context.temporary] + writable)
        return isFetch
            ? await context.fetch(command, onLine: context.log)
            : await context.runner.run(command, onLine: context.log)
    }

    /// pip of an environment, kept from the working directory's and the user's modules.
    func pip(of prefix: Path, _ arguments: [ByteString], writable: [Path]) async -> CommandResult {
        context.log("pip \(arguments.first?.description ?? "")")
        return await run(prefix / "bin/python", ["-I", "-m", "pip"] + arguments, writable: writable, isFetch: true)
    }

    /// `python -m venv`; where that Python has no ensurepip, another one's pip brings pip in.
    func makePrefix(_ prefix: Path, name: ByteString) async throws(Diagnostic) {
        let prompt = ByteString(name.bytes.filter { $0 >= 0x20 })
        let words: [ByteString] = ["-I", "-m", "venv", "--prompt=" + prompt]
        let whole = await run(interpreter.path, words + [prefix.bytes], writable: [prefix.parent])
        if whole.succeeded { return }
        guard case .exited = whole.ending else { throw diagnostic(whole, "make", "environment") }
        try telling { () throws(SystemError) in try FileSystem.remove(prefix) }
        let bare = await run(interpreter.path, words + ["--without-pip", prefix.bytes], writable: [prefix.parent])
        guard bare.succeeded else {
            if Diagnostic.unfinished(bare, "", "", program: interpreter.path) != nil {
                throw diagnostic(bare, "make", "environment")
            }
            throw Diagnostic(
                "could not make `environment`: `\(interpreter.path) -m venv` failed",
                hint: "install the venv module (Debian: the package python3-venv), or uv")
        }
        let seeded = await run(
            engine.python,
            ["-I", "-m", "pip", "--python", (prefix / "bin/python").bytes, "install", "pip"],
            writable: [prefix.parent], isFetch: true)
        guard seeded.succeeded else { throw diagnostic(seeded, "make", "environment") }
    }

    /// A dry run of pip's resolver, kept from building those packages that nobody allowed.
    ///
    /// - Throws: the package without a wheel that fits, as a question to the user.
    func choose(
        _ sources: PipRequirements, constraints: String, in resolver: Path
    ) async throws(Diagnostic) -> Result<Resolution, Diagnostic> {
        guard case .named(let granted) = context.sourceBuilds else {
            return try await choose(sources, constraints: constraints, limits: "", in: resolver)
        }
        // pip takes what may be built by its source alone: where that does not fit, by its wheels.
        let wheels = "--only-binary :all:\n"
        let built = granted.sorted().map { "--no-binary \($0)\n" }.joined()
        var outcome = try await choose(sources, constraints: constraints, limits: wheels + built, in: resolver)
        if case .failure = outcome, !built.isEmpty {
            outcome = try await choose(sources, constraints: constraints, limits: wheels, in: resolver)
        }
        return outcome
    }

    private func choose(
        _ sources: PipRequirements, constraints: String, limits: String, in resolver: Path
    ) async throws(Diagnostic) -> Result<Resolution, Diagnostic> {
        let options = sources.options + limits + IndexOptions.header(forPip: layer, root: root)
        let requirements = try write("requirements.in", options + sources.requirements)
        let limits = try write("constraints.txt", sources.constraints + constraints)
        let report = context.temporary / "report.json"
        let result = await pip(
            of: resolver,
            [
                "install", "--dry-run", "--ignore-installed", "--quiet", "--report", report.bytes, "-r",
                requirements.bytes, "-c", limits.bytes,
            ], writable: sources.directories)
        guard result.succeeded else {
            if case .exited = result.ending, let asked = question(of: result), constraints.isEmpty { throw asked }
            return .failure(diagnostic(result, "resolve"))
        }
        // pip's report is JSON, which the Python at hand reads.
        let lines = await run(
            resolver / "bin/python", ["-I", "-c", ByteString(Self.reportReader), report.bytes], writable: [])
        guard lines.succeeded else { return .failure(diagnostic(lines, "resolve")) }
        return .success(
            RequirementsText(String(decoding: lines.standardOutput, as: UTF8.self)).resolution(
                relativeTo: context.temporary, environment: MarkerEnvironment(interpreter: interpreter)))
    }

    /// The package that pip finds no file of, where files to build it from do not count.
    private func question(of result: CommandResult) -> Diagnostic? {
        guard let name = PipFailure(result.standardError).missing.map({ PackageName.canonical($0) }),
            !context.sourceBuilds.allows(name)
        else { return nil }
        return .sourceDistributions([name], of: layer.manifest.description, manifest: root.appending(layer.manifest))
    }

    /// What nobody allowed to be built, for `--only-binary` lines.
    func limits(for resolution: String) -> String {
        guard case .named = context.sourceBuilds else { return "" }
        let names = Set(RequirementsText(resolution).lines.compactMap(\.pin).map(\.name))
        return names.filter { !context.sourceBuilds.allows($0) }.sorted().map { "--only-binary \($0)\n" }.joined()
    }

    /// - Throws: as a question to the user, where an exact package has no wheel.
    func ask(about result: CommandResult) throws(Diagnostic) {
        if case .exited = result.ending, !result.succeeded, let asked = question(of: result) { throw asked }
    }

    /// The installation report (pip's documentation, "Installation Report", version 1) as requirement lines.
    private static let reportReader = """
        import json, sys
        with open(sys.argv[1], encoding='utf-8') as file:
            report = json.load(file)
        for item in sorted(report['install'], key=lambda item: item['metadata']['name'].lower()):
            name, version = item['metadata']['name'], item['metadata']['version']
            info = item['download_info']
            archive = info.get('archive_info', {})
            hashes = archive.get('hashes') or {}
            if not hashes and archive.get('hash'):
                hashes = dict([archive['hash'].split('=', 1)])
            tail = ''.join(' --hash=%s:%s' % pair for pair in sorted(hashes.items()) if pair[0] == 'sha256')
            if info.get('dir_info') is not None:
                editable = info['dir_info'].get('editable')
                print('-e ' + info['url'] if editable else '%s @ %s' % (name, info['url']))
            elif info.get('vcs_info') is not None:
                vcs = info['vcs_info']
                print('%s @ %s+%s@%s' % (name, vcs['vcs'], info['url'], vcs['commit_id']))
            elif item.get('is_direct'):
                print('%s @ %s%s' % (name, info['url'], tail))
            else:
                print('%s==%s%s' % (name, version, tail))
        """

    func write(_ name: String, _ text: String) throws(Diagnostic) -> Path {
        let file = context.temporary / name
        try telling { () throws(SystemError) in try FileSystem.replace(file, with: Array(text.utf8)) }
        return file
    }

    func diagnostic(_ result: CommandResult, _ verb: String, _ object: String? = nil) -> Diagnostic {
        let manifest = root.appending(layer.manifest)
        let object = object ?? layer.manifest.description
        return Diagnostic.unfinished(result, verb, object, program: engine.python)
            ?? PipFailure(result.standardError).diagnostic(verb, object, manifest: manifest)
    }
}
