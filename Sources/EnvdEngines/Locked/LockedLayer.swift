package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What a layer's own files pin, before any engine is asked.
package enum LockedLayer: Sendable {
    /// Nothing is pinned.
    case none
    /// All of it, with hashes.
    case exact(Resolution)
    /// All of it, without hashes: a layer with the pins for its requirements, and what needs no resolving.
    case pinned(PythonLayer, Resolution)
    /// pipenv has to be asked: there is no Pipfile.lock, or it is stale.
    case unlockedPipfile(pins: String)
    /// A part of it, for no file was compiled of the rest: `name==version` lines.
    case partial(pins: String)
    /// A lock file that does not say what is asked for any more: its name, and `name==version` lines.
    case stale(String, pins: String)

    /// Reads the lock files of every format but uv's own.
    ///
    /// - Throws: a lock file that cannot be read.
    package static func read(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter
    ) throws(Diagnostic) -> LockedLayer {
        let environment = MarkerEnvironment(interpreter: interpreter)
        switch layer.format {
        case .pylock:
            let text = RequirementsText(layer.requirements.map { $0 + "\n" }.joined())
            let directory = root.appending(layer.manifest).parent
            return .exact(text.resolution(relativeTo: directory, environment: environment))
        case .pipenv:
            guard let lock = layer.lock else { return .unlockedPipfile(pins: "") }
            let content = try telling { () throws(SystemError) in
                try FileSystem.read(root.appending(lock.path), limit: 32 << 20)
            }
            return try PipfileLock(content, file: root.appending(lock.path)).locked(
                layer, root: root, environment: environment)
        case .requirements, .rye:
            return try RequirementsLock(layer, root: root, environment: environment).locked()
        case .pyproject, .poetry, .setuptools, .condaPip: return .none
        }
    }
}

extension Resolution {
    /// Without what lies in one directory: a copy of the project, which is installed by itself.
    mutating func forget(_ directory: Path) {
        let gone = RequirementsText(unhashed).lines.filter { $0.localPath == directory.description }
        unhashed = unhashed.split(separator: "\n").filter { line in
            RequirementsText(String(line)).lines.first.map { !gone.contains($0) } ?? true
        }.map { $0 + "\n" }.joined()
        for line in gone { packages[PackageName.canonical(PackageName.leading(line.requirement))] = nil }
    }

    /// With what another one has beside it.
    package func adding(_ other: Resolution) -> Resolution {
        Resolution(
            hashed: hashed + other.hashed, unhashed: unhashed + other.unhashed,
            packages: packages.merging(other.packages) { $1 }, staleLock: staleLock ?? other.staleLock)
    }
}
