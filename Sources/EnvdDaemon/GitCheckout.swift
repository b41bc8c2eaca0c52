internal import EnvdCore
internal import EnvdSystem

/// Whether git is at work on a directory's files, which it writes one after the other.
enum GitCheckout {
    /// Git keeps `index.lock` beside its index meanwhile (gitrepository-layout(5)).
    static func isUnderWay(around directory: Path) -> Bool {
        for candidate in directory.selfAndAncestors {
            let entry = candidate / ".git"
            guard let status = try? FileSystem.status(entry) else { continue }
            let repository = status.kind == .directory ? entry : linked(from: entry)
            return repository.map { FileSystem.exists($0 / "index.lock") } ?? false
        }
        return false
    }

    /// Where the `.git` file of a worktree or a submodule leads.
    private static func linked(from file: Path) -> Path? {
        guard let content = try? FileSystem.read(file, limit: 8192), content.starts(with: "gitdir: ".utf8) else {
            return nil
        }
        let target = content.dropFirst(8).prefix { $0 != UInt8(ascii: "\n") }
        return file.parent.appending(Path(ByteString(Array(target))))
    }
}
