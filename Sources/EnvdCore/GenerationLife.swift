/// A generation's life: planned → building → verifying → ready → current → retired → deleting.
///
/// A pure table: whoever writes a state down asks it first, so that a generation that never became whole cannot become
/// current, and a current one is never deleted under the shells that have it.
extension GenerationState {
    /// The states that may follow this one; to stay in it is always allowed.
    package var successors: Set<GenerationState> {
        switch self {
        case .planned: [.building, .failed]
        case .building: [.verifying, .failed]
        case .verifying: [.ready, .failed]
        // One whose build was overtaken at its very end stays for a way back.
        case .ready: [.current, .retired, .deleting]
        case .current: [.retired]
        case .retired: [.current, .deleting]
        case .deleting, .failed: []
        }
    }

    /// Whether a generation in this state may be put down as one in `next`.
    package func canBecome(_ next: GenerationState) -> Bool { self == next || successors.contains(next) }
}
