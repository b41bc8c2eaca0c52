internal import EnvdCore
internal import Synchronization

/// Tells `envd status` which part of a build runs, and the log how long each part took.
final class PhaseClock: Sendable {
    private let log: BuildLog
    private let onPhase: @Sendable (String) -> Void
    private let running = Mutex<(name: String, since: ContinuousClock.Instant)?>(nil)

    init(log: BuildLog, onPhase: @escaping @Sendable (String) -> Void) {
        self.log = log
        self.onPhase = onPhase
    }

    func begin(_ name: String) {
        end()
        running.withLock { $0 = (name, .now) }
        onPhase(name)
    }

    /// What the part that runs is at, for `envd status` alone.
    func say(_ step: String) { onPhase(step) }

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
