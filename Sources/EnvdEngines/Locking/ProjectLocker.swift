package import EnvdCore
internal import EnvdManifest
internal import EnvdSystem

/// Brings the lock files of a project up to date in the project itself, each by the tool that it belongs to.
///
/// The one part of the engines that writes into projects, and only because its user asked for just that.
package struct ProjectLocker: Sendable {
    package let layer: PythonLayer
    package let root: Path
    /// Projects and the tree of generations: no tool there is ever run.
    package let excluding: [Path]
    package let context: EngineContext
    /// Indexes and links that the project's user allowed, as people are shown them; nil: any.
    package let allowed: Set<String>?

    package init(
        _ layer: PythonLayer, root: Path, excluding: [Path], context: EngineContext, allowed: Set<String>? = nil
    ) {
        self.layer = layer
        self.allowed = allowed
        self.root = root
        self.excluding = excluding
        self.context = context
    }

    /// Old pins stay where they still fit, but for those that are to be chosen anew. A file that is up to date is not
    /// touched; where the tool fails all files are as they were.
    ///
    /// - Parameter wish: where a manifest says which Python it wants.
    /// - Throws: the tool's own reason, or why the project has nothing to lock.
    package func lock(
        _ upgrade: LockUpgrade, wish: Diagnostic.Location? = nil
    ) async throws(Diagnostic) -> LockUpdate {
        if let refusal { throw refusal }
        do throws(Diagnostic) {
            return try await lock(upgrade, in: context.place(of: root), wish: wish)
        } catch {
            throw error.restored(by: context.snapshot)
        }
    }

    /// - Parameter root: the project's, or what stands for it: see `InputSnapshot`.
    private func lock(
        _ upgrade: LockUpgrade, in root: Path, wish: Diagnostic.Location?
    ) async throws(Diagnostic) -> LockUpdate {
        var context = context
        let given = context.temporary
        context.temporary = try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(given)
            return try FileSystem.canonical(given)
        }
        let choice = try await EngineSelector(excluding: excluding).select(context)
        let interpreter = try await InterpreterFinder(uv: choice.uv, excluding: excluding).find(
            requiresPython: layer.requiresPython, saidAt: wish, context: context)
        context.log("python: \(interpreter.version) (\(interpreter.path))")
        switch layer.format {
        case .poetry:
            return try await PoetryLocking.update(
                layer, root: root, interpreter: interpreter, excluding: excluding, upgrade, context)
        case .pipenv:
            return try await PipenvLocker.update(
                layer, root: root, interpreter: interpreter, excluding: excluding, upgrade, context)
        case .pyproject, .requirements, .rye, .pylock, .setuptools, .condaPip: break
        }
        guard let uv = choice.uv else {
            throw Diagnostic(
                "could not lock `\(layer.manifest)`: it takes uv, and the engine here is \(choice.reason)",
                hint: "install uv, or see to it that `envd engines install uv` reaches an index")
        }
        context.log("engine: \(choice.reason)")
        let build = UvBuild(engine: uv, layer: layer, root: root, interpreter: interpreter, context: context)
        switch layer.format {
        case .requirements: return try await CompiledRequirements(build: build, allowed: allowed).update(upgrade)
        case .rye: return try await RyeLocking(build: build).update(upgrade)
        case .pyproject, .poetry, .pipenv, .pylock, .setuptools, .condaPip: return try await build.updateLock(upgrade)
        }
    }

    /// Why there is nothing to lock; nil where there is.
    private var refusal: Diagnostic? {
        func refused(_ cause: String, _ hint: String) -> Diagnostic {
            Diagnostic("could not lock `\(layer.manifest)`: \(cause)", hint: hint)
        }
        switch layer.format {
        case .pyproject, .poetry, .pipenv, .rye: return nil
        case .requirements:
            if !CompiledRequirements.sources(of: layer).isEmpty { return nil }
            let name = layer.manifest.name.description
            let stem = name.hasSuffix(".txt") ? String(name.dropLast(4)) : name
            return refused(
                "there is no `\(stem).in` that it would be made from",
                "`envd update` chooses anew what it does not pin; to have it locked, rename it to \(stem).in")
        case .pylock:
            return refused(
                "it is a lock file itself, and does not say what it was made from",
                "write it anew with the tool that made it; the environment follows")
        case .setuptools:
            return refused(
                "projects of setuptools have no lock file",
                "`envd update` chooses anew what is not pinned")
        case .condaPip:
            return refused(
                "conda-lock writes the lock file of a conda environment, not envd",
                "`conda-lock` makes a conda-lock.yml, which envd then installs; `envd update` chooses anew without one")
        }
    }
}

extension LockUpgrade {
    /// As uv's commands are told.
    var options: [ByteString] {
        switch self {
        case .nothing: []
        case .everything: ["--upgrade"]
        case .packages(let names): names.flatMap { ["--upgrade-package", ByteString($0)] }
        }
    }
}

extension PythonLayer {
    /// The directories of this machine that the layer names: build backends write into what they read the metadata of.
    func localDirectories(_ root: Path) -> [Path] {
        let named = requirements.compactMap { RequirementsText($0).lines.first?.localPath }.map { Path($0) }
        let all = (named + PoetryLayer.paths(of: self)).map { root.appending($0).withoutDots }
        return all.filter { (try? FileSystem.status($0))?.kind == .directory }
    }
}
