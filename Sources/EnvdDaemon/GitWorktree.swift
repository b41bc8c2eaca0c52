internal import EnvdCore
internal import EnvdSystem

/// A further working tree of a git repository (git-worktree(1)), found by our own reading alone.
///
/// What a working tree says of itself gives nothing: the repository's own `.git/worktrees/NAME/gitdir` has to name it.
struct GitWorktree: Hashable, Sendable {
    /// Of the further tree, canonical.
    let top: Path
    /// Of the repository's main tree, canonical.
    let main: Path

    /// Bytes of a file that holds one path.
    private static let maximumSize = 8 << 10

    /// The tree that a directory lies in; nil where it is in none, or the repository does not say so.
    ///
    /// - Parameter directory: canonical.
    init?(around directory: Path) {
        let tops = directory.selfAndAncestors.prefix { $0 != .root }
        guard let top = tops.first(where: { (try? FileSystem.status($0 / ".git", followingLink: false)) != nil }),
            let words = Self.line(top / ".git"), words.hasPrefix("gitdir: "),
            let own = Self.canonical(String(words.dropFirst("gitdir: ".count)), from: top)
        else { return nil }
        // Only a place below `MAIN/.git/worktrees` can speak for a tree.
        let repository = own.parent.parent
        guard own.parent == repository / "worktrees", repository.name == ".git" else { return nil }
        let chain = [repository, own.parent, own, own / "gitdir"]
        guard
            chain.allSatisfy({ path in
                let kind = (try? FileSystem.status(path, followingLink: false))?.kind
                return kind == (path == own / "gitdir" ? .file : .directory) && Ownership.objection(to: path) == nil
            }), let named = Self.line(own / "gitdir"), Path(named).name == ".git",
            let place = Self.canonical(Path(named).parent.description, from: own), place == top
        else { return nil }
        self.top = top
        main = repository.parent
    }

    /// The same place in the main tree.
    func counterpart(of directory: Path) -> Path? {
        directory.relative(to: top).map { $0 == Path(".") ? main : main.appending($0) }
    }

    private static func line(_ file: Path) -> String? {
        guard (try? FileSystem.status(file, followingLink: false))?.kind == .file,
            let bytes = try? FileSystem.read(file, limit: maximumSize)
        else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    private static func canonical(_ path: String, from base: Path) -> Path? {
        try? FileSystem.canonical(base.appending(Path(path)))
    }
}
