/// What the manifests, as last read, want to happen.
package enum BuildDemand: Hashable, Sendable {
    /// The current generation is what they say.
    case nothing
    /// A generation that was built before is what they say.
    case switchTo(GenerationNumber)
    /// No generation is what they say.
    case build(BuildRequest)
    /// They say nothing that can be built: malformed, missing, half-written.
    case unreadable(Diagnostic)
    /// They say what may not be built: nothing of the project runs any more.
    case withheld(Diagnostic)
}

/// One build that is wanted.
package struct BuildRequest: Hashable, Sendable {
    /// The fingerprint of the spec.
    package var key: Fingerprint
    /// For people: `pyproject.toml changed`.
    package var reason: String
    /// Asked for by name: a fresh generation even where there is one of this key.
    package var isForced: Bool

    package init(key: Fingerprint, reason: String, isForced: Bool = false) {
        self.key = key
        self.reason = reason
        self.isForced = isForced
    }
}

/// When a project's manifests are read and when its builds start and stop: any number of edits become
/// at most one more build, of the last state.
///
/// Events go in, what to do next comes out; no clock and no I/O, so that tests are tables. Reading and building
/// overlap: an edit during a build is read, and the build is cancelled only where it was overtaken.
package struct BuildStateMachine: Sendable {
    /// How long files must rest before they are read. The long one holds while a build is under way, so that
    /// edits that come one after the other do not start and cancel a build each.
    package enum QuietTime: Sendable { case short, long }

    package enum Effect: Hashable, Sendable {
        /// (Re)start the timer; `quietTimePassed` comes when it ends.
        case startTimer(QuietTime)
        /// Read the manifests off the loop; `readingEnded` comes then.
        case read
        case startBuild(BuildRequest)
        /// End the build with all its processes; `buildEnded` comes when they are gone.
        case cancelBuild
        case switchTo(GenerationNumber)
        case report(Diagnostic)
        /// Nothing is wanted that is not there: an earlier failure is over.
        case settled
    }

    private enum Reading { case none, settling, underWay(changedMeanwhile: Bool) }
    private enum Build { case none, running(BuildRequest), cancelling }

    private var reading = Reading.none
    private var build = Build.none
    /// What the last reading wanted and the cancelled build still keeps from happening.
    private var wanted: BuildDemand?

    package init() {}

    /// Whether anything is under way that may change the current generation.
    package var isBusy: Bool {
        if case .none = reading, case .none = build { return false }
        return true
    }

    package var isBuilding: Bool {
        if case .none = build { return false }
        return true
    }

    package mutating func inputsChanged() -> [Effect] {
        switch reading {
        case .none, .settling:
            reading = .settling
            return [.startTimer(isBuilding ? .long : .short)]
        case .underWay:
            reading = .underWay(changedMeanwhile: true)
            return []
        }
    }

    /// The timer ended, or somebody cannot wait for it (`envd build`, `envd allow`).
    package mutating func quietTimePassed() -> [Effect] {
        if case .underWay = reading {
            reading = .underWay(changedMeanwhile: true)
            return []
        }
        reading = .underWay(changedMeanwhile: false)
        return [.read]
    }

    /// The manifests are read. A demand that a change overtook meanwhile is dropped, and they are read again.
    package mutating func readingEnded(_ demand: BuildDemand) -> [Effect] {
        guard case .underWay(let changedMeanwhile) = reading else { return [] }
        reading = .none
        if changedMeanwhile { return inputsChanged() }
        switch (build, demand) {
        case (.none, _): return begin(demand)
        case (.running, .unreadable(let diagnostic)):
            // The files say nothing just now; the build is of the last thing that they said.
            return [.report(diagnostic)]
        case (.running(let request), .build(let next)) where request.key == next.key && !next.isForced: return []
        case (.running, _):
            build = .cancelling
            wanted = demand
            return [.cancelBuild]
        case (.cancelling, _):
            wanted = demand
            return []
        }
    }

    /// The build is over, whatever came of it, and its processes are gone.
    package mutating func buildEnded() -> [Effect] {
        build = .none
        guard let demand = wanted else { return [] }
        wanted = nil
        return begin(demand)
    }

    /// The project is no longer allowed: nothing further happens; a running build is cancelled.
    package mutating func stop() -> [Effect] {
        reading = .none
        wanted = nil
        guard case .running = build else { return [] }
        build = .cancelling
        return [.cancelBuild]
    }

    private mutating func begin(_ demand: BuildDemand) -> [Effect] {
        switch demand {
        case .nothing: return [.settled]
        case .switchTo(let number): return [.switchTo(number)]
        case .unreadable(let diagnostic), .withheld(let diagnostic): return [.report(diagnostic)]
        case .build(let request):
            build = .running(request)
            return [.startBuild(request)]
        }
    }
}
