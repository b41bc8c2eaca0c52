package import EnvdCore
internal import EnvdSystem

/// pip in an environment of the standard library's making: the engine of last resort, where uv cannot be had.
package struct PipEngine: PythonEngine {
    /// A Python whose own pip fills environments that come without one.
    package let python: Path
    /// Of that pip.
    package let version: String
    package var name: String { "pip" }

    package init(python: Path, version: String) {
        self.python = python
        self.version = version
    }

    /// The environment of every call: pip's settings of the user's, less those that would install elsewhere.
    package static func environment(_ context: EngineContext) -> EngineEnvironment {
        var environment = EngineEnvironment(context)
        environment.remove([
            "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV",
            "PIP_REQUIRE_HASHES", "PIP_DRY_RUN", "PIP_REPORT", "PIP_NO_DEPS", "PIP_IGNORE_INSTALLED", "PIP_LOG",
            "PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_UPGRADE", "PIP_FORCE_REINSTALL", "PIP_QUIET", "PIP_NO_CACHE_DIR",
            "PIP_SRC", "PIP_BREAK_SYSTEM_PACKAGES",
        ])
        environment["PIP_CACHE_DIR"] = (context.cache / "pip").bytes
        environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        environment["PIP_NO_INPUT"] = "1"
        environment["PIP_NO_COLOR"] = "1"
        environment["PIP_PROGRESS_BAR"] = "off"
        return environment
    }

    /// Lets pip choose without installing, in a throw-away environment.
    package func resolve(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter, preferring: Resolution?, context: EngineContext
    ) async throws(Diagnostic) -> Resolution {
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(context.temporary) }
        var (wanted, pins, rest) = (layer, preferring?.pins ?? "", Resolution(hashed: "", unhashed: "", packages: [:]))
        switch try LockedLayer.read(layer, root: context.place(of: root), interpreter: interpreter) {
        case .exact(let locked): return locked.restored(by: context.snapshot)
        case .pinned(let exact, let local): (wanted, rest) = (exact, local.restored(by: context.snapshot))
        case .partial(let old): pins = old
        case .stale(let name, let old):
            context.log("\(name) is stale: resolved anew without writing it")
            pins = old
            rest.staleLock = name
        case .unlockedPipfile(let old):
            if let lock = layer.lock { context.log("\(lock.path) is stale: resolved anew without writing it") }
            let start = old.isEmpty ? pins : old
            let build = PipBuild(engine: self, layer: layer, root: root, interpreter: interpreter, context: context)
            let locker = PipenvLocker(
                layer: layer, root: root, interpreter: interpreter, context: context,
                makeEnvironment: { (place) async throws(Diagnostic) in
                    try await build.makePrefix(place, name: "pipenv")
                })
            rest.staleLock = layer.lock?.path.description
            if let locked = try await locker.resolution(pins: start) { return locked.adding(rest) }
            pins = start
        case .none: break
        }
        let place =
            layer.format == .setuptools ? try DynamicSource.place(layer, root: root, context: context) : root
        if place != root {
            // What setup.py says only its backend knows: pip asks it, on the copy.
            let extras = layer.extras.isEmpty ? "" : "[\(layer.extras.joined(separator: ","))]"
            wanted.requirements = ["\(place)\(extras)"]
        }
        let sources = PipRequirements(wanted, root: root)
        guard !sources.isEmpty else { return rest }
        let build = PipBuild(engine: self, layer: layer, root: root, interpreter: interpreter, context: context)
        let resolver = context.temporary / "resolver"
        if !FileSystem.isExecutable(resolver / "bin/pip") {
            try telling { () throws(SystemError) in try FileSystem.remove(resolver) }
            try await build.makePrefix(resolver, name: "resolver")
        }
        var resolution: Resolution?
        if !pins.isEmpty {
            // pip knows no preferences: where the old pins do not fit, it starts afresh.
            let kept = try await build.choose(sources, constraints: pins, in: resolver)
            if case .success(let found) = kept {
                resolution = found
            } else {
                context.log("the earlier versions do not fit any more: resolved anew")
            }
        }
        if resolution == nil { resolution = try await build.choose(sources, constraints: "", in: resolver).get() }
        var found = resolution ?? rest
        if place != root { found.forget(place) }
        return found.adding(rest)
    }

    /// An environment with pip in it, then what carries hashes, then what cannot, then the project itself.
    package func install(
        _ resolution: Resolution, layer: PythonLayer, root: Path, name: ByteString, interpreter: Interpreter,
        into prefix: Path, context: EngineContext
    ) async throws(Diagnostic) {
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(context.temporary) }
        let build = PipBuild(engine: self, layer: layer, root: root, interpreter: interpreter, context: context)
        try await build.makePrefix(prefix, name: name)
        let options = IndexOptions.header(forPip: layer, root: root)
        if !resolution.hashed.isEmpty {
            let file = try build.write("hashed.txt", options + build.limits(for: resolution.hashed) + resolution.hashed)
            let result = await build.pip(
                of: prefix, ["install", "--no-deps", "--require-hashes", "-r", file.bytes], writable: [prefix.parent])
            try build.ask(about: result)
            guard result.succeeded else { throw build.diagnostic(result, "install") }
        }
        let local = LocalSources(resolution, layer: layer, root: root)
        if !local.isEmpty {
            let file = try build.write("unhashed.txt", options + build.limits(for: local.text) + local.text)
            let result = await build.pip(
                of: prefix, ["install", "--no-deps", "-r", file.bytes], writable: [prefix.parent] + local.directories)
            guard result.succeeded else { throw build.diagnostic(result, "install") }
        }
    }
}
