internal import EnvdCore
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdStore
internal import EnvdSystem

/// Keeps the environments of all projects below `store.max` of config.toml, where the user has set that: after each
/// build those retired generations go that were current longest ago.
///
/// What an environment takes is what it has for itself, as `envd history` tells: it is measured once, and anew for a
/// project that was built. What it shares with the engines' caches goes with those.
@LoopActor final class StoreBudget {
    /// Why it could not be kept; nil where it is, or where there is none.
    private(set) var trouble: Diagnostic?
    private unowned let context: DaemonContext
    /// Projects that were built since they were measured.
    private var built: Set<ProjectID> = []
    private var isPending = false
    private var isRunning = false

    init(context: DaemonContext) { self.context = context }

    /// Looks at it in the background.
    ///
    /// - Parameter supervisor: of a project that has a new generation; nil: generations were removed.
    func enforce(after supervisor: ProjectSupervisor?) {
        if let supervisor { built.insert(supervisor.project.id) }
        isPending = true
        guard !isRunning else { return }
        isRunning = true
        loopTask {
            while self.isPending {
                self.isPending = false
                let fresh = self.built
                self.built = []
                await self.enforce(measuring: fresh)
            }
            self.isRunning = false
        }
    }

    private func enforce(measuring fresh: Set<ProjectID>) async {
        guard let limit = await WorkerPool.shared.run({ UserSettings.ofThisUser().storeLimit }) else {
            trouble = nil
            return
        }
        for supervisor in context.supervisors() {
            let whole = supervisor.generations.filter(\.state.isWhole)
            if fresh.contains(supervisor.project.id) || whole.contains(where: { $0.size == nil }) {
                await supervisor.note(sizes: await Self.measure(whole))
            }
        }
        var total = context.supervisors().flatMap(\.generations).filter(\.state.isWhole).compactMap(\.size).sum
        if total > limit { total -= await remove(total - limit) }
        guard total > limit else {
            trouble = nil
            return
        }
        let file = UserSettings.fileOfThisUser.map { "`\($0)`" } ?? "config.toml"
        trouble = Diagnostic(
            "could not keep the environments below \(limit) (`store.max`): those that are current or in use take \(total)",
            hint: "`envd forget` projects that you need no more, or raise `max` in \(file)")
    }

    /// Removes retired generations until so much is free, or none is left that may go.
    ///
    /// - Returns: what that freed.
    private func remove(_ wanted: ByteSize) async -> ByteSize {
        let retired = context.supervisors().flatMap { supervisor in
            supervisor.generations.filter { $0.state == .retired }.map { (supervisor, $0) }
        }.sorted { ($0.1.lastUse, $0.1.number) < ($1.1.lastUse, $1.1.number) }
        guard !retired.isEmpty else { return .zero }
        let options = context.options
        let users = await WorkerPool.shared.run {
            PrefixUsers(below: options.paths.projects, except: options.program, runtime: options.runtime)
        }
        var freed = ByteSize.zero
        for (supervisor, generation) in retired where freed < wanted {
            guard users.users(of: generation, root: supervisor.project.root).isEmpty,
                (try? await supervisor.discard(generation.number)) == true
            else { continue }
            freed += generation.size ?? .zero
        }
        return freed
    }

    /// Of one project's generations, so that what they share among themselves counts once.
    private static func measure(_ generations: [Generation]) async -> [GenerationNumber: ByteSize] {
        await WorkerPool.shared.run {
            var use = DiskUse()
            let inOrder = generations.sorted { ($0.lastUse, $0.number) < ($1.lastUse, $1.number) }
            // The current one goes last of all.
            let ordered = inOrder.filter { $0.state != .current } + inOrder.filter { $0.state == .current }
            return Dictionary(ordered.map { ($0.number, use.add($0.prefix)) }) { first, _ in first }
        }
    }
}
