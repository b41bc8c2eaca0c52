package import EnvdCore
internal import EnvdPackaging

/// Where engines work and what they get from the user: the same for every call of a build.
package struct EngineContext: Sendable {
    /// What the user's shells handed over: PATH, proxies, index credentials, `UV_*`, `PIP_*`. PATH holds no
    /// directory of an environment that envd made.
    package var userEnvironment: [ByteString: ByteString]
    package var home: Path
    /// Of envd's own, on the file system of the generations: engine caches.
    package var cache: Path
    /// A scratch directory of this build alone, emptied by the caller.
    package var temporary: Path
    /// Tools that envd installed for itself.
    package var engines: Path
    package var runner: any CommandRunner
    /// Whose turn it is to download; nil: everybody's at once.
    package var fetches: (any FetchTurns)?
    /// What a build leaves free of the disk, see `DiskRoom`.
    package var reserve = DiskRoom.defaultReserve
    /// What programs said of themselves in earlier builds.
    package var memory: ProbeMemory
    /// Which packages of indexes may be built from source.
    package var sourceBuilds: SourceBuilds
    /// What is read in place of the project's files; nil: they are.
    package internal(set) var snapshot: InputSnapshot?
    /// Lines for the build's log.
    package var log: @Sendable (String) -> Void
    /// What an engine is at, for `envd status`: a word for it, empty where the part of the build is named well enough,
    /// and how far that is.
    package var progress: @Sendable (_ phase: String, BuildProgress) -> Void = { _, _ in }

    package init(
        userEnvironment: [ByteString: ByteString], home: Path, cache: Path, temporary: Path, engines: Path,
        runner: any CommandRunner, memory: ProbeMemory = ProbeMemory(), sourceBuilds: SourceBuilds = .all,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.userEnvironment = userEnvironment
        self.home = home
        self.cache = cache
        self.temporary = temporary
        self.engines = engines
        self.runner = runner
        self.memory = memory
        self.sourceBuilds = sourceBuilds
        self.log = log
    }
}

/// The exact packages that an engine chose for a spec.
package struct Resolution: Hashable, Sendable, Codable {
    /// Lines of a requirements file with exact versions and hashes (`pip install --require-hashes` takes it whole).
    package var hashed: String
    /// What cannot carry hashes (editables, paths, git, URLs), with absolute paths; installed after, without
    /// dependencies.
    package var unhashed: String
    /// Name and version of each package, by normalised name, for `envd status --json` and comparisons.
    package var packages: [String: String]
    /// The lock file that does not say what is asked for any more, so that these packages were chosen anew; nil
    /// where there is none or it was obeyed.
    package var staleLock: String?

    package init(hashed: String, unhashed: String, packages: [String: String], staleLock: String? = nil) {
        self.hashed = hashed
        self.unhashed = unhashed
        self.packages = packages
        self.staleLock = staleLock
    }
}

extension Resolution {
    /// Lines that hold what is installed after it to the same versions, in order of names.
    package var constraints: [String] {
        packages.sorted { $0.key < $1.key }.compactMap { name, version in
            PythonVersion(version).map { _ in "\(name)==\(version)" }
        }
    }
}

/// Resolves and installs the Python layer. An engine never decides when it runs, and runs for allowed
/// projects alone: resolving runs code of the project too.
package protocol PythonEngine: Sendable {
    /// `uv`, `pip`.
    var name: String { get }
    var version: String { get }

    /// The exact packages for a layer.
    ///
    /// - Parameters:
    ///   - root: the project's root; nothing is written below it.
    ///   - preferring: an older resolution whose versions stay where they still fit.
    /// - Throws: what a person has to know: the engine's own reason, with file and line where it names one.
    func resolve(
        _ layer: PythonLayer, root: Path, interpreter: Interpreter, preferring: Resolution?, context: EngineContext
    ) async throws(Diagnostic) -> Resolution

    /// Makes the prefix and fills it; `prefix` does not exist yet. What is left behind after an error is the
    /// caller's to delete.
    func install(
        _ resolution: Resolution, layer: PythonLayer, root: Path, name: ByteString, interpreter: Interpreter,
        into prefix: Path, context: EngineContext
    ) async throws(Diagnostic)
}
