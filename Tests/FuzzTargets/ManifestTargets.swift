internal import EnvdCore
internal import EnvdSystem

@testable internal import EnvdManifest

extension FuzzTarget {
    /// The files of a project and of its user: each as a whole, by the way that the daemon takes.
    static let manifests: [FuzzTarget] =
        [
            "pyproject.toml", "envd.toml", "requirements.txt", "requirements.in", "Pipfile", "pylock.toml", "setup.cfg",
            "setup.py", "environment.yml", "conda-lock.yml",
        ].map { name in project(name, file: name) } + [
            project("explicit.txt", file: "requirements.txt", prefix: "@EXPLICIT\n"),
            project(
                "uv.lock", file: "uv.lock", beside: ["pyproject.toml": "[project]\nname = \"p\"\nversion = \"1\"\n"]),
            project(
                "poetry.lock", file: "poetry.lock",
                beside: [
                    "pyproject.toml":
                        "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = \"^3.9\"\n"
                ]),
            project("Pipfile.lock", file: "Pipfile.lock", beside: ["Pipfile": "[packages]\nidna = \"*\"\n"]),
            project(".python-version", file: ".python-version", beside: ["requirements.txt": "idna\n"]),
            .file("config.toml", as: "config.toml", beside: ["requirements.txt": "idna\n"]) {
                _ = ManifestReader.read($0, conda: .init(environment: [:]), configuration: $0 / "config.toml")
            },
            .file("condarc", as: ".condarc", beside: ["environment.yml": "dependencies: [python]\n"]) {
                let places = CondaSettings.Places(environment: ["HOME": $0.bytes, "CONDARC": ($0 / ".condarc").bytes])
                _ = ManifestReader.read($0, conda: places, configuration: nil)
            },
            FuzzTarget("toml") { _ = try? TOMLDocument($0, file: "/f", name: "f") },
            FuzzTarget("yaml") { _ = try? YAMLDocument($0, file: "/f", name: "f") },
        ]

    private static func project(
        _ name: String, file: String, prefix: String = "", beside: [String: String] = [:]
    ) -> FuzzTarget {
        let whole = Self.file(name, as: file, beside: beside) { root in
            let reading = ManifestReader.read(root, conda: .init(environment: [:]), configuration: nil)
            _ = ManifestReader.isProject(root)
            guard case .success(let spec) = reading.spec else { return }
            let again = ManifestReader.read(root, conda: .init(environment: [:]), configuration: nil)
            guard case .success(let same) = again.spec else { fatalError("read once, and not a second time") }
            demand(
                Fingerprint(of: spec.canonicalEncoding) == Fingerprint(of: same.canonicalEncoding),
                "the same files gave two specs")
        }
        if prefix.isEmpty { return whole }
        return FuzzTarget(name) { whole.read(Array(prefix.utf8) + $0) }
    }
}
