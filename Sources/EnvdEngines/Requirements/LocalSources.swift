package import EnvdCore

/// What is installed after the hashed packages: the unhashed ones and the project itself.
package struct LocalSources: Hashable, Sendable {
    /// Lines of a requirements file.
    package var text: String
    /// The local directories among them: a build backend writes there (`*.egg-info`).
    package var directories: [Path]
    package var isEmpty: Bool { text.isEmpty }

    /// - Parameter layer: the project is added, editable, where it is a package of its own.
    package init(_ resolution: Resolution, layer: PythonLayer, root: Path) {
        text = resolution.unhashed
        directories = RequirementsText(text).lines.compactMap(\.localPath).map { Path($0) }
        guard layer.project != nil else { return }
        if directories.contains(root) {
            // Found by itself as a dependency (`-e .`, an extra of its own): what is said there holds.
            return
        }
        text += "-e file://\(PercentCoding.encoded(root))\n"
        directories.append(root)
    }
}
