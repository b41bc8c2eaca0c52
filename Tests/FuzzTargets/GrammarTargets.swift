internal import EnvdCore
internal import EnvdPackaging

@testable internal import EnvdManifest

extension FuzzTarget {
    /// The small languages inside of manifests.
    static let grammar: [FuzzTarget] = [
        .text("requirement", limit: 512) { text in
            guard let requirement = try? Requirement(parsing: text) else { return }
            _ = Requirement.splitURL(text)
            _ = PackageName.normalised(requirement.name)
        },
        .text("marker", limit: 512) { text in
            guard let normalised = try? Marker.normalised(text) else { return }
            demand((try? Marker.normalised(normalised)) == normalised, "a normalised marker is not normal")
            _ = try? Marker(parsing: text).evaluate(in: MarkerEnvironment(["python_version": "3.11", "extra": "x"]))
        },
        .text("version", limit: 256) { text in
            guard let version = PythonVersion(text) else { return }
            demand(PythonVersion(version.description) == version, "a version is not what it says")
        },
        .text("specifiers", limit: 512) { text in
            guard let specifiers = try? VersionSpecifiers(parsing: text) else { return }
            _ = specifiers.contains("3.11.2")
            guard let normalised = try? VersionSpecifiers.normalised(text) else { return }
            demand(
                (try? VersionSpecifiers.normalised(normalised.joined(separator: ","))) == normalised,
                "normalised specifiers are not normal")
        },
        .text("shell-words", limit: 512) { _ = try? ShellWords.words($0) },
        .text("wheel-name", limit: 256) { _ = try? WheelName($0) },
        .text("conda-match-spec", limit: 512) { _ = try? CondaMatchSpec(parsing: $0) },
        .text("conda-version-spec", limit: 256) { _ = try? CondaVersionSpec(parsing: $0) },
        FuzzTarget("setup.cfg-text") { _ = try? SetupCfg($0, file: "/setup.cfg") },
    ]
}
