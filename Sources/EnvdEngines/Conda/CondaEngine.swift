package import EnvdCore

/// Resolves and installs the conda layer: rattler here; micromamba, mamba and conda have room beside it.
///
/// As with `PythonEngine`, an engine never decides when it runs, and runs for allowed projects alone.
package protocol CondaEngine: Sendable {
    /// `rattler`.
    var name: String { get }
    var version: String { get }

    /// The exact packages for a layer; those of a lock file as they stand there, without a solve.
    ///
    /// - Parameters:
    ///   - root: the project's root; nothing is written below it.
    ///   - machine: what packages may ask of the machine; belongs in the generation's key.
    ///   - preferring: an older resolution whose packages stay where they still fit.
    /// - Throws: what a person has to know: the solver's own reason where the specs do not fit together.
    func solve(
        _ layer: CondaLayer, root: Path, machine: VirtualPackages, settings: CondaOptions,
        preferring: CondaResolution?, context: EngineContext
    ) async throws(Diagnostic) -> CondaResolution

    /// Makes the prefix and fills it; `prefix` does not exist yet. What is left behind after an error is the
    /// caller's to delete.
    ///
    /// - Parameter progress: called for each package, from any thread.
    func install(
        _ resolution: CondaResolution, layer: CondaLayer, root: Path, settings: CondaOptions, into prefix: Path,
        context: EngineContext, progress: @escaping @Sendable (CondaProgress) -> Void
    ) async throws(Diagnostic) -> CondaInstallation
}

/// What the user's settings (`.condarc`, `config.toml`) say to an engine beside the channels.
package struct CondaOptions: Hashable, Sendable {
    /// Nothing but the cache and this machine's files.
    package var isOffline: Bool
    /// `ssl_verify: false` turns it off.
    package var verifiesCertificates: Bool
    /// `ssl_verify: PATH`; nil: what the environment says (SSL_CERT_FILE), else the system's.
    package var certificates: Path?
    /// `proxy_servers`, by `http` and `https`; the environment's variables hold where there is none.
    package var proxies: [String: String]
    /// Whether packages' post-link scripts may run: code of strangers, which activation does not need.
    package var runsLinkScripts: Bool
    /// How long nothing may happen; a package that is being fetched says nothing until it is there.
    package var patience = Duration.seconds(180)
    /// Addresses of channels and packages with user, password or token, by the same without them. In memory only.
    package var secrets: [String: String]

    package init(
        isOffline: Bool = false, verifiesCertificates: Bool = true, certificates: Path? = nil,
        proxies: [String: String] = [:], runsLinkScripts: Bool = false, secrets: [String: String] = [:]
    ) {
        self.isOffline = isOffline
        self.verifiesCertificates = verifiesCertificates
        self.certificates = certificates
        self.proxies = proxies
        self.runsLinkScripts = runsLinkScripts
        self.secrets = secrets
    }
}

/// How far an installation is.
package struct CondaProgress: Hashable, Sendable {
    package enum Phase: String, Sendable {
        case solve
        /// For another build that fetches the same package.
        case wait
        /// A package begins to be fetched.
        case begin
        /// A package was fetched.
        case fetch
        case link
    }

    package var phase: Phase
    /// Name, with the version while it is fetched; empty while all are solved.
    package var package: String
    package var done: Int
    /// 0 where it is not known.
    package var total: Int
    /// Of what is fetched; nil where the channel does not say it of every package.
    package var doneBytes: ByteSize?
    package var totalBytes: ByteSize?
}

/// What there is to say about a prefix that was filled.
package struct CondaInstallation: Hashable, Sendable, Codable {
    /// With all that the packages themselves say where a lock file named addresses alone.
    package var resolution: CondaResolution
    /// Packages that have a script to run after linking, by name.
    package var linkScripts: [String]
    /// Whether those were run.
    package var ranLinkScripts: Bool
    /// Files that more than one package brings: `PACKAGE/PATH` of the one that lost.
    package var clobbered: [String]
    /// How many packages the cache did not have.
    package var fetched: Int
}
