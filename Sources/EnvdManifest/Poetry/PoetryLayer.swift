package import EnvdCore
internal import EnvdPackaging

/// What an engine has to know of a layer that Poetry's files made.
package enum PoetryLayer {
    /// The directories and files of this machine that the project names: as written, relative to the project's root
    /// or absolute, in byte order.
    package static func paths(of layer: PythonLayer) -> [Path] {
        (layer.settings?.value(["envd.files"])?.asTable?.keys.sortedAndUnique() ?? []).map { Path($0) }
    }

    /// The oldest Poetry that understands the files: `[project]` came with 2.0, the groups of PEP 735 with 2.2, and a
    /// lock file stays with the major version that wrote it.
    ///
    /// - Parameter lock: the project's own; nil where it has none.
    package static func oldestPoetry(for layer: PythonLayer, lock: PoetryLock?) -> String? {
        let content = layer.settings?.value([PoetryReader.contentKey])?.asTable ?? [:]
        if content["dependency-groups"] != nil { return "2.2.0" }
        if content.keys.contains(where: { $0.hasPrefix("project.") }) { return "2.0.0" }
        return lock?.packages.contains { $0.groups != nil } == true ? "2.0.0" : nil
    }
}
