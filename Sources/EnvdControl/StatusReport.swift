package import EnvdCore

/// What `envd status --json` prints: a stable format, told by `version`.
package struct StatusReport: Codable, Sendable {
    package struct Daemon: Codable, Sendable {
        package var version: String
        package var process: Int32
        /// What concerns no single project: watches ran out, state on a network file system …
        package var warnings: [Diagnostic]

        /// What is to be known and not to be mended: where things are, on a machine whose home is elsewhere.
        package var notes: [Diagnostic]?

        package init(version: String, process: Int32, warnings: [Diagnostic], notes: [Diagnostic] = []) {
            self.version = version
            self.process = process
            self.warnings = warnings
            self.notes = notes.isEmpty ? nil : notes
        }
    }

    /// Of this format.
    package var version = 1
    package var daemon: Daemon
    package var projects: [ProjectStatus]

    package init(daemon: Daemon, projects: [ProjectStatus]) {
        self.daemon = daemon
        self.projects = projects
    }
}

/// One project as its user sees it.
package struct ProjectStatus: Codable, Sendable {
    package enum State: String, Codable, Sendable {
        /// The current generation is what the manifests say.
        case ready
        case building
        /// The last build failed; the current generation, if there is one, is an older one.
        case failed
        /// The files name what the user has not allowed.
        case waitingForWord = "waiting for your word"
        /// A variable that a manifest names was never handed over.
        case waitingForShell = "waiting for a shell"
        case denied
        case notAllowed = "not allowed"
        case notAProject = "not a project"
        case forgotten
    }

    /// The generation that shells get.
    package struct Current: Codable, Sendable {
        package var number: GenerationNumber
        package var prefix: Path
        /// Nil where the environment has no Python.
        package var python: String?
        package var engine: String
        /// When it was built (RFC 3339, UTC); nil in records of before that was put down.
        package var built: String?
        /// What was changed in it by hand, one phrase each: `six 1.16.0 was added`. Only where one project is asked for.
        package var drift: [String]?

        package init(number: GenerationNumber, prefix: Path, python: String?, engine: String) {
            self.number = number
            self.prefix = prefix
            self.python = python
            self.engine = engine
        }
    }

    /// An earlier generation is current because the user went back to it: `envd rollback`.
    package struct Rollback: Codable, Sendable {
        package var to: GenerationNumber
        /// What was current before.
        package var from: GenerationNumber
        /// Whether that one is there still.
        package var canGoForward: Bool

        package init(to: GenerationNumber, from: GenerationNumber, canGoForward: Bool) {
            self.to = to
            self.from = from
            self.canGoForward = canGoForward
        }
    }

    /// A build under way.
    package struct Build: Codable, Sendable {
        /// `resolving`, `installing` …
        package var phase: String
        /// Why it was started: `pyproject.toml changed`.
        package var reason: String
        /// Since it began, or began to wait for its turn; by a clock that nobody sets.
        package var milliseconds: Int
        /// When that was (RFC 3339, UTC).
        package var started: String?
        /// Nil where the engine says nothing of it.
        package var progress: BuildProgress?

        package init(phase: String, reason: String, milliseconds: Int) {
            self.phase = phase
            self.reason = reason
            self.milliseconds = milliseconds
        }
    }

    /// A manifest and why it was not followed.
    package struct PassedOver: Codable, Sendable {
        package var path: Path
        package var reason: String

        package init(path: Path, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    package var root: Path
    package var state: State
    package var current: Current?
    package var build: Build?
    package var failure: Diagnostic?
    /// When that was found (RFC 3339, UTC); nil in records of before that was put down.
    package var failed: String?
    package var rolledBack: Rollback?
    package var followed: [Path]
    package var passedOver: [PassedOver]
    package var warnings: [Diagnostic]
    package var wantedVariables: [String]
    /// What `envd allow` would allow and nothing is built without; nil where nothing is asked.
    package var asks: [NamedSource]?

    package init(
        root: Path, state: State, current: Current? = nil, build: Build? = nil, failure: Diagnostic? = nil,
        followed: [Path] = [], passedOver: [PassedOver] = [], warnings: [Diagnostic] = [],
        wantedVariables: [String] = []
    ) {
        self.root = root
        self.state = state
        self.current = current
        self.build = build
        self.failure = failure
        self.followed = followed
        self.passedOver = passedOver
        self.warnings = warnings
        self.wantedVariables = wantedVariables
    }
}
