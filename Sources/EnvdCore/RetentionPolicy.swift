/// Decides which generations may go. A current one never does.
package struct RetentionPolicy: Hashable, Sendable {
    /// How many of the generations that were last current stay for a way back, whatever their age; nil: their number
    /// does not count.
    package var kept: Int?
    /// Those that were current after this moment stay; nil: their age does not count.
    package var since: Timestamp?

    package static let defaultCount = 5

    package init(kept: Int? = defaultCount, since: Timestamp? = nil) {
        self.kept = kept
        self.since = since
    }

    /// The retired generations that need not stay, those first that were current longest ago.
    package func candidates(_ generations: [Generation]) -> [Generation] {
        let retired = Self.leastRecentFirst(generations)
        return retired.dropLast(kept ?? 0).filter { generation in
            guard let since else { return true }
            return generation.lastUse < since
        }
    }

    /// The retired ones among them, those first that were current longest ago.
    package static func leastRecentFirst(_ generations: [Generation]) -> [Generation] {
        generations.filter { $0.state == .retired }
            .sorted { ($0.lastUse, $0.number) < ($1.lastUse, $1.number) }
    }

    /// The candidates that nobody uses.
    ///
    /// - Parameter isInUse: whether a process or a session still works in the generation.
    package func removable(_ generations: [Generation], isInUse: (Generation) -> Bool) -> [Generation] {
        candidates(generations).filter { !isInUse($0) }
    }
}

extension Generation {
    /// When it was last current, as far as that is known.
    package var lastUse: Timestamp { retired ?? made ?? Timestamp(seconds: 0) }
}
