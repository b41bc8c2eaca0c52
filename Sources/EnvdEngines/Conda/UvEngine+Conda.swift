package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The Python layer of a hybrid: on top of what conda put into the prefix, which stays as it is.
///
/// `uv pip sync` would take conda's packages away, and `uv venv` is not asked: the Python is conda's.
extension UvEngine {
    /// The exact packages that a Python layer adds to a prefix of conda's.
    ///
    /// uv is asked what it would install, with conda's packages as constraints: what is there already satisfies a
    /// requirement even where no index has that version. What it would install is then pinned with its hashes.
    ///
    /// - Parameters:
    ///   - prefix: filled by a conda engine, nothing else in it yet.
    ///   - preferring: an older resolution; it is kept whole where it still fits.
    /// - Throws: what a person has to know, also where the prefix has no Python.
    package func resolve(
        _ layer: PythonLayer, root: Path, onto prefix: Path, preferring: Resolution? = nil, context: EngineContext
    ) async throws(Diagnostic) -> Resolution {
        var context = context
        let given = context.temporary
        context.temporary = try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(given)
            return try FileSystem.canonical(given)
        }
        let place = try DynamicSource.place(layer, root: root, context: context)
        let interpreter = try await Self.interpreter(of: prefix, layer, root: root, context: context)
        var build = UvBuild(engine: self, layer: layer, root: place, interpreter: interpreter, context: context)
        build.project = root
        return try await resolve(build, root: root, beside: CondaPythonPackages(of: prefix), preferring: preferring)
            .restored(by: context.snapshot)
    }

    private func resolve(
        _ build: UvBuild, root: Path, beside conda: CondaPythonPackages, preferring: Resolution?
    ) async throws(Diagnostic) -> Resolution {
        let (layer, context) = (build.layer, build.context)
        switch try LockedLayer.read(layer, root: context.place(of: root), interpreter: build.interpreter) {
        case .exact(let locked): return locked.without(conda, log: context.log)
        case .none where layer.lock?.path.name == "uv.lock":
            if try await build.isLockFresh() { return try await build.export().without(conda, log: context.log) }
            context.log("uv.lock is stale: resolved anew without writing it")
            var resolution = try await build.additions(conda, pins: await build.staleLockPins())
            resolution.staleLock = "uv.lock"
            return resolution
        case .stale(let name, let pins):
            context.log("\(name) is stale: resolved anew without writing it")
            var resolution = try await build.additions(conda, pins: pins)
            resolution.staleLock = name
            return resolution
        case .partial(let pins): return try await build.additions(conda, pins: pins)
        case .pinned, .unlockedPipfile, .none:
            return try await build.additions(conda, pins: preferring?.pins ?? "", hashed: preferring?.hashed ?? "")
        }
    }

    /// Adds a resolution to a prefix of conda's, without dependencies: they are all in it, or conda's.
    package func install(
        _ resolution: Resolution, layer: PythonLayer, root: Path, onto prefix: Path, context: EngineContext
    ) async throws(Diagnostic) {
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(context.temporary) }
        let interpreter = try await Self.interpreter(of: prefix, layer, root: root, context: context)
        let build = UvBuild(engine: self, layer: layer, root: root, interpreter: interpreter, context: context)
        if !resolution.hashed.isEmpty {
            let indexes = IndexOptions(layer, root: root)
            let file = try build.write(
                "hashed.txt", indexes.header + build.limits(for: resolution.hashed) + resolution.hashed)
            var command: [ByteString] =
                ["pip", "install"] + build.python(of: prefix) + ["--no-deps", "--require-hashes"]
            if indexes.isMixed { command += ["--index-strategy", "unsafe-best-match"] }
            command.append("--requirements")
            let arguments = command + [file.bytes]
            var result = await build.run(arguments + ["--offline"], writable: [prefix])
            if case .exited = result.ending, !result.succeeded, result.wantsNetwork {
                result = await build.run(arguments, writable: [prefix])
            }
            try await build.ask(about: result, resolution.hashed, indexes.header, command)
            guard result.succeeded else { throw build.diagnostic(result, "install", build.object) }
        }
        try await build.installLocal(resolution, into: prefix)
    }

    private static func interpreter(
        of prefix: Path, _ layer: PythonLayer, root: Path, context: EngineContext
    ) async throws(Diagnostic) -> Interpreter {
        guard let found = await InterpreterProbe(context: context, excluding: []).ask(prefix / "bin/python") else {
            throw Diagnostic(
                "could not install `\(layer.manifest)`: the conda packages bring no python",
                at: .init(file: root.appending(layer.manifest)),
                hint: "add `python` to the dependencies of the conda environment")
        }
        return found
    }
}

extension UvBuild {
    /// What uv would install into a prefix beside conda's packages, pinned.
    ///
    /// - Parameters:
    ///   - pins: versions that stay where all of them still fit.
    ///   - hashed: lines with hashes that are known already.
    fileprivate func additions(
        _ conda: CondaPythonPackages, pins: String, hashed: String = ""
    ) async throws(Diagnostic) -> Resolution {
        let wanted = try sources()
        guard !wanted.isEmpty else { return Resolution(hashed: "", unhashed: "", packages: [:]) }
        return try await additions(conda, pins: pins, hashed: hashed, from: wanted)
    }

