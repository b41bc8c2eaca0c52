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

    /// A `pip:` section beside another manifest of Python packages: both go into the one prefix.
    package struct PipSection: Hashable, Sendable, Codable {
        /// As in `PythonLayer`.
        package var requirements: [String]
        package var constraints: [String]
        package var options: [String]

        package init(requirements: [String], constraints: [String] = [], options: [String] = []) {
            self.requirements = requirements
            self.constraints = constraints
            self.options = options
        }
    }

    /// conda's own `env_prompt`.
    package static let defaultPromptTemplate = "({default_env}) "

    package var format: Format
    /// Relative to the project's root.
    package var manifest: Path
    /// conda-lock.yml beside an environment.yml, fresh or not: a fresh one gives `packages`.
    package var lock: LockFile?
    /// As conda would ask them, first one first: URLs without a subdirectory (`https://conda.anaconda.org/conda-forge`,
    /// `file:///srv/channel`); names of channels are resolved with the user's settings before. Without credentials,
    /// but with `${NAME}` as written.
    package var channels: [String]
    package var channelPriority: ChannelPriority
    /// Match specs as conda writes them, normalised, in byte order and once: `python 3.11.*`,
    /// `https://conda.anaconda.org/conda-forge::numpy >=1.26` (a channel is always an URL, see `channels`).
    package var specs: [String]
    /// The user's `pinned_packages`, likewise: they hold for what is installed and ask for nothing.
    package var pins: [String]
    /// Of lock files, in the lock file's order, for this machine's platform; where there are any, nothing is solved.
    package var packages: [LockedPackage]
    /// `variables:`, set while the environment is active.
    package var variables: [String: String]
    /// Where the Python layer is another manifest's; else the Python layer is the section.
    package var pip: PipSection?
    /// CONDA_PROMPT_MODIFIER: what stands before the prompt, by the user's `changeps1` and `env_prompt`, with
    /// `{default_env}`, `{name}` and `{prefix}` as written; empty for nothing.
    package var promptTemplate: String
    /// What packages may ask of the machine, one `NAME=VERSION` each, as far as it decides whether an environment
    /// that was built before still fits; the reader of a manifest knows nothing of it.
    package var machine: [String]

    package init(
        format: Format, manifest: Path, lock: LockFile? = nil, channels: [String] = [],
        channelPriority: ChannelPriority = .strict, specs: [String] = [], pins: [String] = [],
        packages: [LockedPackage] = [], variables: [String: String] = [:], pip: PipSection? = nil,
        promptTemplate: String = Self.defaultPromptTemplate, machine: [String] = []
    ) {
        self.format = format
        self.manifest = manifest
        self.lock = lock
        self.pins = pins
        self.pip = pip
        self.promptTemplate = promptTemplate
        self.machine = machine
        self.channels = channels
        self.channelPriority = channelPriority
        self.specs = specs
        self.packages = packages
        self.variables = variables
    }
}
