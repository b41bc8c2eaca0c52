package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What rye locks of a pyproject.toml, each part by itself: a layer has them in one.
package struct RyeLayer: Hashable, Sendable {
    /// Normalised PEP 508 lines.
    package private(set) var dependencies: [String]
    package private(set) var development: [String]
    /// The names of `[project.optional-dependencies]`, in byte order.
    package private(set) var extras: [String]
    /// Whether the project is no package of its own.
    package private(set) var isVirtual: Bool

    /// - Throws: where pyproject.toml cannot be read.
    package init(root: Path) throws(Diagnostic) {
        var context = ReadingContext(root: root)
        guard let document = try context.document(PyprojectFormat.name) else {
            throw Diagnostic("could not read `pyproject.toml`: it is gone", at: .init(file: root / "pyproject.toml"))
        }
        let reader = PyprojectReader(document: document, table: nil)
        dependencies = try reader.dependencies()
        development = try reader.requirements(["tool", "rye", "dev-dependencies"])
        extras = document.value("project", "optional-dependencies")?.asTable?.keys.sortedAndUnique() ?? []
        isVirtual = document.value("tool", "rye", "virtual")?.asTruth == true
    }
}
