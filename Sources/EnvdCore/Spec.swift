/// All that a project's manifests say, parsed and normalised.
///
/// Equal meaning gives an equal spec, whatever the formatting, the comments or the file times: the
/// fingerprint of its canonical encoding decides whether anything has to be built.
package struct Spec: Hashable, Sendable, Codable {
    /// What the prompt shows: `[project] name`, else the directory's name.
    package var name: ByteString
    package var python: PythonLayer
    /// What lies below the Python layer; nil where the project has none. Then `python` may be empty, with the
    /// manifest of this one.
    package var conda: CondaLayer?
    /// By the project's word, else the user's.
    package var libraryPath: LibraryPath

    package init(
        name: ByteString, python: PythonLayer, conda: CondaLayer? = nil, libraryPath: LibraryPath = LibraryPath()
    ) {
        self.name = name
        self.python = python
        self.conda = conda
        self.libraryPath = libraryPath
    }
}

extension Spec {
    /// A spec that an older version wrote down says nothing of libraries.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(ByteString.self, forKey: .name),
            python: try values.decode(PythonLayer.self, forKey: .python),
            conda: try values.decodeIfPresent(CondaLayer.self, forKey: .conda),
            libraryPath: try values.decodeIfPresent(LibraryPath.self, forKey: .libraryPath) ?? LibraryPath())
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
        /// pyproject.toml with `[tool.rye]`, and the requirements files that rye locks with.
        case rye
        /// A Pipfile, with its lock file.
        case pipenv
        /// pylock.toml (PEP 751): the requirements are exact already.
        case pylock
        /// setup.py, setup.cfg.
        case setuptools
        /// The `pip:` section of an environment.yml, or pip's packages of a conda-lock.yml: the requirements are
        /// expanded already, and empty where there is none.
        case condaPip
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
    /// Requirements files that count beside the manifest, in their order.
    package var companions: [Companion]
    /// The engine that the project asks for; nil where it leaves that to envd.
    package var engine: EngineChoice?

    /// `engine` of envd.toml.
    package enum EngineChoice: String, Hashable, Sendable, Codable, CaseIterable {
        case pip
        case uv
    }

    package init(
        format: Format, manifest: Path, lock: LockFile? = nil, requiresPython: [String] = [],
        requirements: [String] = [], constraints: [String] = [], groups: [String] = [], extras: [String] = [],
        options: [String] = [], settings: CanonicalValue? = nil, project: EditableProject? = nil,
        companions: [Companion] = [], engine: EngineChoice? = nil
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
        self.companions = companions
        self.engine = engine
    }
}

extension PythonLayer {
    /// A layer that an older version wrote down has no companions and no engine.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            format: try values.decode(Format.self, forKey: .format),
            manifest: try values.decode(Path.self, forKey: .manifest),
            lock: try values.decodeIfPresent(LockFile.self, forKey: .lock),
            requiresPython: try values.decode([String].self, forKey: .requiresPython),
            requirements: try values.decode([String].self, forKey: .requirements),
            constraints: try values.decode([String].self, forKey: .constraints),
            groups: try values.decode([String].self, forKey: .groups),
            extras: try values.decode([String].self, forKey: .extras),
            options: try values.decode([String].self, forKey: .options),
            settings: try values.decodeIfPresent(CanonicalValue.self, forKey: .settings),
            project: try values.decodeIfPresent(EditableProject.self, forKey: .project),
            companions: try values.decodeIfPresent([Companion].self, forKey: .companions) ?? [],
            engine: try values.decodeIfPresent(EngineChoice.self, forKey: .engine))
    }
}

/// A requirements file beside the manifest, with the lock file that was made of it.
package struct Companion: Hashable, Sendable, Codable {
    /// Relative to the project's root.
    package var manifest: Path
    package var lock: LockFile?

    package init(manifest: Path, lock: LockFile? = nil) {
        self.manifest = manifest
        self.lock = lock
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
