package import EnvdCore

/// What `envd history --json` prints: a stable format, told by `version`.
package struct HistoryReport: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var number: GenerationNumber
        package var isCurrent: Bool
        /// Whether nothing that it needs is gone.
        package var isWhole: Bool
        /// When it became whole, in UTC: `2026-11-22T09:45:30Z` (RFC 3339).
        package var made: String
        /// Why it was built: `pyproject.toml changed`; nil where that was not put down.
        package var reason: String?
        package var engine: String
        /// Nil where the environment has no Python.
        package var python: String?
        /// Of both layers.
        package var packages: Int
        /// What it has on disk by itself: a file that the engines' cache or another generation has too counts nothing.
        package var bytes: ByteSize
        /// Against the one before it here; nil for the oldest.
        package var changes: [PackageChange]?
        /// What was changed in it by hand, one phrase each.
        package var drift: [String]
        package var prefix: Path

        package init(
            number: GenerationNumber, isCurrent: Bool, isWhole: Bool, made: String, reason: String?, engine: String,
            python: String?, packages: Int, bytes: ByteSize, changes: [PackageChange]?, drift: [String], prefix: Path
        ) {
            self.number = number
            self.isCurrent = isCurrent
            self.isWhole = isWhole
            self.made = made
            self.reason = reason
            self.engine = engine
            self.python = python
            self.packages = packages
            self.bytes = bytes
            self.changes = changes
            self.drift = drift
            self.prefix = prefix
        }
    }

    /// Of this format.
    package var version = 1
    package var root: Path
    /// Newest first.
    package var generations: [Entry]
    package var rolledBack: ProjectStatus.Rollback?

    package init(root: Path, generations: [Entry], rolledBack: ProjectStatus.Rollback?) {
        self.root = root
        self.generations = generations
        self.rolledBack = rolledBack
    }
}

/// What `envd diff --json` prints: a stable format, told by `version`.
package struct DifferenceReport: Codable, Sendable {
    /// Of this format.
    package var version = 1
    package var root: Path
    package var from: GenerationNumber
    package var to: GenerationNumber
    /// Python first, then conda's packages, then the Python layer, each in the order of the names.
    package var changes: [PackageChange]

    package init(root: Path, from: GenerationNumber, to: GenerationNumber, changes: [PackageChange]) {
        self.root = root
        self.from = from
        self.to = to
        self.changes = changes
    }
}
