/// The name that somebody meant who wrote another one.
package enum NearestName {
    /// The one of `names` with the fewest letters added, left out, changed or swapped; nil where none is near:
    /// more than one letter in three is other.
    package static func of(_ word: String, among names: [String]) -> String? {
        // What is longer than any name is none of them, and would take long.
        guard word.utf8.count <= 64 else { return nil }
        let scored = names.map { (name: $0, distance: distance(folded(word), folded($0))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, max(word.count, best.name.count) / 3) ? best.name : nil
    }

    /// Case, and how words are joined, are no difference.
    private static func folded(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
    }

    /// Damerau and Levenshtein's, with swaps of neighbours alone.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var rows = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in 0...left.count { rows[row][0] = row }
        for column in 0...right.count { rows[0][column] = column }
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        for row in 1...left.count {
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var best = min(rows[row - 1][column], rows[row][column - 1]) + 1
                best = min(best, rows[row - 1][column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, rows[row - 2][column - 2] + 1)
                }
                rows[row][column] = best
            }
        }
        return rows[left.count][right.count]
    }
}
