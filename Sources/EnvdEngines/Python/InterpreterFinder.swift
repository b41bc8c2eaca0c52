package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Finds a Python that a project may be built on.
package struct InterpreterFinder: Sendable {
    /// uv, which knows more places than PATH; nil where there is none.
    package let uv: UvEngine?
    /// Projects and the tree of generations: no interpreter there is ever run.
    package let excluding: [Path]

    package init(uv: UvEngine?, excluding: [Path]) {
        self.uv = uv
        self.excluding = excluding
    }

    /// The oldest Python that the engines work with.
    private static let oldest = ">=3.8"

    /// The first interpreter that fits: what uv finds by the user's own settings, else what PATH, pyenv and uv's
    /// directories have, else what uv may download.
    ///
    /// - Parameters:
    ///   - requiresPython: PEP 440 comparisons; empty when any will do.
    ///   - location: where a manifest says so.
    /// - Throws: which versions the machine has, where none fits.
    package func find(
        requiresPython: [String], saidAt location: Diagnostic.Location? = nil, context: EngineContext
    ) async throws(Diagnostic) -> Interpreter {
        guard let wanted = VersionSpecifiers(requiresPython), let oldest = VersionSpecifiers([Self.oldest]) else {
            throw Diagnostic(
                "could not read `\(requiresPython.joined(separator: ","))`: it is no version specifier",
                at: location, hint: "write `requires-python` as PEP 440 says, for example `>=3.11`")
        }
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(context.temporary) }
        let probe = InterpreterProbe(context: context, excluding: excluding)
        func fits(_ interpreter: Interpreter) -> Bool {
            guard let version = PythonVersion(interpreter.version) else { return false }
            return wanted.contain(version) && oldest.contain(version)
        }
        if let found = await askUv(wanted, probe), fits(found) { return found }
        var seen: [Interpreter] = []
        for program in programs(probe, wanted) {
            guard let interpreter = await probe.ask(program) else { continue }
            if fits(interpreter) { return interpreter }
            if !seen.contains(interpreter) { seen.append(interpreter) }
            if Task.isCancelled { break }
        }
        let refusal: String?
        switch await download(wanted, probe) {
        case .success(let interpreter) where fits(interpreter): return interpreter
        case .success: refusal = nil
        case .failure(let reason): refusal = reason.message
        }
        var missing = Self.missing(wanted, seen, refusal)
        missing.location = location
        throw missing
    }

    private static func missing(_ wanted: VersionSpecifiers, _ seen: [Interpreter], _ refusal: String?) -> Diagnostic {
        let wish = wanted.description.isEmpty ? oldest : wanted.description
        let there = seen.map { "\($0.version) (\($0.path))" }.joined(separator: ", ")
        let cause = there.isEmpty ? "the machine has none" : "the machine has \(there)"
        let hint = "install a python that fits, or change `requires-python`"
        return Diagnostic(
            "could not find a python for `\(wish)`: \(cause)", hint: refusal.map { "\(hint); \($0)" } ?? hint)
    }

    /// uv's own search, from a directory that says nothing.
    private func askUv(_ wanted: VersionSpecifiers, _ probe: InterpreterProbe) async -> Interpreter? {
        guard let uv else { return nil }
        var arguments: [ByteString] = ["python", "find", "--no-project", "--no-config", "--system", "--quiet"]
        if !wanted.description.isEmpty { arguments.append(ByteString(wanted.description)) }
        let context = cleaned(probe)
        func ask() async -> [UInt8]? {
            let result = await uv.run(arguments, writable: [], context: context)
            return result.succeeded ? result.standardOutput : nil
        }
        let answer: [UInt8]?
        if let identity = ProbeMemory.identity(of: uv.executable) {
            answer = await context.memory.answer(for: key(identity, arguments, context, probe), ask: ask)
        } else {
            answer = await ask()
        }
        let line = ByteString(answer ?? []).split(separator: UInt8(ascii: "\n")).first
        guard let line, Path(line).isAbsolute else { return nil }
        return await probe.ask(Path(line))
    }

    /// All that uv's search depends on: its user's settings, and which programs the places have where it looks.
    private func key(
        _ uv: ByteString, _ arguments: [ByteString], _ context: EngineContext, _ probe: InterpreterProbe
    ) -> ByteString {
        let settings = context.userEnvironment.filter { name, _ in
            name == "PATH" || name == "XDG_DATA_HOME" || name.bytes.starts(with: "UV_".utf8)
        }
        let places = probe.searchPath + [downloads(context)] + managed(context)
        var pieces = [uv] + arguments
        pieces += settings.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }
        pieces += places.map { ProbeMemory.stamp(of: $0) }
        return pieces.reduce("") { $0 + "\n" + $1 }
    }

    /// The context with a PATH on which nothing is that may not be run.
    private func cleaned(_ probe: InterpreterProbe) -> EngineContext {
        var context = probe.context
        let path = probe.searchPath.map(\.bytes.bytes).joined(separator: [UInt8(ascii: ":")])
        context.userEnvironment["PATH"] = ByteString(Array(path))
        context.log = { _ in }
        return context
    }

    /// Everything on PATH, in the system's directories, in pyenv's and in uv's that is called python: `python3`
    /// goes before `python3.13`, that before `python3.12`.
    private func programs(_ probe: InterpreterProbe, _ wanted: VersionSpecifiers) -> [Path] {
        var seen: Set<Path> = []
        let system: [Path] = ["/usr/local/bin", "/usr/bin"]
        let directories =
            probe.searchPath + system + pyenv(probe.context, wanted) + installed(probe.context)
            + downloaded(probe.context)
        return directories.flatMap { directory in
            let names = (try? FileSystem.list(directory)) ?? []
            let numbered = names.map(\.description).filter { name in
                name.hasPrefix("python3.") && name.dropFirst("python3.".count).allSatisfy(\.isNumber)
            }
            let newestFirst = numbered.sorted { minor($0) > minor($1) }
            let all = ["python3", "python"].filter { names.contains(ByteString($0)) } + newestFirst
            return all.map { directory / $0 }
        }.filter { program in
            guard FileSystem.isExecutable(program), let real = try? FileSystem.canonical(program) else { return false }
            return seen.insert(real).inserted
        }
    }

    /// pyenv's versions, newest first, less those that its name for them rules out. Its shims on PATH run only the
    /// ones that are chosen where they are called.
    private func pyenv(_ context: EngineContext, _ wanted: VersionSpecifiers) -> [Path] {
        let root = context.userEnvironment["PYENV_ROOT"].map { Path($0) } ?? context.home / ".pyenv"
        guard root.isAbsolute else { return [] }
        let names = ((try? FileSystem.list(root / "versions")) ?? []).map(\.description)
        let versions = names.compactMap { name in PythonVersion(name).map { (name, $0) } }
        return versions.filter { wanted.contain($0.1) }.sorted { $0.1 > $1.1 }.map { root / "versions/\($0.0)/bin" }
    }

    /// Where uv keeps its own Pythons; empty where a setting says nonsense.
    private func managed(_ context: EngineContext) -> [Path] {
        let data = context.userEnvironment["XDG_DATA_HOME"].map { Path($0) } ?? context.home / ".local/share"
        let place = context.userEnvironment["UV_PYTHON_INSTALL_DIR"].map { Path($0) } ?? data / "uv/python"
        return place.isAbsolute ? [place] : []
    }

    /// Those that its user let it install.
    private func installed(_ context: EngineContext) -> [Path] {
        managed(context).flatMap { place in
            ((try? FileSystem.list(place)) ?? []).filter { $0.bytes.starts(with: "cpython-".utf8) }.sorted(by: >)
                .map { place.appending(Path($0)) / "bin" }
        }
    }

    private func minor(_ name: String) -> Int { Int(name.dropFirst("python3.".count)) ?? 0 }

    /// Where a Python that uv downloads for envd goes, unless its user has a place for them.
    private func downloads(_ context: EngineContext) -> Path { context.engines / "python" }

    private func downloaded(_ context: EngineContext) -> [Path] {
        let names = (try? FileSystem.list(downloads(context))) ?? []
        return names.reversed().map { downloads(context).appending(Path($0)) / "bin" }
    }

    /// Lets uv fetch a Python where its user's settings (`python-downloads`) leave that to it: making a throw-away
    /// environment asks for one only then.
    private func download(_ wanted: VersionSpecifiers, _ probe: InterpreterProbe) async -> Result<
        Interpreter, Diagnostic
    > {
        guard let uv else { return .failure(Diagnostic("uv, which could download one, is not there")) }
        if Task.isCancelled { return .failure(Diagnostic("the search was cancelled")) }
        var context = cleaned(probe)
        context.log = probe.context.log
        let place = context.userEnvironment["UV_PYTHON_INSTALL_DIR"].map { Path($0) } ?? downloads(context)
        context.userEnvironment["UV_PYTHON_INSTALL_DIR"] = place.bytes
        // A confined child can only be given a directory that is there.
        try? FileSystem.makeDirectories(place)
        context.userEnvironment["UV_PYTHON_INSTALL_BIN"] = "0"
        let trial = context.temporary / "python-trial"
        try? FileSystem.remove(trial)
        defer { try? FileSystem.remove(trial) }
        let wish = ByteString(wanted.description.isEmpty ? Self.oldest : wanted.description)
        // Those on PATH were looked at already.
        let result = await uv.run(
            ["venv", "--no-project", "--managed-python", "--python", wish, trial.bytes],
            writable: [place.isAbsolute ? place : context.engines], context: context)
        guard result.succeeded else {
            let failure = UvFailure(result.standardError)
            return .failure(
                Diagnostic(
                    failure.isNetwork
                        ? "uv could not download one: check the network or proxy" : "uv has none that it may download"))
        }
        let program = trial / "bin/python"
        guard let real = try? FileSystem.canonical(program), let found = await probe.ask(real) else {
            return .failure(Diagnostic("the one that uv downloaded does not run"))
        }
        return .success(found)
    }
}
