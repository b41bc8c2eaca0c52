/// Decides which generations may go.
package struct RetentionPolicy: Sendable {
    /// How many retired generations stay for a way back, whatever their age.
    package var kept: Int

    package init(kept: Int = 5) { self.kept = kept }

    /// The retired generations beyond the last few that nobody uses, oldest first.
    ///
    /// - Parameter isInUse: whether a process or a session still works in the generation.
    package func removable(_ generations: [Generation], isInUse: (Generation) -> Bool) -> [Generation] {
        let retired = generations.filter { $0.state == .retired }.sorted { $0.number < $1.number }
        return retired.dropLast(kept).filter { !isInUse($0) }
    }
}
