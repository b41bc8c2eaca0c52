package import EnvdCore
internal import EnvdManifest
internal import EnvdSystem

/// Projects of Poetry (<https://python-poetry.org/docs/>): what is locked is read here and installed by another
/// engine; Poetry itself runs only where the lock file is missing or stale.
package struct PoetryEngine: PythonEngine {
    /// Installs what was chosen: uv, else pip.
    package let installer: any PythonEngine
    /// Projects and the tree of generations: no Poetry there is ever run.
    package let excluding: [Path]
    package var name: String { installer.name }
    package var version: String { installer.version }

    package init(installer: any PythonEngine, excluding: [Path]) {
        self.installer = installer
        self.excluding = excluding
    }

    /// A fresh `poetry.lock` is obeyed to the letter; a stale one gives its pins to Poetry, which resolves anew
    /// on a copy of the manifest outside the project.
    package func resolve(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter, preferring: Resolution?, context: EngineContext
    ) async throws(Diagnostic) -> Resolution {
        var context = context
        let given = context.temporary
        context.temporary = try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(given)
            return try FileSystem.canonical(given)
        }
        var staleLock: String?
        func chosen(_ lock: PoetryLock, in directory: Path) -> Resolution {
            var resolution = PoetrySelection(lock, layer: layer, interpreter: interpreter).resolution(
                relativeTo: directory)
            resolution.staleLock = staleLock
            return resolution.restored(by: context.snapshot)
        }
        let manifest = context.place(of: root).appending(layer.manifest)
        let content = try telling { () throws(SystemError) in try FileSystem.read(manifest) }
        let file = manifest.parent / "poetry.lock"
        let old = layer.lock == nil ? nil : try? FileSystem.read(file)
        var start = old
        if let old {
            do throws(Diagnostic) {
                let lock = try PoetryLock(old, file: file)
                if lock.isFresh(for: content) { return chosen(lock, in: manifest.parent) }
                context.log("poetry.lock is stale: resolved anew without writing it")
            } catch {
                context.log("\(error.message): resolved anew without writing it")
                start = nil
            }
            staleLock = "poetry.lock"
        } else {
            context.log("there is no poetry.lock: resolved without writing one")
        }
        let shelf = PoetryLockShelf(cache: context.cache, root: root, old: old)
        if preferring != nil, let earlier = shelf.content {
            // What was resolved from the same lock file before: it still holds, or its versions stay.
            let place = context.temporary / "poetry.lock"
            if let lock = try? PoetryLock(earlier, file: place), lock.isFresh(for: content), lock.isMovable {
                return chosen(lock, in: manifest.parent)
            }
            start = earlier
        }
        let locking = try await PoetryLocking(
            layer, root: root, old: old, interpreter: interpreter, excluding: excluding, context: context)
        let (new, directory) = try await locking.lock(startingFrom: start)
        shelf.put(new)
        return chosen(try PoetryLock(new, file: directory / "poetry.lock"), in: directory)
    }

    /// The locked packages, then what cannot carry hashes, then the project as `poetry install` would put it there.
    package func install(
        _ resolution: Resolution, layer: PythonLayer, root: Path, name: ByteString, interpreter: Interpreter,
        into prefix: Path, context: EngineContext
    ) async throws(Diagnostic) {
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(context.temporary) }
        let indexes = PoetryIndexes(layer, environment: context.userEnvironment)
        // The manifest's own tables for uv are none of Poetry's: uv is pointed at a place that has none.
        var plain = PythonLayer(format: .requirements, manifest: layer.manifest)
        guard let uv = installer as? UvEngine else {
            plain.options = indexes.additional
            plain.project = layer.project
            return try await installer.install(
                resolution, layer: plain, root: root, name: name, interpreter: interpreter, into: prefix,
                context: context)
        }
        func build(_ options: [String]) -> UvBuild {
            plain.options = options
            return UvBuild(
                engine: uv, layer: plain, root: context.temporary, interpreter: interpreter, context: context,
                project: root)
        }
        // pip, which seeds it, and what builds a package come from the indexes that the user's uv knows.
        try await build([]).makePrefix(prefix, name: name)
        try await build(indexes.strict).installHashed(resolution, into: prefix)
        try await build(indexes.additional).installLocal(resolution, into: prefix)
        guard layer.project != nil else { return }
        try await PoetryRoot(build: build(indexes.additional), layer: layer, root: root).install(into: prefix)
    }
}
