internal import EnvdCore
internal import EnvdManifest
internal import EnvdSystem

extension PoetryLocking {
    /// Lets Poetry bring poetry.lock up to date in the project: relative paths in it start there.
    static func update(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter, excluding: [Path], _ upgrade: LockUpgrade,
        _ context: EngineContext
    ) async throws(Diagnostic) -> LockUpdate {
        let manifest = root.appending(layer.manifest)
        let file = manifest.parent / "poetry.lock"
        let snapshot = try LockSnapshot([file], in: file.parent, of: context.snapshot)
        let old = snapshot.content(of: file)
        let locking = try await PoetryLocking(
            layer, root: root, old: old, interpreter: interpreter, excluding: excluding, context: context)
        return try await snapshot.keeping { () async throws(Diagnostic) in
            try await locking.write(file, in: manifest.parent, isThere: old != nil, upgrade)
            return try snapshot.update(root: root, tool: "poetry \(locking.tool.version)")
        }
    }

    private func write(
        _ file: Path, in directory: Path, isThere: Bool, _ upgrade: LockUpgrade
    ) async throws(Diagnostic) {
        let environment = try await makeEnvironment()
        // Poetry writes into the file that is there; only a new one takes the right to make it.
        let sources = layer.localDirectories(root)
        var result = await run(
            lockCommand(upgrade), in: directory, environment: environment,
            writable: sources + [isThere ? file : directory])
        if case .exited = result.ending, !result.succeeded, isThere, PoetryFailure(result).isAboutLock {
            context.log("poetry cannot read the old lock file: locked without it")
            try telling { () throws(SystemError) in try FileSystem.remove(file) }
            result = await run(
                lockCommand(.nothing), in: directory, environment: environment, writable: sources + [directory])
        }
        let object = layer.manifest.description
        guard result.succeeded else {
            throw Diagnostic.unfinished(result, "lock", object, program: tool.executable)
                ?? PoetryFailure(result).diagnostic("lock", object, manifest: root.appending(layer.manifest))
        }
    }
}
