package import EnvdCore

/// What a user's `.condarc` files say, as far as envd or its engine heeds it.
///
/// Held in memory only: addresses in it may name credentials.
package struct CondaSettings: Hashable, Sendable {
    /// Where the files lie, the one that counts least first (conda's `SEARCH_PATH`, as far as it is the user's).
    package struct Places: Hashable, Sendable {
        package var files: [Path]

        package init(files: [Path]) { self.files = files }

        /// - Parameters:
        ///   - home: absolute.
        ///   - configuration: `$XDG_CONFIG_HOME`.
        ///   - condarc: `$CONDARC`, a file; a relative one is none.
        ///   - root: where conda itself is installed (`$CONDA_ROOT`): Miniforge keeps its channels there.
        package init(home: Path?, configuration: Path? = nil, condarc: Path? = nil, root: Path? = nil) {
            var files: [Path] = []
            var directories = [root, configuration.map { $0 / "conda" }]
            directories += [home.map { $0 / ".config/conda" }, home.map { $0 / ".conda" }]
            for directory in directories.compactMap({ $0 }) {
                for name in [".condarc", "condarc"] where !files.contains(directory / name) {
                    files.append(directory / name)
                }
            }
            if let home { files.append(home / ".condarc") }
            if let condarc, condarc.isAbsolute {
                files.removeAll { $0 == condarc }
                files.append(condarc)
            }
            self.files = files
        }
    }

    /// As written, first one first; nil where no file names any.
    package var channels: [String]?
    package var channelAlias = "https://conda.anaconda.org"
    package var defaultChannels = ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
    /// Name → what the name is put behind.
    package var customChannels: [String: String] = [:]
    package var customMultichannels: [String: [String]] = [:]
    /// Nil where no file says so: envd's own default is strict.
    package var channelPriority: CondaLayer.ChannelPriority?
    /// Match specs, as written.
    package var pinnedPackages: [String] = []
    /// `true`, `false`, `truststore` or a path; nil where no file says so.
    package var sslVerify: String?
    /// Scheme or address → proxy.
    package var proxyServers: [String: String] = [:]
    package var offline = false
    package var changePS1: Bool?
    /// As written: `({default_env}) `.
    package var envPrompt: String?

    package init() {}
}
