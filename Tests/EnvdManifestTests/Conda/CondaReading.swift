import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

extension SampleProject {
    /// A user without any settings of conda.
    static let nobody = CondaSettings.Places(files: [])

    /// A project that is read with conda's manifests.
    static func conda(_ files: [String: String]) throws -> SampleProject {
        var project = try SampleProject(files)
        project.conda = nobody
        return project
    }

    func condaLayer() throws -> CondaLayer { try #require(try spec().conda) }
}

/// The conda layer of an environment.yml.
func condaLayer(_ text: String) throws -> CondaLayer {
    try SampleProject.conda(["environment.yml": text]).condaLayer()
}

/// What is wrong with an environment.yml.
func condaDiagnostic(_ text: String) throws -> Diagnostic {
    try SampleProject.conda(["environment.yml": text]).diagnostic()
}

/// Addresses of channels.
let forge = "https://conda.anaconda.org/conda-forge"
let anaconda = ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
