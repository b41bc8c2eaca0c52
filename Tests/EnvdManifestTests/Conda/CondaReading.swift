import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

extension SampleProject {
    func condaLayer() throws -> CondaLayer { try #require(try spec().conda) }
}

/// The conda layer of an environment.yml.
func condaLayer(_ text: String) throws -> CondaLayer {
    try SampleProject(["environment.yml": text]).condaLayer()
}

/// What is wrong with an environment.yml.
func condaDiagnostic(_ text: String) throws -> Diagnostic {
    try SampleProject(["environment.yml": text]).diagnostic()
}

/// Addresses of channels.
let forge = "https://conda.anaconda.org/conda-forge"
let anaconda = ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
