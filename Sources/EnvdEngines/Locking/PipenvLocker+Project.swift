internal import EnvdCore
internal import EnvdSystem

extension PipenvLocker {
    /// Lets pipenv lock beside the project, for it writes over the old file before it knows that it can, and puts
    /// the new lock file into the project.
    static func update(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter, excluding: [Path], _ upgrade: LockUpgrade,
        _ context: EngineContext
    ) async throws(Diagnostic) -> LockUpdate {
        let file = root.appending(layer.manifest).parent / "Pipfile.lock"
        let snapshot = try LockSnapshot([file], in: file.parent, of: context.snapshot)
        let choice = try await PythonToolSelector(excluding: excluding).select(EngineCatalogue.pipenv, context)
        context.log("pipenv: \(choice.reason)")
        let locker = PipenvLocker(
            layer: layer, root: root, interpreter: interpreter, context: context,
            makeEnvironment: { (place) async throws(Diagnostic) in
                _ = try await EmptyEnvironment.make(place, interpreter, context)
            })
        let old = snapshot.content(of: file)
        // pipenv cannot tell an old choice from a new one: what is fresh is not locked again unasked.
        let isFresh = upgrade == .nothing ? await locker.isFresh(old, choice.tool) : false
        if !isFresh {
            let new = try await locker.newLock(choice.tool, old: old, file: file, upgrade)
            try snapshot.write(new, to: file)
        }
        return try snapshot.update(root: root, tool: "pipenv \(choice.tool.version)")
    }

    /// Whether pipenv takes a lock file for that of the Pipfile.
    private func isFresh(_ lock: [UInt8]?, _ tool: PythonToolDiscovery.Found) async -> Bool {
        guard let lock, let written = try? pipfile() else { return false }
        return await run(tool, ["verify"], written, lock: lock, in: place).succeeded
    }

    private func newLock(
        _ tool: PythonToolDiscovery.Found, old: [UInt8]?, file: Path, _ upgrade: LockUpgrade
    ) async throws(Diagnostic) -> [UInt8] {
        var pins = ""
        if let old, upgrade != .everything { pins = (try? PipfileLock(old, file: file))?.pins ?? "" }
        if case .packages(let names) = upgrade {
            pins = RequirementsText(pins).lines.compactMap(\.pin).filter { !names.contains($0.name) }
                .map { "\($0.name)==\($0.version)\n" }.joined()
        }
        let made = try await lock(tool, pins: pins)
        let content = try telling { () throws(SystemError) in try FileSystem.read(made, limit: 32 << 20) }
        // The Pipfile that was locked held old versions, and its hash is another one.
        let hash = try PipfileLock(content, file: made).hash ?? ""
        let text = String(decoding: content, as: UTF8.self)
            .replacing(place.description, with: root.description)
        let accepted = layer.settings?.entries["envd.pipfile.hash"]?.elements.compactMap(\.text) ?? []
        for candidate in accepted.contains(hash) ? [hash] : accepted {
            let mended = Array(text.replacing("\"sha256\": \"\(hash)\"", with: "\"sha256\": \"\(candidate)\"").utf8)
            if await isFresh(mended, tool) { return mended }
        }
        throw Diagnostic(
            "could not lock `\(layer.manifest)`: pipenv does not take what it locked for a lock file of the Pipfile",
            hint: "write it with `pipenv lock`; the environment follows")
    }
}
