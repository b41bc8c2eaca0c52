internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem

/// Tells the service manager how the daemon stands; says nothing where none waits for it.
@LoopActor final class ServiceReporter {
    /// At rest the daemon is woken at most this often.
    private static let rest = Duration.seconds(60)

    private let notification: ServiceNotification?
    private var status = ""
    private var isServing = false

    init(_ notification: ServiceNotification?) { self.notification = notification }

    /// How often `isAlive` has to be said; nil: never.
    var interval: Duration? {
        // Twice within the time, as sd_watchdog_enabled(3) wants it.
        notification?.watchdogTimeout.map { min($0 / 2, Self.rest) }
    }

    /// The daemon serves, for the first time or again.
    func isReady() {
        isServing = true
        notification?.send(["READY=1", "STATUS=\(status)"])
    }

    func isReloading() {
        notification?.send(["RELOADING=1", "MONOTONIC_USEC=\(ServiceNotification.monotonicMicroseconds)"])
    }

    /// - Parameter reason: one line.
    func isStopping(_ reason: String) {
        isServing = false
        notification?.send(["STOPPING=1", "STATUS=\(reason)"])
    }

    /// Has the manager keep what a daemon that it starts after this one's end will want to know.
    func keep(_ memory: KeptMemory?) {
        guard let memory, !memory.isPassed else { return }
        notification?.send(["FDSTORE=1", "FDNAME=\(KeptMemory.name)"], passing: memory.descriptor)
    }

    func isAlive() { notification?.send(["WATCHDOG=1"]) }

    /// Says how the projects stand, where that is news.
    func tell(_ registry: ProjectRegistry) {
        guard notification != nil else { return }
        let projects = registry.supervisors.values
        let building = projects.filter { $0.running != nil }.map { "`\($0.project.root.name)`" }.sorted()
        let failed = projects.count { $0.failure != nil }
        var text = "\(projects.count) \(projects.count == 1 ? "project" : "projects")"
        if let first = building.first {
            text += ", building \(first)" + (building.count > 1 ? " and \(building.count - 1) more" : "")
        }
        if failed > 0 { text += ", \(failed) not up to date" }
        // One line, and short (sd_notify(3)).
        text = String(text.printable.replacing("\n", with: "?").prefix(200))
        guard text != status else { return }
        status = text
        if isServing { notification?.send(["STATUS=\(text)"]) }
    }
}
