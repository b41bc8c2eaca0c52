/// All that a project's manifests say, parsed and normalised.
///
/// Equal meaning gives an equal spec, whatever the formatting, the comments or the file times: the
/// fingerprint of its canonical encoding decides whether anything has to be built.
package struct Spec: Hashable, Sendable, Codable {
    /// What the prompt shows: `[project] name`, else the directory's name.
    package var name: ByteString
    package var python: PythonLayer

    package init(name: ByteString, python: PythonLayer) {
        self.name = name
        self.python = python
    }
}

/// The package world that PyPI serves.
package struct PythonLayer: Hashable, Sendable, Codable {
    /// Which grammar the engine has to read.
    package enum Format: String, Hashable, Sendable, Codable {
        case pyproject
        case requirements
        /// pyproject.toml as Poetry reads it.
        case poetry
    }

    package var format: Format
    /// The file that the engine is pointed at, relative to the project's root.
    package var manifest: Path
    /// The lock file beside it that its own tool wrote, with the digest of what it says.
    package var lock: LockFile?
    /// PEP 440 specifiers without blanks, in byte order: `["<3.13", ">=3.11"]`; empty when any will do.
    package var requiresPython: [String]
    /// What is asked for directly, each a normalised PEP 508 line (or a path or URL as written), in
    /// byte order and once.
    package var requirements: [String]
    /// `-c` lines, normalised likewise.
    package var constraints: [String]
    /// The PEP 735 groups to install (`dev` where there is one), in byte order.
    package var groups: [String]
    /// The extras of the project to install, in byte order.
    package var extras: [String]
    /// Global options of requirements files (`--index-url …`, `--pre`), in the order in which they count.
    package var options: [String]
    /// The engine's own table, `[tool.uv]`, as it counts for resolving.
    package var settings: CanonicalValue?
    /// The project as a package of its own; nil where it is none (no `[build-system]`).
    package var project: EditableProject?

    package init(
        format: Format, manifest: Path, lock: LockFile? = nil, requiresPython: [String] = [],
        requirements: [String] = [], constraints: [String] = [], groups: [String] = [], extras: [String] = [],
        options: [String] = [], settings: CanonicalValue? = nil, project: EditableProject? = nil
    ) {
        self.format = format
        self.manifest = manifest
        self.lock = lock
        self.requiresPython = requiresPython
        self.requirements = requirements
        self.constraints = constraints
        self.groups = groups
        self.extras = extras
        self.options = options
        self.settings = settings
        self.project = project
    }
}

/// A lock file as an input: where it is and what it says.
package struct LockFile: Hashable, Sendable, Codable {
    /// Relative to the project's root.
    package var path: Path
    package var content: Fingerprint

    package init(path: Path, content: Fingerprint) {
        self.path = path
        self.content = content
    }
}

/// The project itself, installed editable: all of its metadata that ends up in the environment.
package struct EditableProject: Hashable, Sendable, Codable {
    /// Normalised as PEP 503 says.
    package var name: String
    /// `[build-system]`, and what of `[project]` is neither a dependency nor prose.
    package var metadata: CanonicalValue

    package init(name: String, metadata: CanonicalValue) {
        self.name = name
        self.metadata = metadata
    }
}

/// A TOML or YAML value whose formatting is forgotten: tables compare by key, arrays by order.
package indirect enum CanonicalValue: Hashable, Sendable, Codable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case truth(Bool)
    case list([CanonicalValue])
    case table([String: CanonicalValue])
}
