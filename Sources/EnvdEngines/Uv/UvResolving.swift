package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

extension UvEngine {
    /// A fresh `uv.lock` is obeyed to the letter; a stale one gives its pins to a resolution of our own, which
    /// is not written back; without one the manifest is compiled.
    package func resolve(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter, preferring: Resolution?, context: EngineContext
    ) async throws(Diagnostic) -> Resolution {
        var context = context
        let given = context.temporary
        context.temporary = try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(given)
            return try FileSystem.canonical(given)
        }
        let place = try DynamicSource.place(layer, root: root, context: context)
        do throws(Diagnostic) {
            return try await resolve(
                layer, root: root, at: place, interpreter: interpreter, preferring: preferring, context: context
            ).restored(by: context.snapshot)
        } catch {
            // What is said of a copy is meant for the project.
            var told = error
            if let file = error.location?.file.relative(to: place) { told.location?.file = root.appending(file) }
            throw told
        }
    }

    /// - Parameter place: what stands for the project's root, or a copy of it.
    private func resolve(
        _ layer: PythonLayer, root: Path, at place: Path, interpreter: Interpreter, preferring: Resolution?,
        context: EngineContext
    ) async throws(Diagnostic) -> Resolution {
        let build = UvBuild(engine: self, layer: layer, root: place, interpreter: interpreter, context: context)
        var resolution: Resolution
        switch try LockedLayer.read(layer, root: context.place(of: root), interpreter: interpreter) {
        case .exact(let locked): resolution = locked
        case .pinned(let exact, let rest):
            resolution = try await build.compile(preferences: "", written: exact).adding(rest)
        case .partial(let pins): resolution = try await build.compile(preferences: pins)
        case .stale(let name, let pins):
            context.log("\(name) is stale: resolved anew without writing it")
            resolution = try await build.compile(preferences: pins)
            resolution.staleLock = name
        case .unlockedPipfile(let pins):
            resolution = try await build.lockPipfile(pins: pins.isEmpty ? preferring?.pins ?? "" : pins)
            resolution.staleLock = layer.lock?.path.description
        case .none where layer.lock?.path.name == "uv.lock":
            if try await build.isLockFresh() {
                resolution = try await build.export()
            } else {
                context.log("uv.lock is stale: resolved anew without writing it")
                resolution = try await build.compile(preferences: await build.staleLockPins())
                resolution.staleLock = "uv.lock"
            }
        case .none: resolution = try await build.compile(preferences: preferring?.pins ?? "")
        }
        if place != root { resolution.move(from: layer.lockDirectory(place), to: layer.lockDirectory(root)) }
        return resolution
    }
}

extension Resolution {
    /// The same choice without some packages, by normalised name: a later resolution chooses those anew.
    package func forgetting(_ names: Set<String>) -> Resolution {
        guard !names.isEmpty else { return self }
        var rest = self
        rest.hashed = RequirementsText(hashed).lines.compactMap(\.pin).filter { !names.contains($0.name) }
            .map { "\($0.name)==\($0.version)\n" }.joined()
        rest.packages = packages.filter { !names.contains($0.key) }
        return rest
    }

    /// `name==version` lines: what a later resolution starts from.
    var pins: String {
        RequirementsText(hashed).lines.compactMap(\.pin).map { "\($0.name)==\($0.version)\n" }.joined()
    }

    /// Local sources inside a copy of the project are those of the project.
    fileprivate mutating func move(from copy: Path, to root: Path) {
        let (old, new) = (PercentCoding.encoded(copy), PercentCoding.encoded(root))
        unhashed = unhashed.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let range = line.firstRange(of: "file://" + old) else { return String(line) }
            let rest = line[range.upperBound...]
            guard rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix(" ") else { return String(line) }
            return line[..<range.lowerBound] + "file://" + new + rest
        }.joined(separator: "\n")
    }
}

extension PythonLayer {
    /// Where the lock file lies, which is the workspace's root for a member of one; the project's where there is none.
    func lockDirectory(_ root: Path) -> Path { lock.map { root.appending($0.path).parent.withoutDots } ?? root }

    fileprivate var hasRelativePaths: Bool {
        requirements.contains { text in
            RequirementsText(text).lines.first?.localPath.map { !Path($0).isAbsolute } ?? false
        }
    }
}

