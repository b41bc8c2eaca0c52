internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop

/// Who of the builds may work: as many as there are processors, and one of all that download.
///
/// A build that downloads, or waits for its turn to, is in nobody else's way: it gives its place back meanwhile.
@LoopActor final class BuildTurns {
    private let links: BuildQueue
    private let fetches: BuildQueue

    /// - Parameters:
    ///   - links: how many builds work at once.
    ///   - patience: how long one download keeps the others waiting: a slow one holds them up no longer.
    ///   - shells: the directories in which shells stand; called off the loop.
    init(
        links: Int, patience: Duration = .seconds(30), shells: @escaping @Sendable () -> [Path] = { [] }
    ) {
        self.links = BuildQueue(places: max(links, 1), shells: shells)
        fetches = BuildQueue(places: 1, patience: patience, shells: shells)
    }

    /// Runs `body` when a place is free.
    ///
    /// - Parameter body: gets the way to download.
    /// - Returns: nil where the calling task was cancelled while it waited.
    func run<Value: Sendable>(
        urgency: @escaping @LoopActor ([Path]) -> BuildQueue.Urgency = { _ in .background },
        _ body: @Sendable (any FetchTurns) async -> Value
    ) async -> Value? {
        guard let place = await links.enter(urgency) else { return nil }
        let turns = Turns(links: links, fetches: fetches, urgency: urgency, place: place)
        let value = await body(turns)
        turns.end()
        return value
    }

    /// Of one build, whose commands run one after the other.
    @LoopActor private final class Turns: FetchTurns {
        private let links: BuildQueue
        private let fetches: BuildQueue
        private let urgency: @LoopActor ([Path]) -> BuildQueue.Urgency
        /// Nil while it downloads.
        private var place: BuildQueue.Place?

        init(
            links: BuildQueue, fetches: BuildQueue, urgency: @escaping @LoopActor ([Path]) -> BuildQueue.Urgency,
            place: BuildQueue.Place
        ) {
            self.links = links
            self.fetches = fetches
            self.urgency = urgency
            self.place = place
        }

        func end() {
            if let place { links.leave(place) }
            place = nil
        }

        func run(_ command: @escaping @Sendable () async -> CommandResult) async -> CommandResult {
            end()
            let result = await fetches.run(urgency: urgency, command)
            place = await links.enter(urgency)
            return result ?? CommandResult(ending: .cancelled, standardOutput: [], standardError: [])
        }
    }
}
