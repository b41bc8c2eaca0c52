/// Decides what a reading of the manifests wants, given what is there.
package struct BuildPolicy: Sendable {
    /// The generation that shells get, where its prefix and interpreter are intact.
    package var current: Generation?
    /// Whole and intact generations of the project, oldest first.
    package var candidates: [Generation]
    /// The spec whose last build failed.
    package var failedKey: Fingerprint?
    /// Whether any input has other content than at that failure.
    package var inputsChangedSinceFailure: Bool
    /// The generation that the user went back to.
    package var pin: GenerationPin?

    package init(
        current: Generation?, candidates: [Generation], failedKey: Fingerprint?, inputsChangedSinceFailure: Bool,
        pin: GenerationPin? = nil
    ) {
        self.pin = pin
        self.current = current
        self.candidates = candidates
        self.failedKey = failedKey
        self.inputsChangedSinceFailure = inputsChangedSinceFailure
    }

    /// - Parameters:
    ///   - reason: for people, why the manifests were read.
    ///   - isForced: the user asked for a fresh generation by name.
    package func demand(key: Fingerprint, reason: String, isForced: Bool) -> BuildDemand {
        if isForced { return .build(BuildRequest(key: key, reason: reason, isForced: true)) }
        // One that is damaged or gone binds nobody.
        if let pin, pin.key == key {
            if current?.number == pin.generation { return .nothing }
            if candidates.contains(where: { $0.number == pin.generation }) { return .switchTo(pin.generation) }
        }
        if current?.key == key { return .nothing }
        if let earlier = candidates.last(where: { $0.key == key }) { return .switchTo(earlier.number) }
        // What failed fails again, until something that it was made from changes.
        if failedKey == key, !inputsChangedSinceFailure { return .nothing }
        return .build(BuildRequest(key: key, reason: reason))
    }
}
