/// The package world that channels serve.
package struct CondaLayer: Hashable, Sendable, Codable {
    /// Which grammar the manifest has.
    package enum Format: String, Hashable, Sendable, Codable {
        /// environment.yml and its other names.
        case environment
        /// conda-lock.yml, version 1: the packages are exact already.
        case condaLock
        /// An `@EXPLICIT` list: the packages are exact already.
        case explicit
    }

    /// How much the order of channels counts (conda's `channel_priority`).
    package enum ChannelPriority: String, Hashable, Sendable, Codable {
        case strict
        case flexible
        case disabled
    }

    /// One exact package of a lock file.
    package struct LockedPackage: Hashable, Sendable, Codable {
        /// `https://`, `http://` or `file://`, without a fragment and without credentials.
        package var url: String
        /// Lower-case hexadecimal; nil where the lock file has none.
        package var sha256: String?
        package var md5: String?

        package init(url: String, sha256: String? = nil, md5: String? = nil) {
            self.url = url
            self.sha256 = sha256
            self.md5 = md5
        }
    }

    package var format: Format
    /// Relative to the project's root.
    package var manifest: Path
    /// As conda would ask them, first one first: URLs without a subdirectory (`https://conda.anaconda.org/conda-forge`,
    /// `file:///srv/channel`); names of channels are resolved with the user's settings before.
    package var channels: [String]
    package var channelPriority: ChannelPriority
    /// Match specs as conda writes them, normalised, in byte order and once: `python 3.11.*`,
    /// `conda-forge::numpy >=1.26`.
    package var specs: [String]
    /// Of lock files, in the lock file's order, for this machine's platform.
    package var packages: [LockedPackage]
    /// `variables:`, set while the environment is active.
    package var variables: [String: String]

    package init(
        format: Format, manifest: Path, channels: [String] = [], channelPriority: ChannelPriority = .strict,
        specs: [String] = [], packages: [LockedPackage] = [], variables: [String: String] = [:]
    ) {
        self.format = format
        self.manifest = manifest
        self.channels = channels
        self.channelPriority = channelPriority
        self.specs = specs
        self.packages = packages
        self.variables = variables
    }
}
