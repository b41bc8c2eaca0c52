package import EnvdCore

/// A verb of the control socket: its name, what it takes and what it gives.
///
/// The frames are varlink's (varlink.org): a JSON object that ends in a NUL, `method` and `parameters` one way,
/// `parameters` or `error` the other, `continues` where more replies follow.
package protocol ControlMethod {
    associatedtype Parameters: Codable & Sendable
    associatedtype Reply: Codable & Sendable
    static var name: String { get }
}

/// The verbs of `dev.envd.Control`.
package enum Control {
    package static let interface = "dev.envd.Control"

    /// The user's word that code of the project may run; registers, watches and builds it.
    package enum Allow: ControlMethod {
        package static let name = "\(interface).Allow"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Whether to accept that other users can write there.
            package var shared: Bool
            /// How far the word goes; nil: as before, else as config.toml says.
            package var mode: TrustMode?
            /// Packages that may be built from source, `:all:` or `:none:`; none: those that were asked for.
            package var builds: [String]
            /// Whether only to tell what would be allowed.
            package var isDryRun: Bool
            package init(
                directory: Path, shared: Bool = false, mode: TrustMode? = nil, builds: [String] = [],
                isDryRun: Bool = false
            ) {
                self.directory = directory
                self.shared = shared
                self.mode = mode
                self.builds = builds
                self.isDryRun = isDryRun
            }
        }
        package typealias Reply = AllowReport
    }

    /// Takes the word back and remembers that; the environment stays on disk until `Forget`.
    package enum Deny: ControlMethod {
        package static let name = "\(interface).Deny"
        package typealias Parameters = ProjectParameters
        package typealias Reply = ProjectReply
    }

    /// Removes all that envd has of a project.
    package enum Forget: ControlMethod {
        package static let name = "\(interface).Forget"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Also what processes work in, and what the engines' caches hold for this project alone. Nil, as an older
            /// client has it: no.
            package var purge: Bool?
            package init(directory: Path, purge: Bool = false) {
                self.directory = directory
                self.purge = purge
            }
        }
        package struct Reply: Codable, Sendable {
            package var root: Path
            /// What processes work in: left, or with `purge` removed all the same.
            package var inUse: [GarbageReport.Spared]
            package init(root: Path, inUse: [GarbageReport.Spared]) {
                self.root = root
                self.inUse = inUse
            }
        }
    }

    package enum Status: ControlMethod {
        package static let name = "\(interface).Status"
        package struct Parameters: Codable, Sendable {
            /// Nil: every project that the user has spoken about.
            package var directory: Path?
            /// Only what one line about a project tells: state, and whether its user went back. Nil: no.
            package var brief: Bool?
            package init(directory: Path?, brief: Bool? = nil) {
                self.directory = directory
                self.brief = brief
            }
        }
        package typealias Reply = StatusReport
    }

    /// Answers when no build of the project is under way any more, or the time is over.
    package enum Wait: ControlMethod {
        package static let name = "\(interface).Wait"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Nil: as long as it takes.
            package var timeoutMilliseconds: Int?
            package init(directory: Path, timeoutMilliseconds: Int?) {
                self.directory = directory
                self.timeoutMilliseconds = timeoutMilliseconds
            }
        }
        package typealias Reply = ProjectReply
    }

    /// A fresh generation now, also where nothing changed.
    package enum Build: ControlMethod {
        package static let name = "\(interface).Build"
        package typealias Parameters = ProjectParameters
        package typealias Reply = ProjectReply
    }

    /// A fresh generation, in which packages that no lock file pins are chosen anew.
    package enum Update: ControlMethod {
        package static let name = "\(interface).Update"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Names; none: every package.
            package var packages: [String]
            package init(directory: Path, packages: [String]) {
                self.directory = directory
                self.packages = packages
            }
        }
        package typealias Reply = ProjectReply
    }

    /// Brings the lock files up to date in the project, each by its own tool; answers when that is done.
    package enum Lock: ControlMethod {
        package static let name = "\(interface).Lock"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Whether every version is chosen anew.
            package var upgrade: Bool
            /// The packages whose versions are; as the user wrote them.
            package var packages: [String]
            package init(directory: Path, upgrade: Bool, packages: [String]) {
                self.directory = directory
                self.upgrade = upgrade
                self.packages = packages
            }
        }
        package typealias Reply = LockUpdate
    }

    /// The log of the last build, or of the one under way.
    package enum Log: ControlMethod {
        package static let name = "\(interface).Log"
        package typealias Parameters = ProjectParameters
        package struct Reply: Codable, Sendable {
            /// Nil where nothing was ever built.
            package var file: Path?
            package var isBuilding: Bool
            package init(file: Path?, isBuilding: Bool) {
                self.file = file
                self.isBuilding = isBuilding
            }
        }
    }

    /// What activation changes, for `envd env` and `envd exec`.
    package enum Environment: ControlMethod {
        package static let name = "\(interface).Environment"
        package struct Parameters: Codable, Sendable {
            /// Absolute: the project's root or any directory in it.
            package var directory: Path
            /// Nil: the current one.
            package var generation: GenerationNumber?
            package init(directory: Path, generation: GenerationNumber? = nil) {
                self.directory = directory
                self.generation = generation
            }
        }
        package struct Reply: Codable, Sendable {
            package var project: ProjectStatus
            /// Nil where no generation is current.
            package var delta: Delta?
            /// Of the generation that was asked for by its number.
            package var prefix: Path?
            package init(project: ProjectStatus, delta: Delta?, prefix: Path? = nil) {
                self.project = project
                self.delta = delta
                self.prefix = prefix
            }
        }
    }

    /// A shell's variables for the engines; see `HandedEnvironment`.
    package enum HandOver: ControlMethod {
        package static let name = "\(interface).HandOver"
        package struct Parameters: Codable, Sendable {
            /// Pairs of name and value: neither need be text.
            package var variables: [[ByteString]]
            package init(variables: [ByteString: ByteString]) { self.variables = variables.map { [$0.key, $0.value] } }
        }
        package struct Reply: Codable, Sendable {
            package init() {}
        }
    }

    package enum Engines: ControlMethod {
        package static let name = "\(interface).Engines"
        package struct Parameters: Codable, Sendable {
            /// An engine to install first, at envd's pinned version; nil: only list.
            package var install: String?
            package init(install: String?) { self.install = install }
        }
        package struct Reply: Codable, Sendable {
            package var engines: [EngineStatus]
            package init(engines: [EngineStatus]) { self.engines = engines }
        }
    }
}

