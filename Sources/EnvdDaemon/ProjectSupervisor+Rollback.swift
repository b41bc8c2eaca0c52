internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdStore

/// The user goes back to an earlier generation, and forward again.
extension ProjectSupervisor {
    /// What the user asked for and the next switch fulfils.
    struct RollbackWish {
        var number: GenerationNumber
        /// What is put down with the switch, once the manifests are read; nil: there is nothing to stick to, for the
        /// generation is what they want anyway.
        var pin: GenerationPin?
    }

    /// Makes another whole generation current, for as long as the manifests say what they say now.
    ///
    /// A build that is under way is cancelled. Returns when it is done.
    /// - Parameter number: nil: the whole one before the current.
    /// - Throws: where there is no such generation, or nothing may be offered here.
    func rollBack(to number: GenerationNumber?) async throws(Diagnostic) {
        let target = try rollbackTarget(number)
        wish = RollbackWish(number: target.number)
        isForced = false
        updating = nil
        check(reason: "`envd rollback`")
        await settled()
        wish = nil
        guard current?.number == target.number else {
            throw failure?.diagnostic
                ?? Diagnostic(
                    "could not roll `\(project.root)` back: something else became current meanwhile",
                    hint: "try it again")
        }
        // Manifests that cannot be read are still to be told of: the switch took that for settled.
        if pin?.generation == target.number, pin?.key == nil { check() }
        await settled()
    }

    private func rollbackTarget(_ number: GenerationNumber?) throws(Diagnostic) -> Generation {
        func refusal(_ cause: String, hint: String?) -> Diagnostic {
            Diagnostic("could not roll `\(project.root)` back: \(cause)", hint: hint)
        }
        let others = wholeGenerations.filter { $0.state != .current }
        let kept = others.map { "\($0.number)" }.joined(separator: ", ")
        let there = kept.isEmpty ? "`envd build` makes a new one" : "whole are: \(kept); `envd history` tells of them"
        guard let number else {
            let before = others.last { other in current.map { other.number < $0.number } ?? true }
            guard let before else {
                let cause = current.map { "there is no whole generation before \($0.number)" } ?? "none is whole"
                throw refusal(cause, hint: kept.isEmpty ? nil : "forward is `envd rollback N`; \(there)")
            }
            return before
        }
        guard let named = generations.first(where: { $0.number == number }) else {
            throw refusal("there is no generation \(number)", hint: there)
        }
        if named.state == .current {
            guard intactCurrent != nil else { throw refusal("generation \(number) is damaged", hint: there) }
            throw refusal("generation \(number) is already current", hint: kept.isEmpty ? nil : there)
        }
        guard others.contains(where: { $0.number == number }) else {
            throw refusal("generation \(number) is damaged: its files or its Python are gone", hint: there)
        }
        guard named.standsBeforeNoLibrary else {
            throw refusal(
                "generation \(number) offers libraries that are the system's now",
                hint: "`envd activate \(number)` takes it in one shell all the same")
        }
        return named
    }

    /// What the manifests, just read, want of a wish.
    ///
    /// - Parameter key: nil: they cannot be read.
    func demand(of wish: RollbackWish, key: Fingerprint?) -> BuildDemand {
        guard let target = wholeGenerations.first(where: { $0.number == wish.number }) else { return .nothing }
        var wish = wish
        let natural = generations.last { $0.key == key && $0.state.isWhole && $0.drift == nil }
        if key != nil, natural?.number == target.number {
            wish.pin = nil
        } else {
            let from = pin?.from ?? current?.number ?? target.number
            wish.pin = GenerationPin(generation: target.number, key: key, from: from)
        }
        self.wish = wish
        return .switchTo(target.number)
    }

    /// The user's word that still holds for a generation that becomes current; any other ends it.
    func pin(for number: GenerationNumber) -> GenerationPin? {
        if let wish, wish.number == number { return wish.pin }
        return pin?.generation == number ? pin : nil
    }

    /// Whether the current generation is what the user wants, whatever the manifests say.
    func isPinned(at key: Fingerprint) -> Bool {
        guard let pin, pin.key == key else { return false }
        return intactCurrent?.number == pin.generation
    }

    /// For `envd status`.
    var rollbackStatus: ProjectStatus.Rollback? {
        guard let pin, let current, pin.generation == current.number else { return nil }
        return ProjectStatus.Rollback(
            to: pin.generation, from: pin.from,
            canGoForward: pin.from != pin.generation && wholeGenerations.contains { $0.number == pin.from })
    }
}
