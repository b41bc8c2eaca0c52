package import EnvdCore
internal import EnvdSystem

extension StorePaths {
    /// Longer paths, with what comes below them, do not fit a script's first line (execve(2): 255 bytes).
    package static let longestData = 120

    /// Makes them all, closed to other users.
    ///
    /// - Throws: where one cannot be made or written, is another user's, or has a path that environments cannot have;
    ///   with what to do.
    package func prepare() throws(Diagnostic) {
        try checkName()
        if let base {
            try checkOwner(of: base)
            do throws(SystemError) {
                try FileSystem.makeDirectories(base, mode: 0o700)
                // Another user may have been quicker; and what is open to others is closed.
                guard let status = try FileSystem.status(base, followingLink: false), status.kind == .directory,
                    status.owner == CurrentUser.id
                else { throw SystemError("use", base, code: SystemError.notPermitted) }
                if status.mode & 0o077 != 0 { try FileSystem.setMode(base, 0o700) }
            } catch {
                throw Diagnostic("\(error)", hint: Self.hint)
            }
        }
        for directory in [state, data, cache] { try checkOwner(of: directory) }
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

    private static let hint = "set `store.path` in config.toml to a directory of your own"

    private func checkName() throws(Diagnostic) {
        let bytes = data.bytes.bytes
        let cause: String
        if bytes.contains(UInt8(ascii: ":")) {
            cause = "there is a colon in its path, which PATH cannot hold"
        } else if bytes.contains(where: { $0 == 0x20 || (0x09...0x0d).contains($0) }) {
            cause = "there is a space in its path, which a script's first line cannot hold"
        } else if bytes.count > Self.longestData {
            cause = "its path has \(bytes.count) bytes, and a script's first line has room for \(Self.longestData)"
        } else {
            return
        }
        throw Diagnostic(
            "could not use `\(data)` for environments: \(cause)",
            hint: "set `store.path` in config.toml to a directory without that")
    }

    /// What is there has to be this user's, and where nothing is, root makes nothing in another's home.
    private func checkOwner(of directory: Path) throws(Diagnostic) {
        for place in directory.selfAndAncestors {
            guard let status = (try? FileSystem.status(place, followingLink: place != base)) ?? nil else { continue }
            let isOurs = place == directory || CurrentUser.id == 0
            if place == base, status.kind != .directory {
                throw Diagnostic("could not use `\(place)`: it is no directory", hint: Self.hint)
            }
            guard isOurs, status.owner != CurrentUser.id, status.owner != 0 || place == directory else { return }
            throw Diagnostic(
                "could not use `\(directory)`: \(place == directory ? "it" : "`\(place)`") is another user's "
                    + "(number \(status.owner))",
                hint: "set HOME to your own (`sudo -H` does), or `store.path` in config.toml to a directory of your own"
            )
        }
    }
}