// What other programs may leave out, as varlink's `?` has it.

extension Control.Allow.Parameters {
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            directory: try values.decode(Path.self, forKey: .directory),
            shared: try values.decodeIfPresent(Bool.self, forKey: .shared) ?? false,
            mode: try values.decodeIfPresent(TrustMode.self, forKey: .mode),
            builds: try values.decodeIfPresent([String].self, forKey: .builds) ?? [],
            isDryRun: try values.decodeIfPresent(Bool.self, forKey: .isDryRun) ?? false)
    }
}

extension Control.Update.Parameters {
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            directory: try values.decode(Path.self, forKey: .directory),
            packages: try values.decodeIfPresent([String].self, forKey: .packages) ?? [])
    }
}

extension Control.Lock.Parameters {
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            directory: try values.decode(Path.self, forKey: .directory),
            upgrade: try values.decodeIfPresent(Bool.self, forKey: .upgrade) ?? false,
            packages: try values.decodeIfPresent([String].self, forKey: .packages) ?? [])
    }
}

/// What most verbs take.
package struct ProjectParameters: Codable, Sendable {
    /// Absolute: the project's root or any directory in it.
    package var directory: Path
    package init(directory: Path) { self.directory = directory }
}

/// What most verbs that do something with a project give.
package struct ProjectReply: Codable, Sendable {
    package var project: ProjectStatus
    package init(_ project: ProjectStatus) { self.project = project }
}

/// An engine that envd can use.
package struct EngineStatus: Codable, Sendable {
    package var name: String
    /// Nil where it is missing.
    package var version: String?
    package var path: Path?
    /// `PATH`, `envd`, or why it is missing.
    package var origin: String

    package init(name: String, version: String?, path: Path?, origin: String) {
        self.name = name
        self.version = version
        self.path = path
        self.origin = origin
    }
}
