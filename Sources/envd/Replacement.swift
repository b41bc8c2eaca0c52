internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// That this version took an older daemon's place, put down so that it does so once: where an older one comes back,
/// somebody starts it on purpose, and the two would take turns for ever.
struct Replacement {
    private let file: Path

    init(_ runtime: RuntimeDirectory) { file = runtime.path / "replaced" }

    /// - Returns: whether it is to be done now; from here on it is done.
    func begin() -> Bool {
        let own = Array(Version.text.utf8)
        if (try? FileSystem.read(file)) == own { return false }
        // Where that cannot be put down, nothing is replaced.
        return (try? FileSystem.replace(file, with: own)) != nil
    }
}