extension UvBuild {
    /// Asks uv whether the lock file says what the manifest wants; without the network first, which is
    /// needed only where metadata has to be built or fetched.
    func isLockFresh() async throws(Diagnostic) -> Bool {
        if case .named = context.sourceBuilds { return try await isLockFreshWithoutBuilds() }
        var result = await run(["lock", "--check", "--offline"] + common)
        if result.ending != .exited(0), result.wantsNetwork { result = await run(["lock", "--check"] + common) }
        switch result.ending {
        case .exited(0): return true
        case .exited(1): return false
        default: throw diagnostic(result, "resolve", object)
        }
    }

    /// The same where what the index has only as source is not to be built: what would have to be is not locked yet.
    private func isLockFreshWithoutBuilds() async throws(Diagnostic) -> Bool {
        for mode: [ByteString] in [["--offline"], []] {
            do throws(Diagnostic) {
                let result = try await choosing(["lock", "--check"] + mode + common, by: .lock)
                if result.ending == .exited(0) { return true }
                if mode.isEmpty == false, result.wantsNetwork { continue }
                if result.ending == .exited(1) { return false }
                throw diagnostic(result, "resolve", object)
            } catch {
                if error.asks == nil { throw error }
                if mode.isEmpty { return false }
            }
        }
        return false
    }

    /// The lock file's own choice for the layer's groups and extras.
    func export() async throws(Diagnostic) -> Resolution {
        let output = context.temporary / "locked.txt"
        var arguments: [ByteString] = ["export", "--frozen", "--no-emit-project", "--format", "requirements.txt"]
        arguments += ["--no-header", "--no-annotate", "--no-default-groups"] + common
        for group in layer.groups { arguments += ["--group", ByteString(group)] }
        for extra in layer.extras { arguments += ["--extra", ByteString(extra)] }
        let result = await run(arguments + ["--quiet", "--output-file", output.bytes])
        guard result.succeeded else { throw diagnostic(result, "read", layer.lock?.path.description ?? "uv.lock") }
        // Paths are as seen from the root of the workspace.
        return try resolution(from: output, relativeTo: layer.lockDirectory(root))
    }

    /// What pipenv locks for a Pipfile; where pipenv cannot be had, what uv makes of it.
    func lockPipfile(pins: String) async throws(Diagnostic) -> Resolution {
        if let lock = layer.lock { context.log("\(lock.path) is stale: resolved anew without writing it") }
        let locker = PipenvLocker(
            layer: layer, root: root, interpreter: interpreter, context: context,
            makeEnvironment: { (place) async throws(Diagnostic) in
                let result = await run(["venv", "--no-project"] + common + [place.bytes])
                guard result.succeeded else { throw diagnostic(result, "make", "environment") }
            })
        return try await locker.resolution(pins: pins) { () async throws(Diagnostic) in
            try await compile(preferences: pins)
        }
    }

    /// All that a stale lock file pins, whatever its groups: nothing where uv cannot read it any more.
    func staleLockPins() async -> String {
        let output = context.temporary / "stale.txt"
        let result = await run(
            [
                "export", "--frozen", "--no-emit-project", "--format", "requirements.txt", "--no-header",
                "--no-annotate", "--no-hashes", "--all-groups", "--all-extras",
            ] + common + ["--quiet", "--output-file", output.bytes])
        guard result.succeeded, let content = try? FileSystem.read(output) else { return "" }
        return RequirementsText(String(decoding: content, as: UTF8.self)).lines.compactMap { line in
            line.pin.map { "\($0.name)==\($0.version)" + (line.marker.map { " ; \($0)" } ?? "") + "\n" }
        }.joined()
    }

