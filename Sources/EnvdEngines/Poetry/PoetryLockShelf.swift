internal import EnvdCore
internal import EnvdSystem

/// The lock file that was last made for a project outside of it, one for each project: what the next resolution
/// starts from.
struct PoetryLockShelf {
    private let directory: Path
    private let file: Path

    /// - Parameter old: the project's own lock file, nil where it has none: a lock file that was made from another
    ///   one counts no more.
    init(cache: Path, root: Path, old: [UInt8]?) {
        directory = PoetryLocks.directory(cache: cache, root: root)
        file = directory / "\(old.map { Fingerprint(of: $0).hex } ?? "none").lock"
    }

    /// Nil where there is none.
    var content: [UInt8]? { try? FileSystem.read(file) }

    /// What cannot be kept is resolved once more the next time.
    func put(_ content: [UInt8]) {
        try? FileSystem.remove(directory)
        try? FileSystem.makeDirectories(directory)
        try? FileSystem.replace(file, with: content)
    }
}
