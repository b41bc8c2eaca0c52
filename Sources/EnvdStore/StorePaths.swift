package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Where envd keeps what outlives the daemon (XDG Base Directory Specification 0.8).
package struct StorePaths: Hashable, Sendable {
    /// `$XDG_STATE_HOME/envd`: the database and the build logs.
    package var state: Path
    /// `$XDG_DATA_HOME/envd`: generations and envd's own engines.
    package var data: Path
    /// `$XDG_CACHE_HOME/envd`: what can be thrown away.
    package var cache: Path
    package var home: Path
    /// What holds some of them where they cannot be at their usual places: the user's alone; nil: nothing does.
    package var base: Path?
    /// What `envd status` has to say of where they are.
    package var note: Diagnostic?
    /// Why they are not safe there.
    package var trouble: Diagnostic?

    package init(state: Path, data: Path, cache: Path, home: Path) {
        self.state = state
        self.data = data
        self.cache = cache
        self.home = home
    }

    /// Where this user's things go.
    ///
    /// What would lie on a file system that other hosts share goes to a directory of this host; see
    /// `FileSystemKind.isShared`.
    ///
    /// - Parameter chosen: `store.path` of config.toml: then all of it goes there.
    /// - Throws: where the chosen one is on a shared file system, too.
    package static func ofThisUser(chosen: Path? = nil) throws(Diagnostic) -> StorePaths {
        let home = Self.home
        func base(_ name: EnvironmentVariable, _ fallback: String) -> Path {
            (ProcessEnvironment.path(name) ?? home / fallback) / "envd"
        }
        let usual = StorePaths(
            state: base(.stateHome, ".local/state"), data: base(.dataHome, ".local/share"),
            cache: base(.cacheHome, ".cache"), home: home)
        guard let chosen else { return usual.moved(from: shared, to: Path("/var/tmp/envd-\(CurrentUser.id)")) }
        if let kind = shared(chosen) {
            throw Diagnostic(
                "could not use `\(chosen)` as `store.path`: it is on a network file system (\(kind)), where locks and "
                    + "databases are not safe", hint: "name a directory on a disk of this machine")
        }
        var paths = usual
        paths.base = chosen
        (paths.state, paths.data, paths.cache) = (chosen / "state", chosen / "data", chosen / "cache")
        return paths
    }

    /// The name of the shared file system that a path is on; nil where no other host sees it.
    private static func shared(_ path: Path) -> String? {
        FileSystemKind.of(path).flatMap { $0.isShared ? $0.name : nil }
    }

    /// What cannot stay where it is, below `fallback`; a note says so.
    ///
    /// - Parameter shared: the name of the file system of a path that has to move.
    package func moved(from shared: (Path) -> String?, to fallback: Path) -> StorePaths {
        let places: [(WritableKeyPath<StorePaths, Path>, String)] = [
            (\.state, "state"), (\.data, "data"), (\.cache, "cache"),
        ]
        var paths = self
        var cause: (path: Path, kind: String)?
        for (place, name) in places {
            guard let kind = shared(self[keyPath: place]) else { continue }
            cause = cause ?? (self[keyPath: place], kind)
            paths[keyPath: place] = fallback / name
        }
        guard let cause else { return self }
        let reason = "`\(cause.path)` is on a network file system (\(cause.kind))"
        if let kind = shared(fallback) {
            var stay = self
            stay.trouble = Diagnostic(
                "\(reason), and so is `\(fallback)` (\(kind)): what envd keeps is not safe there",
                hint: "set `store.path` in config.toml to a directory on a disk of this machine")
            return stay
        }
        paths.base = fallback
        paths.note = Diagnostic(
            "\(reason): what envd keeps is in `\(fallback)`",
            hint: "`store.path` in config.toml names another directory of this machine")
        return paths
    }

    /// The user's home: `$HOME`, else what the password database says.
    private static var home: Path {
        if let home = ProcessEnvironment.path(.home) { return home }
        guard let entry = getpwuid(getuid()), let directory = entry.pointee.pw_dir else { return .root }
        return Path(String(cString: directory))
    }

    package var database: Path { state / "envd.db" }
    package var logs: Path { state / "logs" }
    package var projects: Path { data / "projects" }
    package var engines: Path { data / "engines" }
    /// Scratch directories of builds, beside the generations so that nothing is copied across file systems.
    package var temporary: Path { data / "tmp" }

    /// Held by the one daemon that works on them, wherever its sockets are.
    package var lock: Path { state / "lock" }
}
