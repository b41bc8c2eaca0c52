import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

/// A project of a test's own, and what reading it gives.
struct SampleProject {
    let directory: TemporaryDirectory
    /// Where settings of conda lie: nowhere.
    var conda = CondaSettings.Places(files: [])
    /// The user's config.toml: none.
    var configuration: Path?

    init(_ files: [String: String] = [:]) throws {
        directory = try TemporaryDirectory("manifest")
        for (name, text) in files { try directory.write(name, text) }
    }

    var root: Path { directory.path }
    // The directory goes with its last use, which must not come before the reading.
    var reading: ManifestReading {
        withExtendedLifetime(directory) { ManifestReader.read(root, conda: conda, configuration: configuration) }
    }
    var isProject: Bool { withExtendedLifetime(directory) { ManifestReader.isProject(root) } }

    func spec() throws -> Spec { try reading.spec.get() }
    func layer() throws -> PythonLayer { try spec().python }

    /// The diagnostic of a reading that has to fail.
    func diagnostic() throws -> Diagnostic {
        switch reading.spec {
        case .failure(let diagnostic): return diagnostic
        case .success(let spec):
            Issue.record("the reading gave a spec: \(spec)")
            throw Diagnostic("a spec")
        }
    }

    /// The names of all inputs, relative to the root where they are below it.
    var inputs: Set<String> {
        Set(reading.inputs.map { ($0.path.relative(to: root) ?? $0.path).description })
    }

    /// Those of them that are not conda's or pixi's.
    var pythonInputs: Set<String> { inputs.subtracting(CondaFormatNames.all + ["pixi.toml", "pixi.lock"]) }

    func write(_ name: String, _ text: String) throws { try directory.write(name, text) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try FileSystem.replace(root / name, with: bytes, mode: 0o644)
    }
}

/// The layer of a project with one file.
func layer(_ name: String, _ text: String) throws -> PythonLayer { try SampleProject([name: text]).layer() }

/// The fingerprint that decides whether anything has to be built.
func fingerprint(_ files: [String: String]) throws -> Fingerprint {
    var spec = try SampleProject(files).spec()
    // Directories of tests differ in their names.
    if files["pyproject.toml"]?.contains("[project]") != true { spec.name = "sample" }
    return Fingerprint(of: spec.canonicalEncoding)
}