    /// Resolves the manifest; what `preferences` pins stays where it still fits.
    ///
    /// - Parameter written: a layer whose lines are resolved in place of the manifest.
    func compile(preferences: String, written: PythonLayer? = nil) async throws(Diagnostic) -> Resolution {
        // uv reads the pins of the output file that it is to replace.
        let output = try write("requirements.txt", preferences)
        let sources = if let written { try write(written) } else { try self.sources() }
        if sources.isEmpty { return Resolution(hashed: "", unhashed: "", packages: [:]) }
        var extras: [ByteString] = []
        for extra in layer.extras where [.pyproject, .setuptools].contains(layer.format) && written == nil {
            extras += ["--extra", ByteString(extra)]
        }
        var arguments = common
        // The negative options stand against a `[tool.uv.pip]` table.
        arguments += [
            "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
            "--no-emit-build-options", "--no-emit-index-annotation", "--no-universal", "--strip-markers",
            "--strip-extras", "--quiet", "--output-file", output.bytes,
        ]
        let local = layer.localDirectories(root)
        var result = try await choosing(["pip", "compile"] + sources + extras + arguments, writable: local)
        var buildable: BuildableSources?
        if UvSourceRefusal(result).isOfLocal {
            let these = try BuildableSources(sources, of: self)
            result = try await choosing(["pip", "compile"] + these.words + arguments, writable: local)
            buildable = these
        }
        guard result.succeeded else { throw diagnostic(result, "resolve", object) }
        // A source of `[tool.uv.sources]` comes out as it is written there.
        var found = try resolution(
            from: output,
            relativeTo: layer.format == .pyproject && written == nil && buildable == nil ? root : nil)
        buildable?.restore(&found)
        return found
    }

    /// What uv is to resolve, as uv names it.
    func sources() throws(Diagnostic) -> [ByteString] {
        switch layer.format {
        case .pyproject: try pyprojectSources()
        // uv takes relative paths from where it runs, which is not the project; and a stale lock file that others
        // name with `-c` must not hold them, nor one that is not made yet.
        case .requirements
        where layer.hasRelativePaths || layer.lock != nil
            || layer.companions.contains { $0.lock != nil || $0.manifest.description.hasSuffix(".in") }:
            try write(layer)
        case .requirements: [manifest.bytes] + layer.companions.map { root.appending($0.manifest).bytes }
        case .setuptools where layer.project != nil || layer.manifest == "setup.py":
            // The backend is asked, for what setup.py says only it knows.
            [layer.manifest == "setup.py" ? manifest.bytes : (root / "pyproject.toml").bytes]
        case .poetry, .rye, .pipenv, .pylock, .setuptools, .condaPip: try write(layer)
        }
    }

    /// A layer's own lines as a requirements file of this build: for formats that uv does not read.
    func write(_ layer: PythonLayer) throws(Diagnostic) -> [ByteString] {
        let lines = PipRequirements(layer, root: root, asURLs: true)
        guard !lines.isEmpty else { return [] }
        let header = IndexOptions(layer, root: root).header + lines.options
        let file = try write("manifest.in", header + lines.requirements)
        guard !lines.constraints.isEmpty else { return [file.bytes] }
        return [file.bytes, "--constraints", try write("constraints.txt", lines.constraints).bytes]
    }

    /// pyproject.toml and its groups. One that is no project has groups alone: as a source of its own it would be
    /// built.
    private func pyprojectSources() throws(Diagnostic) -> [ByteString] {
        let manifest = manifest
        let content = try telling { () throws(SystemError) in try FileSystem.read(manifest) }
        let isProject = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline).contains { line in
            let text = line.filter { !$0.isWhitespace }
            return ["[project]", "[project.", "project.", "project=", "[build-system]"].contains { text.hasPrefix($0) }
        }
        let groups = layer.groups.flatMap { ["--group", manifest.bytes + ":" + ByteString($0)] as [ByteString] }
        return (isProject ? [manifest.bytes] : []) + groups
    }

    /// - Parameter place: where relative paths start; nil: where uv runs.
    private func resolution(from file: Path, relativeTo place: Path? = nil) throws(Diagnostic) -> Resolution {
        let content = try telling { () throws(SystemError) in try FileSystem.read(file, limit: 64 << 20) }
        var text = RequirementsText(String(decoding: content, as: UTF8.self))
        // uv pins whatever an index has. A word without a version is a directory, as `[tool.uv.sources]` has it.
        for (index, line) in text.lines.enumerated()
        where line.pin == nil && line.hashes.isEmpty && line.localPath == nil && !line.requirement.contains("://") {
            text.lines[index].requirement = "./" + line.requirement
        }
        // uv writes relative paths as they are seen from the file's directory, which is the working directory.
        return text.resolution(
            relativeTo: place ?? context.temporary, environment: MarkerEnvironment(interpreter: interpreter))
    }
}
