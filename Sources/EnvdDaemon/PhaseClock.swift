internal import EnvdCore
internal import Synchronization

/// Tells `envd status` which part of a build runs, and the log how long each part took.
final class PhaseClock: Sendable {
    private let log: BuildLog
    private let onPhase: @Sendable (String, BuildProgress) -> Void
    private let running = Mutex<(name: String, since: ContinuousClock.Instant)?>(nil)

    init(log: BuildLog, onPhase: @escaping @Sendable (String, BuildProgress) -> Void) {
        self.log = log
        self.onPhase = onPhase
    }

    func begin(_ name: String) {
        end()
        running.withLock { $0 = (name, .now) }
        onPhase(name, BuildProgress())
    }

    /// What the part that runs is at, for `envd status` alone.
    ///
    /// - Parameter step: empty: the part's own name.
    func say(_ step: String, _ progress: BuildProgress) {
        let name = running.withLock { $0?.name }
        if let phase = step.isEmpty ? name : step { onPhase(phase, progress) }
    }

    /// Puts the part that ran into the log, in milliseconds.
    func end() {
        guard
            let (name, since) = running.withLock({ running in
                defer { running = nil }
                return running
            })
        else { return }
        let elapsed = (ContinuousClock.now - since).components
        log.write("[\(name): \(elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000) ms]")
    }
}
