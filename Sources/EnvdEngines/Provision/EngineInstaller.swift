package import EnvdCore
internal import EnvdSystem

/// Installs envd's own pinned engines below its data directory: uv by the machine's pip, tools in Python by uv.
package struct EngineInstaller: Sendable {
    /// Projects and the tree of generations: no Python there is ever run.
    package let excluding: [Path]

    package init(excluding: [Path]) { self.excluding = excluding }

    /// The pinned uv, installed where it is missing: whole or not at all, by one rename.
    ///
    /// pip checks the hash of what it fetches, by the user's own index settings.
    /// - Throws: why it could not be had; the pip engine is what is left then.
    package func installUv(_ context: EngineContext) async throws(Diagnostic) -> UvEngine {
        let entry = EngineCatalogue.uv
        return try await InstallationTurns.shared.run(context.engines / entry.directoryName) {
            () async throws(Diagnostic) in try await install(entry, context)
        }
    }

    private func install(
        _ entry: EngineCatalogue.Entry, _ context: EngineContext
    ) async throws(Diagnostic) -> UvEngine {
        let discovery = UvDiscovery(context: context, excluding: excluding)
        if let own = await discovery.own() { return UvEngine(executable: own.path, version: own.version) }
        let place = try await place(entry.directoryName, context) { (staging) async throws(Diagnostic) in
            let requirements = context.temporary / "engine.txt"
            try telling { () throws(SystemError) in
                try FileSystem.replace(requirements, with: Array(entry.requirement.utf8))
            }
            try await fetch(entry, requirements, into: staging, context: context)
            guard let found = await discovery.ask(staging / "bin/uv"), found.version == entry.version else {
                throw Diagnostic("could not install `\(entry.name) \(entry.version)`: it does not run on this machine")
            }
        }
        return UvEngine(executable: place / "bin/uv", version: entry.version)
    }

    /// Fills a directory of another name and gives it its own when it is whole, by one rename.
    ///
    /// - Parameter fill: makes the directory and checks that what is in it runs.
    /// - Returns: the directory below `engines`.
    func place(
        _ name: String, _ context: EngineContext, fill: (Path) async throws(Diagnostic) -> Void
    ) async throws(Diagnostic) -> Path {
        let place = context.engines / name
        let staging = context.engines / "\(name).\(UInt32.random(in: 0 ... .max)).tmp"
        try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(context.engines)
            try FileSystem.makeDirectories(context.temporary)
            try removeLeftovers(of: name, in: context.engines)
        }
        defer { try? FileSystem.remove(staging) }
        try await fill(staging)
        try telling { () throws(SystemError) in
            try FileSystem.syncFileSystem(of: staging)
            try FileSystem.remove(place)
            try FileSystem.rename(staging, to: place)
            try FileSystem.syncDirectory(context.engines)
        }
        return place
    }

    /// What an installation of the same engine left that was killed.
    private func removeLeftovers(of engine: String, in engines: Path) throws(SystemError) {
        for name in try FileSystem.list(engines)
        where name.bytes.starts(with: Array("\(engine).".utf8))
            && name.bytes.suffix(4).elementsEqual(Array(".tmp".utf8))
        {
            try FileSystem.remove(engines.appending(Path(name)))
        }
    }

    private func fetch(
        _ entry: EngineCatalogue.Entry, _ requirements: Path, into staging: Path, context: EngineContext
    ) async throws(Diagnostic) {
        let object = "\(entry.name) \(entry.version)"
        guard let python = await MachinePip(excluding: excluding).python(context) else {
            throw Diagnostic(
                "could not install `\(object)`: the machine has no python that could fetch it",
                hint: "install uv yourself, or a python with pip")
        }
        let arguments: [ByteString] = [
            "-I", "-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-compile",
            "--target", staging.bytes, "-r", requirements.bytes,
        ]
        let build = MachinePip.command(python, arguments, context: context, writable: [context.engines])
        context.log("installing \(object) for envd itself")
        var result = await context.fetch(build, onLine: context.log)
        if case .exited = result.ending, !result.succeeded,
            String(decoding: result.standardError, as: UTF8.self).contains("No module named pip")
        {
            let borrowed = context.temporary / "pip"
            let venv = MachinePip.command(python, ["-I", "-m", "venv", borrowed.bytes], context: context, writable: [])
            let made = await context.runner.run(venv, onLine: context.log)
            if made.succeeded {
                let own = MachinePip.command(
                    borrowed / "bin/python", arguments, context: context, writable: [context.engines])
                result = await context.fetch(own, onLine: context.log)
            }
        }
        guard !result.succeeded else { return }
        if let unfinished = Diagnostic.unfinished(result, "install", object, program: python) { throw unfinished }
        var told = PipFailure(result.standardError).diagnostic("install", object, manifest: requirements)
        told.location = nil
        told.hint = "install uv yourself, or see to it that pip reaches an index"
        throw told
    }
}
