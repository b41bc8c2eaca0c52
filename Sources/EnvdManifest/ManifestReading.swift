package import EnvdCore

/// What one look at a project's manifests gave: the spec or the reason why there is none, and every file
/// that the answer depends on.
package struct ManifestReading: Sendable {
    /// A file that makes the project but was not followed, with the reason in the user's words.
    package struct PassedOver: Hashable, Sendable, Codable {
        package var path: Path
        package var reason: String

        package init(path: Path, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    package var root: Path
    /// Every file that was looked at, there or not, absolute: a change of any of them may change the answer.
    package var inputs: [InputFile]
    /// The files that the spec comes from, the most telling one first.
    package var followed: [Path]
    package var passedOver: [PassedOver]
    /// Environment variables that a manifest names with `${…}`, in byte order.
    package var wantedVariables: [String]
    package var spec: Result<Spec, Diagnostic>
    /// The other directories of uv's workspace that the project is in, absolute; its root is the first one where the
    /// project is a member. Resolving may run the build backend of each.
    package var workspace: [Path] = []
    /// What a person should know of the manifests beside mistakes.
    package var notes: [Diagnostic] = []
    /// The user's settings of conda; nil where no manifest of conda is read. In memory only, for addresses in them
    /// may name credentials.
    package var condaSettings: CondaSettings?
    package var userSettings = UserSettings()
    /// Addresses of channels and packages with their credentials, by the same without them as specs hold them. In
    /// memory only: never stored, never logged.
    package var channelSecrets: [String: String] = [:]

    /// What decides whose code runs, in its order; nothing where there is no spec.
    package var codeSources: [NamedSource] = []
    /// Inputs that are the user's own settings, absolute: no project's word.
    package var userFiles: Set<Path> = []

    /// The inputs but for the user's own settings.
    package var projectInputs: [InputFile] { inputs.filter { !userFiles.contains($0.path) } }

    package init(
        root: Path, inputs: [InputFile], followed: [Path], passedOver: [PassedOver], wantedVariables: [String],
        spec: Result<Spec, Diagnostic>
    ) {
        self.root = root
        self.inputs = inputs
        self.followed = followed
        self.passedOver = passedOver
        self.wantedVariables = wantedVariables
        self.spec = spec
    }
}