    /// - Parameter isBuilt: whether the project stands among the sources as a requirement.
    private func additions(
        _ conda: CondaPythonPackages, pins: String, hashed: String, from wanted: [ByteString],
        buildable: BuildableSources? = nil
    ) async throws(Diagnostic) -> Resolution {
        let constraints = try write("conda.txt", conda.constraints)
        var arguments: [ByteString] = ["pip", "install", "--dry-run"] + common + ["--constraints", constraints.bytes]
        var isValue = false
        for word in wanted {
            // `pip compile` takes files as they are, `pip install` by an option.
            let isOption = word.bytes.starts(with: Array("--".utf8))
            arguments += isOption || isValue ? [word] : ["--requirements", word]
            isValue = isOption
        }
        for extra in layer.extras where [.pyproject, .setuptools].contains(layer.format) && buildable == nil {
            arguments += ["--extra", ByteString(extra)]
        }
        var result: CommandResult?
        let free = RequirementsText(pins).lines.filter { line in
            line.pin.map { !conda.versions.keys.contains($0.name) } ?? false
        }
        if !free.isEmpty {
            let text = free.map { $0.requirement + ($0.marker.map { " ; \($0)" } ?? "") + "\n" }.joined()
            // Versions that only go from source are asked for below, where they are needed.
            let kept = try? await choosing(
                arguments + ["--constraints", try write("earlier.txt", text).bytes],
                writable: layer.localDirectories(root))
            if kept?.succeeded == true { result = kept }
        }
        if result == nil { result = try await choosing(arguments, writable: layer.localDirectories(root)) }
        if buildable == nil, let result, UvSourceRefusal(result).isOfLocal {
            let these = try BuildableSources(wanted, of: self)
            var resolution = try await additions(
                conda, pins: pins, hashed: hashed, from: these.words, buildable: these)
            these.restore(&resolution)
            return resolution
        }
        guard let result, result.succeeded else {
            var told = result.map { diagnostic($0, "resolve", object) } ?? Diagnostic("could not resolve `\(object)`")
            let said = String(decoding: result?.standardError ?? [], as: UTF8.self)
            let held = conda.versions.sorted { $0.key < $1.key }.filter { said.contains("\($0.key)==\($0.value)") }
            if !held.isEmpty {
                let names = held.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
                told.hint = (told.hint.map { "\($0)\n" } ?? "") + "\(names): conda's, so that uv may not change it"
            }
            throw told
        }
        return try await pinned(Additions(result.standardError), conda, known: RequirementsText(hashed).lines)
    }

    private func pinned(
        _ additions: Additions, _ conda: CondaPythonPackages, known: [RequirementsText.Line]
    ) async throws(Diagnostic) -> Resolution {
        if let lost = additions.removed.first(where: { conda.versions[$0] != nil }) {
            throw Diagnostic(
                "could not resolve `\(object)`: it would replace `\(lost)`, which conda installed",
                at: .naming(lost, in: manifest), hint: "ask for another version of \(lost) in the conda dependencies")
        }
        let written = RequirementsText(PipRequirements(layer, root: root, asURLs: true).requirements).lines
        let editables = Set(written.filter(\.isEditable).compactMap(\.localPath))
        let direct = additions.direct.map { name, url in
            let path = url.hasPrefix("file://") ? PercentCoding.decoded(url.dropFirst("file://".count)) : nil
            return path.map { editables.contains($0) } ?? false ? "-e \(url)\n" : "\(name) @ \(url)\n"
        }
        var resolution = Resolution(hashed: "", unhashed: direct.joined(), packages: additions.packages)
        guard !additions.pins.isEmpty else { return resolution }
        let wanted = RequirementsText(additions.pins).lines.compactMap(\.pin).map { "\($0.name)==\($0.version)" }
        let hashes = Dictionary(
            known.compactMap { line in
                line.hashes.isEmpty ? nil : line.pin.map { ("\($0.name)==\($0.version)", line.text) }
            }, uniquingKeysWith: { $1 })
        if wanted.allSatisfy({ hashes[$0] != nil }) {
            resolution.hashed = wanted.compactMap { hashes[$0] }.joined()
            return resolution
        }
        let input = try write("additions.in", IndexOptions(layer, root: root).header + additions.pins)
        let output = context.temporary / "additions.txt"
        let result = try await choosing(
            ["pip", "compile", input.bytes] + common + [
                "--no-deps", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
                "--no-emit-find-links", "--no-emit-build-options", "--no-emit-index-annotation", "--no-universal",
                "--strip-extras", "--quiet", "--output-file", output.bytes,
            ])
        guard result.succeeded else { throw diagnostic(result, "resolve", object) }
        let content = try telling { () throws(SystemError) in try FileSystem.read(output, limit: 64 << 20) }
        let hashed = RequirementsText(String(decoding: content, as: UTF8.self)).resolution(
            relativeTo: context.temporary, environment: MarkerEnvironment(interpreter: interpreter))
        resolution = hashed.adding(resolution)
        return resolution
    }
}

/// What `uv pip install --dry-run` says that it would do.
private struct Additions {
    /// `name==version` lines.
    var pins = ""
    /// What comes from an address of its own.
    var direct: [(name: String, url: String)] = []
    var packages: [String: String] = [:]
    /// Normalised names.
    var removed: [String] = []

    /// ` + name==1.2`, ` + name @ file:///…`, ` + name==1.2 (from https://…)`, ` - name==1.1`.
    init(_ standardError: [UInt8]) {
        for line in String(decoding: standardError, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 2, words[0] == "+" || words[0] == "-" else { continue }
            let equals = words[1].firstRange(of: "==")
            let name = PackageName.canonical(words[1][..<(equals?.lowerBound ?? words[1].endIndex)])
            if words[0] == "-" {
                removed.append(name)
            } else if words.count >= 4, words[2] == "@" || words[2] == "(from" {
                let url = String(words[2] == "@" ? words[3] : words[3].dropLast())
                direct.append((name, url))
                packages[name] = equals.map { String(words[1][$0.upperBound...]) } ?? url
            } else if let equals {
                pins += "\(words[1])\n"
                packages[name] = String(words[1][equals.upperBound...])
            }
        }
    }
}
