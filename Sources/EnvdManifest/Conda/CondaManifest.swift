internal import EnvdCore

/// What one manifest of conda gives.
struct CondaManifest {
    var layer: CondaLayer
    /// Its `pip:` section, or pip's packages of a lock file; with no requirements where there is none.
    var pip: PythonLayer
    /// `name:`.
    var name: String?
    /// Requirements files that the `pip:` section takes in by `-r`, absolute.
    var included: Set<Path> = []
    /// Whether the `pip:` section installs the project itself.
    var installsProject = false
    /// Files that the lock file was made of, absolute; empty where there is none that counts.
    var lockedSources: Set<Path> = []

    var hasPip: Bool { !pip.requirements.isEmpty || !pip.options.isEmpty }
}

/// What a file of conda is.
enum CondaFile: String {
    case environment
    case lock
    case explicit

    /// In the order in which they count.
    static let environmentNames = ["environment.yml", "environment.yaml", "conda.yml", "conda.yaml"]
    static let lockName = "conda-lock.yml"
    /// Of lists with `@EXPLICIT`: the content decides.
    static var explicitNames: [String] {
        ["conda-\(CondaPlatform.current).lock", "explicit.txt", "spec-file.txt", "environment.lock"]
    }
    static var names: [String] { environmentNames + [lockName] + explicitNames }
    /// Those of pixi, which has its own activation.
    static let pixiNames = ["pixi.toml", "pixi.lock"]

    /// By the name that `inputs` has for it; nil where it is none of conda's.
    static func named(_ path: Path, _ bytes: [UInt8]?) -> CondaFile? {
        let name = path.name.description
        if name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
            return name.contains("conda-lock") ? .lock : .environment
        }
        if let bytes, CondaExplicitReader.isExplicit(bytes) || CondaExplicitReader.isExport(bytes) { return .explicit }
        return nil
    }
}
