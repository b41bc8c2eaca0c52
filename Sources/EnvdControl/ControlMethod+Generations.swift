package import EnvdCore

/// The verbs for the generations of projects.
extension Control {
    package enum History: ControlMethod {
        package static let name = "\(interface).History"
        package typealias Parameters = ProjectParameters
        package typealias Reply = HistoryReport
    }

    package enum Diff: ControlMethod {
        package static let name = "\(interface).Diff"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Nil: the one before the current.
            package var from: GenerationNumber?
            /// Nil: the current one.
            package var to: GenerationNumber?
            package init(directory: Path, from: GenerationNumber?, to: GenerationNumber?) {
                self.directory = directory
                self.from = from
                self.to = to
            }
        }
        package typealias Reply = DifferenceReport
    }

    /// Makes an earlier generation current, for as long as the manifests stay as they are.
    package enum Rollback: ControlMethod {
        package static let name = "\(interface).Rollback"
        package struct Parameters: Codable, Sendable {
            package var directory: Path
            /// Nil: the whole one before the current.
            package var generation: GenerationNumber?
            package init(directory: Path, generation: GenerationNumber?) {
                self.directory = directory
                self.generation = generation
            }
        }
        package typealias Reply = ProjectReply
    }

    /// Removes what nobody needs any more.
    package enum CollectGarbage: ControlMethod {
        package static let name = "\(interface).CollectGarbage"
        package struct Parameters: Codable, Sendable {
            /// Nil: all projects, and what belongs to none.
            package var directory: Path?
            package var isDryRun: Bool
            /// How many retired generations of a project stay; nil: as the settings say, or, with `maximalAge`, as
            /// many as are young enough.
            package var kept: Int?
            /// In seconds: generations that were current in this time stay.
            package var maximalAge: Int64?
            package init(directory: Path?, isDryRun: Bool, kept: Int?, maximalAge: Int64?) {
                self.directory = directory
                self.isDryRun = isDryRun
                self.kept = kept
                self.maximalAge = maximalAge
            }
        }
        package typealias Reply = GarbageReport
    }
}
