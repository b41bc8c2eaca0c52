internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem
internal import Logging

/// Has builds tried again that failed for want of the network: after pauses that grow, and when the network changes.
///
/// One timer and one socket for all of them, which are there only while something waits.
@LoopActor final class NetworkRetries {
    private struct Waiting {
        var key: Fingerprint
        /// In a row.
        var failures: Int
        var failed: ContinuousClock.Instant
        var due: ContinuousClock.Instant
        /// Nothing is due while a build is under way.
        var isTrying = false
        /// The network changed since the last one began.
        var hasNews = false
        var retry: @LoopActor (_ reason: String) -> Void
    }

    private let logger: Logger
    private let pause: (Int) -> Duration
    private var waiting: [ProjectID: Waiting] = [:]
    private var timer: LoopTimer?
    private var monitor: RouteMonitor?
    private var poll: DescriptorPoll?

    /// - Parameter pause: how long to wait after so many failures in a row.
    init(logger: Logger, pause: @escaping (Int) -> Duration = RetryPolicy.pause) {
        self.logger = logger
        self.pause = pause
    }

    /// Whether there is anything that could wake the daemon.
    var isAwake: Bool { timer != nil || poll != nil }

    /// A build of this spec failed for want of the network.
    ///
    /// - Parameter retry: starts another one, and is told why.
    func failed(_ project: ProjectID, key: Fingerprint, retry: @escaping @LoopActor (_ reason: String) -> Void) {
        let now = ContinuousClock.now
        let earlier = waiting[project].flatMap { $0.key == key ? $0 : nil }
        let failures = (earlier?.failures ?? 0) + 1
        waiting[project] = Waiting(
            key: key, failures: failures, failed: now, due: now + pause(failures), retry: retry)
        // While it was under way.
        if earlier?.isTrying == true, earlier?.hasNews == true { hurry(project) }
        watch()
        schedule()
    }

    /// A build begins: what is due waits for its end.
    func begin(_ project: ProjectID) {
        guard let earlier = waiting[project] else { return }
        if !earlier.isTrying { waiting[project]?.hasNews = false }
        waiting[project]?.isTrying = true
        schedule()
    }

    /// The network is no trouble of this project's any more.
    func end(_ project: ProjectID) {
        guard waiting.removeValue(forKey: project) != nil else { return }
        watch()
        schedule()
    }

    /// How long it is until the next try; nil where none is due.
    func pause(_ project: ProjectID) -> Duration? {
        guard let waiting = waiting[project], !waiting.isTrying else { return nil }
        return max(waiting.due - .now, .zero)
    }

    /// Something of the network is another: what waits is tried soon.
    func networkChanged() {
        guard !waiting.isEmpty else { return }
        for project in waiting.keys { hurry(project) }
        schedule()
    }

    private func hurry(_ project: ProjectID) {
        guard var changed = waiting[project] else { return }
        if changed.isTrying {
            changed.hasNews = true
        } else {
            let pause = RetryPolicy.pauseAfterChange(failures: changed.failures)
            changed.due = min(changed.due, max(.now + RetryPolicy.settling, changed.failed + pause))
            changed.hasNews = true
        }
        waiting[project] = changed
    }

    /// Where the kernel tells nothing, the pauses are left.
    private func watch() {
        if waiting.isEmpty {
            poll?.close()
            (poll, monitor) = (nil, nil)
        } else if monitor == nil {
            do throws(SystemError) {
                let monitor = try RouteMonitor()
                poll = try DescriptorPoll(descriptor: monitor.descriptor, events: .readable) { [weak self] events in
                    self?.heard(events)
                }
                self.monitor = monitor
            } catch {
                logger.warning("\(error)")
            }
        }
    }

    private func heard(_ events: DescriptorPoll.Events) {
        if events == .failed {
            (poll, monitor) = (nil, nil)
        } else if monitor?.read() == true {
            networkChanged()
        }
    }

    private func schedule() {
        timer?.cancel()
        timer = nil
        guard let next = waiting.values.lazy.filter({ !$0.isTrying }).map(\.due).min() else { return }
        timer = LoopTimer(after: max(next - .now, .zero)) { [weak self] in self?.tryDue() }
    }

    private func tryDue() {
        timer = nil
        // What is due soon goes along: one wake-up for all.
        let until = ContinuousClock.now + RetryPolicy.settling
        let due = waiting.filter { !$0.value.isTrying && $0.value.due <= until }
        for project in due.keys {
            waiting[project]?.isTrying = true
            waiting[project]?.hasNews = false
        }
        due.values.forEach { $0.retry($0.hasNews ? "the network changed" : "the network may be back") }
        schedule()
    }
}
