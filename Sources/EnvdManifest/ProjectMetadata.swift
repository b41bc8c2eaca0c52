internal import EnvdCore
internal import EnvdPackaging

/// What of a pyproject.toml ends up in an environment where the project is installed editable.
enum ProjectMetadata {
    private static let projectKeys = [
        "name", "version", "dynamic", "scripts", "gui-scripts", "entry-points",
    ]
    /// Tables that build backends read, as they are.
    private static let backends = [
        "setuptools", "setuptools_scm", "setuptools-scm", "hatch", "flit", "pdm", "maturin", "scikit-build",
        "meson-python", "poetry", "poetry-dynamic-versioning", "versioneer",
    ]
    /// Of those tables, what only their own command lines read.
    private static let workflowKeys: [String: Set<String>] = [
        "hatch": ["envs", "publish"], "pdm": ["scripts", "dev-dependencies", "publish"],
        "poetry": [
            "group", "dev-dependencies", "authors", "maintainers", "description", "readme", "license", "keywords",
            "classifiers", "homepage", "repository", "documentation", "urls", "requires-poetry", "requires-plugins",
            "build-constraints", "source",
        ],
    ]

    /// - Parameter withDependencies: also what resolving it as a dependency would read.
    static func entries(of root: CanonicalValue, withDependencies: Bool) -> [String: CanonicalValue] {
        var entries: [String: CanonicalValue] = [:]
        let project = root.value(["project"])?.asTable ?? [:]
        for key in projectKeys {
            if let value = project[key] { entries[key] = value }
        }
        if let dynamic = project["dynamic"]?.asList { entries["dynamic"] = sorted(dynamic) }
        if let python = project["requires-python"] { entries["requires-python"] = specifiers(python) }
        if let extras = project["optional-dependencies"] {
            entries["optional-dependencies"] = requirements(byKey: extras)
        }
        if withDependencies, let dependencies = project["dependencies"] {
            entries["dependencies"] = requirements(dependencies)
        }
        if var build = root.value(["build-system"])?.asTable {
            if let requires = build["requires"] { build["requires"] = requirements(requires) }
            entries["build-system"] = .table(build)
        }
        let tools = root.value(["tool"])?.asTable ?? [:]
        var tables: [String: CanonicalValue] = [:]
        for name in backends {
            guard var table = tools[name]?.asTable else { continue }
            for key in workflowKeys[name] ?? [] { table[key] = nil }
            if !table.isEmpty { tables[name] = .table(table) }
        }
        if let backend = root.value(["tool", "uv", "build-backend"]) { tables["uv.build-backend"] = backend }
        if withDependencies, let sources = root.value(["tool", "uv", "sources"]) { tables["uv.sources"] = sources }
        if !tables.isEmpty { entries["tool"] = .table(tables) }
        return entries
    }

    private static func sorted(_ values: [CanonicalValue]) -> CanonicalValue {
        let texts = values.compactMap(\.asText)
        return texts.count == values.count ? .list(texts.sortedAndUnique().map { .text($0) }) : .list(values)
    }

    private static func specifiers(_ value: CanonicalValue) -> CanonicalValue {
        guard let text = value.asText, let clauses = try? VersionSpecifiers.normalised(text) else { return value }
        return .list(clauses.map { .text($0) })
    }

    /// A list of requirements without its formatting, where each can be understood.
    private static func requirements(_ value: CanonicalValue) -> CanonicalValue {
        guard let values = value.asList else { return value }
        return sorted(
            values.map { value in
                guard let text = value.asText, let requirement = try? Requirement(parsing: text) else { return value }
                return .text(requirement.normalised)
            })
    }

    private static func requirements(byKey value: CanonicalValue) -> CanonicalValue {
        guard let table = value.asTable else { return value }
        return .table(table.mapValues { requirements($0) })
    }
}
