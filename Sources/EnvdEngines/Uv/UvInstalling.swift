package import EnvdCore
internal import EnvdSystem

extension UvEngine {
    /// A seeded environment, then what carries hashes, then what cannot, then the project itself.
    package func install(
        _ resolution: Resolution, layer: PythonLayer, root: Path, name: ByteString, interpreter: Interpreter,
        into prefix: Path, context: EngineContext
    ) async throws(Diagnostic) {
        let build = UvBuild(engine: self, layer: layer, root: root, interpreter: interpreter, context: context)
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(context.temporary) }
        try await build.fill(prefix, name: name, with: resolution)
        // Somebody edited a file that uv's cache shares with the environments: what it holds of the package goes. What
        // else differs does so since it left its authors.
        let damage = PackageDamage.find(in: prefix).filter { $0.kind == .edited }
        guard !damage.isEmpty else { return }
        for one in damage.prefix(5) { context.log("in the cache, \(one): it is fetched anew") }
        let names = Set(damage.map(\.distribution)).sorted().map { ByteString($0) }
        let cleaned = await build.run(["cache", "clean"] + names)
        guard cleaned.succeeded else { throw build.diagnostic(cleaned, "mend", "the cache of uv") }
        try telling { () throws(SystemError) in try FileSystem.remove(prefix) }
        try await build.fill(prefix, name: name, with: resolution)
    }
}

extension UvBuild {
    /// What every command about a prefix is told.
    func python(of prefix: Path) -> [ByteString] {
        ["--project", settings.bytes, "--python", (prefix / "bin/python").bytes]
    }

    /// The whole of it, where nothing is yet.
    fileprivate func fill(_ prefix: Path, name: ByteString, with resolution: Resolution) async throws(Diagnostic) {
        try await makePrefix(prefix, name: name)
        try await installHashed(resolution, into: prefix)
        try await installLocal(resolution, into: prefix)
    }

    /// An environment with pip in it: offline where uv's cache has one.
    func makePrefix(_ prefix: Path, name: ByteString) async throws(Diagnostic) {
        var result: CommandResult?
        // What a requirements file says of indexes is not read here, and pip comes from there too.
        var build = self
        if let index = IndexOptions(layer, root: root).defaultIndex {
            build.context.userEnvironment["UV_DEFAULT_INDEX"] = ByteString(
                IndexOptions.expanded(index, context.userEnvironment))
        }
        let prompt = ByteString(name.bytes.filter { $0 >= 0x20 })
        // Settings that leave uv no index leave it no pip, but for the one that it has.
        let modes: [[ByteString]] = [["--seed", "--offline"], ["--seed"], ["--seed", "--offline", "--no-config"]]
        var isNowhere = false
        for mode in modes where result?.succeeded != true {
            if let earlier = result {
                guard case .exited = earlier.ending, earlier.wantsNetwork || earlier.lacksPip else { break }
                try telling { () throws(SystemError) in try FileSystem.remove(prefix) }
            }
            result = await build.run(
                ["venv"] + mode + ["--no-project"] + common + ["--prompt=" + prompt, prefix.bytes],
                writable: [prefix.parent])
            if result?.hasIndexWithoutPip == true { isNowhere = true }
        }
        if isNowhere, let earlier = result, case .exited = earlier.ending, !earlier.succeeded {
            context.log("the index has no pip: the environment gets none")
            try telling { () throws(SystemError) in try FileSystem.remove(prefix) }
            result = await build.run(
                ["venv", "--offline", "--no-project"] + common + ["--prompt=" + prompt, prefix.bytes],
                writable: [prefix.parent])
        }
        guard let result, result.succeeded else {
            throw result.map { diagnostic($0, "make", "environment") }
                ?? Diagnostic("could not make `environment`: uv was not run")
        }
    }

    /// Exactly the pinned packages, from the cache alone where it has them all.
    func installHashed(_ resolution: Resolution, into prefix: Path) async throws(Diagnostic) {
        guard !resolution.hashed.isEmpty else { return }
        let indexes = IndexOptions(layer, root: root)
        let limits = limits(for: resolution.hashed)
        let file = try write("hashed.txt", indexes.header + limits + resolution.hashed)
        var command: [ByteString] = ["pip", "sync"] + python(of: prefix) + ["--require-hashes"]
        // The hashes decide which file is meant; without this uv looks no further than the first index that
        // knows the name.
        if indexes.isMixed { command += ["--index-strategy", "unsafe-best-match"] }
        let arguments = command + [file.bytes]
        var result = await run(arguments + ["--offline"], writable: [prefix.parent])
        if case .exited = result.ending, !result.succeeded, result.wantsNetwork {
            result = await run(arguments, writable: [prefix.parent])
        }
        if case .exited = result.ending, !result.succeeded, layer.format == .pylock {
            // The files may lie where no index of the user's knows them: uv goes to the addresses in the file.
            context.log("the index does not have all of it: going by the addresses in \(object)")
            result = await run(
                ["pip", "sync"] + python(of: prefix) + layer.extras.flatMap { ["--extra", ByteString($0)] }
                    + layer.groups.flatMap { ["--group", ByteString($0)] }
                    + limits.split { $0.isWhitespace }.map { ByteString(String($0)) }
                    + ["--preview-features", "pylock", settings.appending(layer.manifest).bytes],
                writable: [prefix.parent])
        }
        try await ask(about: result, resolution.hashed, indexes.header, command)
        guard result.succeeded else { throw diagnostic(result, "install", object) }
        // Below Python 3.12 uv seeds wheel too, and its sync takes away the `packaging` that wheel needs.
        let installed = SitePackages.distributions(in: prefix)
        guard installed["wheel"] != nil, installed["packaging"] == nil else { return }
        try telling { () throws(SystemError) in try SitePackages.remove("wheel", from: prefix) }
    }

    /// Editables, directories, git and URLs, without their dependencies, which are pinned; then the project.
    func installLocal(_ resolution: Resolution, into prefix: Path) async throws(Diagnostic) {
        let sources = LocalSources(resolution, layer: layer, root: root)
        guard !sources.isEmpty else { return }
        let header = IndexOptions(layer, root: root).header
        let file = try write("unhashed.txt", header + limits(for: sources.text) + sources.text)
        let command: [ByteString] = ["pip", "install", "--no-deps"] + python(of: prefix)
        let arguments = command + ["--requirements", file.bytes]
        let writable = [prefix.parent] + sources.directories
        // A build backend of the project's may take its time: nobody waits for that to download.
        let isLocal = !sources.text.replacing("file://", with: "").contains("://")
        var result = await run(arguments, writable: writable, isLocal: isLocal)
        if case .exited = result.ending, !result.succeeded, UvFailure(result.standardError).isNetwork {
            // What the build needs may all be in the cache.
            let offline = await run(arguments + ["--offline"], writable: writable)
            if offline.succeeded { result = offline }
        }
        try await ask(about: result, sources.text, header, command + ["--requirements"])
        guard result.succeeded else { throw diagnostic(result, "install", object) }
    }
}
