internal import EnvdCore

/// Which files make a project where several are there: the one place that says so.
///
/// A pure function of what each format says of its files; README.md beside this file is its documentation.
struct ManifestOrder {
    /// A format's word on its files.
    struct Candidate {
        var name: String
        /// Those of its files that are there.
        var files: [String]
        var claim: ManifestClaim
    }

    /// What to do with the candidates.
    struct Decision {
        /// The index of the candidate that is followed, or why none is.
        var chosen: Result<Int, Diagnostic>
        var passedOver: [(file: String, reason: String)]
    }

    /// The first candidate that follows counts, and a damaged one before it hides all others.
    ///
    /// - Parameters:
    ///   - candidates: in the order in which they count.
    ///   - root: for the message where nothing is there.
    static func decide(_ candidates: [Candidate], root: Path) -> Decision {
        var decision = Decision(chosen: .failure(Diagnostic("")), passedOver: [])
        // The candidate that counts, even where it is damaged.
        var first: Int?
        var unsupported: [(name: String, problem: Diagnostic)] = []
        var unrelated: [String] = []
        for (index, candidate) in candidates.enumerated() {
            if case .absent = candidate.claim { continue }
            if let first {
                let winner = candidates[first]
                for file in candidate.files where !winner.files.contains(file) {
                    decision.passedOver.append((file, "`\(winner.name)` is followed"))
                }
                continue
            }
            switch candidate.claim {
            case .absent: break
            case .unrelated(let reason):
                decision.passedOver += candidate.files.map { ($0, reason) }
                unrelated.append("`\(candidate.name)`: \(reason)")
            case .unsupported(let problem): unsupported.append((candidate.name, problem))
            case .broken(let problem): (decision.chosen, first) = (.failure(problem), index)
            case .follows: (decision.chosen, first) = (.success(index), index)
            }
        }
        if let first, case .success = decision.chosen {
            // What was passed over on the way is followed after all where the winner reads the same file.
            decision.passedOver.removeAll { candidates[first].files.contains($0.file) }
            for (name, _) in unsupported where !candidates[first].files.contains(name) {
                decision.passedOver.append(
                    (name, "its format is not supported yet, and `\(candidates[first].name)` is followed"))
            }
        }
        if first == nil { decision.chosen = .failure(unsupported.first?.problem ?? nothing(root, unrelated)) }
        return decision
    }

    private static func nothing(_ root: Path, _ unrelated: [String]) -> Diagnostic {
        Diagnostic(
            "could not read the project `\(root)`: "
                + (unrelated.isEmpty ? "there is no manifest in it" : unrelated.joined(separator: ", ")),
            at: .init(file: root),
            hint:
                "add a `[project]` table to pyproject.toml, or a requirements.txt; or name files in `inputs` of envd.toml"
        )
    }
}
