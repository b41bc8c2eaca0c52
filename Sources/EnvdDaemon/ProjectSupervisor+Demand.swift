internal import EnvdCore
internal import EnvdManifest
internal import EnvdStore
internal import EnvdSystem

/// What the manifests, just read, want to happen.
extension ProjectSupervisor {
    /// - Parameters:
    ///   - objection: why nothing of the project may run just now.
    ///   - question: what its user is to be asked before something is built.
    ///   - reason: for people, why there would be a build.
    func demand(
        _ reading: ManifestReading, objection: Diagnostic?, question: TrustQuestion?, reason: String
    ) -> BuildDemand {
        let forced = isForced
        // It holds until that build begins: a change may overtake this reading.
        if let objection { return .unreadable(objection) }
        let spec: Spec
        switch reading.spec {
        case .failure(let diagnostic):
            if let wish { return demand(of: wish, key: nil) }
            return .unreadable(diagnostic)
        case .success(let value): spec = value
        }
        let key = Fingerprint(of: spec.canonicalEncoding)
        if let wish { return demand(of: wish, key: key) }
        if !forced, running == nil, isPinned(at: key), intactCurrent?.standsBeforeNoLibrary == true { return .nothing }
        if let question, question.isAboutFiles { return .withheld(question.diagnostic) }
        if let missing = missingVariables.first {
            return .unreadable(
                Diagnostic(
                    "\(Self.waitingMessage): `\(missing)` was never given",
                    hint: "set and export it in a shell that has loaded the hook, and type `cd .` there"))
        }
        if question == nil, !forced, let running, !running.task.isCancelled, running.request.key == key {
            // It stays wanted, also where the same failed before or a fresh one of what is current was asked for.
            return .build(BuildRequest(key: running.request.key, reason: reason))
        }
        let policy = BuildPolicy(
            current: intactCurrent.flatMap { $0.standsBeforeNoLibrary ? $0 : nil },
            candidates: generations.filter {
                $0.state.isWhole && $0.state != .current && Self.isIntact($0) && !damaged.contains($0.number)
                    && ($0.drift == nil || $0.number == pin?.generation) && $0.standsBeforeNoLibrary
            },
            failedKey: failure?.inputs == nil ? nil : failure?.key,
            inputsChangedSinceFailure: failure?.inputs != nil && failure?.inputs != Self.digest(reading.inputs),
            pin: pin)
        let demand = policy.demand(key: key, reason: reason, isForced: forced)
        // What stands already, or stood before, runs nothing.
        if let question, case .build = demand { return .withheld(question.diagnostic) }
        return demand
    }

    private static let waitingMessage = "waiting for a shell"

    /// Whether the last reading ended for want of a variable that only a shell can hand over.
    var isWaitingForShell: Bool { failure?.diagnostic.message.hasPrefix(Self.waitingMessage) == true }
}
