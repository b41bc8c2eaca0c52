internal import EnvdCore
internal import EnvdManifest
internal import EnvdSystem

/// What is at and above a directory that a shell stands in, as far as an untrusted place is looked at.
struct FoundDirectory: Sendable {
    let canonical: Path
    /// The nearest directory with a manifest's name in it.
    let root: Path?
    let isProject: Bool

    /// - Parameter home: it and `/` count for nothing.
    init?(around directory: Path, below home: Path) {
        guard let canonical = try? FileSystem.canonical(directory) else { return nil }
        self.canonical = canonical
        root = canonical.selfAndAncestors.prefix { $0 != home && $0 != .root }.first { directory in
            ManifestReader.names.contains { FileSystem.exists(directory / $0) }
        }
        isProject = root.map { ManifestReader.isProject($0) } ?? false
    }
}
