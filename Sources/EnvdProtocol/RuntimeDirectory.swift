package import EnvdCore
internal import EnvdSystem

/// The directory where a user's daemon and shells meet: sockets here, published answers as `AnswerTree` has them.
///
/// `$XDG_RUNTIME_DIR/envd`; where that variable is unset, below `/run/user/<uid>` if that is the user's, else
/// `envd-<uid>` in the temporary directory. The shell hooks look in the same places, in the same order.
package struct RuntimeDirectory: Hashable, Sendable {
    package let path: Path

    package init(_ path: Path) { self.path = path }

    /// The place for this process's user and environment; it need not exist yet.
    package static func ofThisUser() -> RuntimeDirectory {
        if let base = ProcessEnvironment.path(.runtimeHome) { return RuntimeDirectory(base / "envd") }
        let user = CurrentUser.id
        let login = Path("/run/user/\(user)")
        if let status = try? FileSystem.status(login), status.kind == .directory, status.owner == user {
            return RuntimeDirectory(login / "envd")
        }
        return RuntimeDirectory((ProcessEnvironment.path(.temporary) ?? "/tmp") / "envd-\(user)")
    }

    /// Where hooks ask.
    package var hookSocket: Path { path / "hook" }
    /// Where the command line talks varlink.
    package var controlSocket: Path { path / "control" }
    /// Held by the daemon while it lives.
    package var lock: Path { path / "lock" }
    /// Held by a client while it starts a daemon.
    package var startLock: Path { path / "start.lock" }

    /// Whether it is there, this user's and no link: else nothing in it can be believed.
    package var isOwn: Bool {
        guard let status = try? FileSystem.status(path, followingLink: false) else { return false }
        return status.kind == .directory && status.owner == CurrentUser.id
    }

    /// Makes the directory where it is missing.
    ///
    /// - Throws: when it is a link, another user's, or open to others: then nothing in it can be believed.
    package func prepare() throws(Diagnostic) {
        let longest = controlSocket.bytes.bytes.count
        if longest > UnixSocket.longestPath {
            throw Diagnostic(
                "could not use the runtime directory `\(path)`: a socket's path would have \(longest) bytes, "
                    + "and the kernel takes \(UnixSocket.longestPath)",
                hint: "set XDG_RUNTIME_DIR to a directory with a shorter path")
        }
        let status: FileSystem.Status?
        do {
            try FileSystem.makeDirectories(path, mode: 0o700)
            status = try FileSystem.status(path, followingLink: false)
            if let status, status.kind == .directory, status.owner == CurrentUser.id, status.mode & 0o077 != 0 {
                try FileSystem.setMode(path, 0o700)
            }
        } catch {
            throw Diagnostic("\(error)", hint: "set XDG_RUNTIME_DIR to a directory that you can write")
        }
        guard let status, status.kind == .directory, status.owner == CurrentUser.id else {
            throw Diagnostic(
                "could not use the runtime directory `\(path)`: it is a link or another user's",
                hint: "remove it, or set XDG_RUNTIME_DIR to a directory of your own")
        }
    }
}

extension RuntimeDirectory {
    /// A listening socket in the directory; the caller owns the descriptor and holds `lock`.
    package func listen(at socket: Path) throws(Diagnostic) -> Int32 {
        do {
            return try UnixSocket.listen(at: socket)
        } catch {
            throw Diagnostic("\(error)", hint: "remove what lies there")
        }
    }
}
