internal import EnvdCore

/// One installation of an engine at a time: two builds may need the same one first.
actor InstallationTurns {
    static let shared = InstallationTurns()

    private var taken: Set<Path> = []
    private var waiting: [Path: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs `body` when nobody else installs into `place`.
    nonisolated func run<Value>(
        _ place: Path, _ body: () async throws(Diagnostic) -> Value
    ) async throws(Diagnostic) -> Value {
        await begin(place)
        let outcome: Result<Value, Diagnostic>
        do throws(Diagnostic) {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        await end(place)
        return try outcome.get()
    }

    private func begin(_ place: Path) async {
        if taken.insert(place).inserted { return }
        await withCheckedContinuation { waiting[place, default: []].append($0) }
    }

    /// The turn goes to whoever has waited longest.
    private func end(_ place: Path) {
        guard var queue = waiting[place], !queue.isEmpty else {
            taken.remove(place)
            return
        }
        let next = queue.removeFirst()
        waiting[place] = queue.isEmpty ? nil : queue
        next.resume()
    }
}
