package import EnvdCore
internal import EnvdSystem

/// Where the lock files lie that were made for projects outside of them.
package enum PoetryLocks {
    /// Of one project.
    ///
    /// - Parameter cache: the engines'.
    package static func directory(cache: Path, root: Path) -> Path {
        cache / "poetry-locks" / String(Fingerprint(of: root.bytes.bytes).hex.prefix(32))
    }
}
