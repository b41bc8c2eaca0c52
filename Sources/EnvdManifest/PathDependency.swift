internal import EnvdCore
internal import EnvdSystem

/// A package that lies in a directory or file of this machine.
enum PathDependency {
    /// What of it changes an environment that it is part of; each file that it might have becomes an input.
    ///
    /// - Parameter path: relative to the project's root, or absolute.
    static func content(of path: Path, context: inout ReadingContext) -> CanonicalValue {
        let location = context.root.appending(path)
        if let status = try? FileSystem.status(location), status.kind != .directory {
            return context.files.digest(location).map { .text($0.hex) } ?? .text("")
        }
        var entries: [String: CanonicalValue] = [:]
        let manifest = location / "pyproject.toml"
        if let bytes = context.files.readIfPresent(manifest) {
            if let document = try? TOMLDocument(bytes, file: manifest, name: "pyproject.toml", recordsLines: false) {
                entries["pyproject.toml"] = .table(ProjectMetadata.entries(of: document.root, withDependencies: true))
            } else {
                entries["pyproject.toml"] = FileContent.digest(bytes)
            }
        }
        for name in ["setup.py", "setup.cfg"] {
            if let bytes = context.files.readIfPresent(location / name) { entries[name] = FileContent.digest(bytes) }
        }
        return .table(entries)
    }
}
