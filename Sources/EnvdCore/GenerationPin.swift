/// The user's word that a project stays with an earlier generation: `envd rollback`.
///
/// It holds for as long as the manifests say what they said then, and ends when another generation becomes current.
package struct GenerationPin: Hashable, Sendable, Codable {
    package var generation: GenerationNumber
    /// What the manifests said at the time; nil: they could not be read, and it holds until they can.
    package var key: Fingerprint?
    /// The generation that was current before: the way forward again.
    package var from: GenerationNumber

    package init(generation: GenerationNumber, key: Fingerprint?, from: GenerationNumber) {
        self.generation = generation
        self.key = key
        self.from = from
    }
}
