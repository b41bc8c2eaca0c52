package import EnvdCore

/// What `envd allow` allowed, or would allow; `envd allow --json` prints it.
package struct AllowReport: Codable, Sendable {
    /// A code source, as people are shown it.
    package struct Source: Codable, Sendable {
        package var kind: CodeSource.Kind
        /// Without credentials.
        package var text: String
        /// `index https://…`.
        package var phrase: String
        package var location: Diagnostic.Location?
        /// Whether it was not allowed before.
        package var isNew: Bool

        package init(_ named: NamedSource, isNew: Bool) {
            kind = named.source.kind
            text = named.source.text
            phrase = named.source.phrase
            location = named.location
            self.isNew = isNew
        }
    }

    /// Of this format.
    package var version = 1
    package var root: Path
    package var isDryRun: Bool
    /// Whether the project was allowed before.
    package var wasAllowed: Bool
    package var mode = TrustMode.follow
    /// What an unknown directory has to do with an allowed one: `was moved here from …`.
    package var origin: String?
    /// The files that are followed.
    package var manifests: [Path]
    /// How many packages they name, where they can be read.
    package var packages: Int?
    /// Why they cannot be read: what they will name is asked for then.
    package var trouble: Diagnostic?
    /// Whether the project itself is installed editable, so that its build backend may write `*.egg-info` into it.
    package var installsProject: Bool
    package var sources: [Source] = []
    /// Packages that may be built from source, by name; `:all:` for any.
    package var builtFromSource: [String] = []
    /// What changed, where every change asks.
    package var changedFiles: [Path] = []
    /// How the project stands; nil where it is not allowed.
    package var project: ProjectStatus?

    package init(
        root: Path, isDryRun: Bool, wasAllowed: Bool, manifests: [Path], packages: Int?, trouble: Diagnostic?,
        installsProject: Bool
    ) {
        self.root = root
        self.isDryRun = isDryRun
        self.wasAllowed = wasAllowed
        self.manifests = manifests
        self.packages = packages
        self.trouble = trouble
        self.installsProject = installsProject
    }
}
