package import EnvdCore

/// What `envd gc --json` prints: a stable format, told by `version`.
package struct GarbageReport: Codable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case generation
        /// What the database did not know when the daemon started.
        case putAside = "put aside"
        /// The directory of a project that was forgotten while processes worked in it, or what a removal left.
        case leftover
        case log
        case scratch
        case engine
        /// A Python that was downloaded for generations that are gone.
        case python
    }

    package struct Item: Codable, Sendable {
        package var kind: Kind
        package var path: Path
        /// Nil where it belongs to no project that envd knows.
        package var root: Path?
        package var generation: GenerationNumber?
        /// What removing it frees, after what stands before it here.
        package var bytes: ByteSize

        package init(
            kind: Kind, path: Path, root: Path? = nil, generation: GenerationNumber? = nil, bytes: ByteSize = .zero
        ) {
            self.kind = kind
            self.path = path
            self.root = root
            self.generation = generation
            self.bytes = bytes
        }
    }

    /// What could go, but for those who use it.
    package struct Spared: Codable, Sendable {
        package var item: Item
        package var users: [User]

        package init(item: Item, users: [User]) {
            self.item = item
            self.users = users
        }
    }

    package struct User: Hashable, Codable, Sendable {
        package enum Way: String, Hashable, Sendable, Codable {
            case program, directory, file, environment
            /// A shell that has read nothing since the generation was current: it switches at its next prompt.
            case prompt
            /// `envd activate N` in that terminal.
            case activated
        }

        package var process: Int32
        package var name: String
        package var way: Way

        package init(process: Int32, name: String, way: Way) {
            self.process = process
            self.name = name
            self.way = way
        }
    }

    /// Of this format.
    package var version = 1
    package var isDryRun: Bool
    /// Removed, or in a dry run what would be.
    package var items: [Item] { didSet { freed = items.map(\.bytes).sum } }
    /// By all items together.
    package private(set) var freed: ByteSize
    package var spared: [Spared]
    /// What could not be removed, and why.
    package var failures: [Diagnostic]
    /// Projects whose directory is not there: theirs is kept until `envd forget`.
    package var gone: [Path]

    package init(
        isDryRun: Bool, items: [Item] = [], spared: [Spared] = [], failures: [Diagnostic] = [], gone: [Path] = []
    ) {
        self.isDryRun = isDryRun
        self.items = items
        freed = items.map(\.bytes).sum
        self.spared = spared
        self.failures = failures
        self.gone = gone
    }
}
