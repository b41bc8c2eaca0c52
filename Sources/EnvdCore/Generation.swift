/// Where a generation stands between its plan and its end.
package enum GenerationState: String, Hashable, Sendable, Codable, CaseIterable {
    case planned
    case building
    case verifying
    /// Built, checked and synced: may become current.
    case ready
    case current
    /// Was current; kept for shells that still use it and for a way back.
    case retired
    case deleting
    /// Never became whole: thrown away with its directory, only the log stays.
    case failed

    /// Whether a prefix in this state may be offered to a shell.
    package var isWhole: Bool { self == .ready || self == .current || self == .retired }
}

/// One built, immutable environment.
package struct Generation: Hashable, Sendable, Codable {
    package var project: ProjectID
    package var number: GenerationNumber
    package var state: GenerationState
    /// Of the spec, the base interpreter and the engine's kind: what was asked for.
    package var key: Fingerprint
    /// The prefix on disk, a path of its own.
    package var prefix: Path
    package var delta: Delta
    /// The engine and its version, as `envd status` shows it: `uv 0.13.8`.
    package var engine: String
    /// The Python that the prefix rests on; its own where conda brought it. Nil where conda brought none.
    package var interpreter: Interpreter?
    /// What of its packages could not be used as they are, a line each; nil where there is nothing to say.
    package var notes: [String]?
    /// When it became whole; nil in records of before that was put down.
    package var made: Timestamp?
    /// Why it was built, for people: `pyproject.toml changed`; nil in older records.
    package var reason: String?
    /// When another one became current in its place; nil for one that is current or never was.
    package var retired: Timestamp?
    /// What it takes on disk by itself, as last measured; nil: nobody asked.
    package var size: ByteSize?

    package init(
        project: ProjectID, number: GenerationNumber, state: GenerationState, key: Fingerprint, prefix: Path,
        delta: Delta, engine: String, interpreter: Interpreter?
    ) {
        self.project = project
        self.number = number
        self.state = state
        self.key = key
        self.prefix = prefix
        self.delta = delta
        self.engine = engine
        self.interpreter = interpreter
    }
}

/// The Python below a generation: when it goes or changes, the generation is damaged.
package struct Interpreter: Hashable, Sendable, Codable {
    /// The real path of the executable, no link.
    package var path: Path
    /// `3.11.2`.
    package var version: String
    package var device: UInt64
    package var inode: UInt64

    package init(path: Path, version: String, device: UInt64, inode: UInt64) {
        self.path = path
        self.version = version
        self.device = device
        self.inode = inode
    }
}
