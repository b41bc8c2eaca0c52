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

    package init(state: Path, data: Path, cache: Path, home: Path) {
        self.state = state
        self.data = data
        self.cache = cache
        self.home = home
    }

    package static func ofThisUser() -> StorePaths {
        let home = Self.home
        func base(_ name: EnvironmentVariable, _ fallback: String) -> Path {
            (ProcessEnvironment.path(name) ?? home / fallback) / "envd"
        }
        return StorePaths(
            state: base(.stateHome, ".local/state"), data: base(.dataHome, ".local/share"),
            cache: base(.cacheHome, ".cache"), home: home)
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

    /// Makes them all, closed to other users.
    ///
    /// - Throws: where one cannot be made or written, with what to do.
    package func prepare() throws(Diagnostic) {
        for directory in [state, data, cache, logs, projects, engines, temporary] {
            do throws(SystemError) {
                try FileSystem.makeDirectories(directory, mode: 0o700)
                if !FileSystem.isWritable(directory) { throw SystemError("write into", directory) }
            } catch {
                let hint =
                    error.isNoSpace ? "free some space" : error.isRefused ? "make it yours to write" : nil
                throw Diagnostic("\(error)", hint: hint)
            }
        }
    }

    /// Held by the one daemon that works on them, wherever its sockets are.
    package var lock: Path { state / "lock" }
}
