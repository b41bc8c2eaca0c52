internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdStore
internal import EnvdSystem

/// The verbs for generations.
extension DaemonService {
    func history(of directory: Path) async throws(Diagnostic) -> HistoryReport {
        let supervisor = try known(directory)
        let history = GenerationHistory(generations: supervisor.generations.filter(\.state.isWhole))
        let entries = await WorkerPool.shared.run { history.entries() }
        return HistoryReport(
            root: supervisor.project.root, generations: entries, rolledBack: supervisor.rollbackStatus)
    }

    /// - Parameters:
    ///   - from: nil: the one before the current, or before the only one that is named.
    ///   - to: nil: the current one.
    func difference(
        in directory: Path, from: GenerationNumber?, to: GenerationNumber?
    ) async throws(Diagnostic) -> DifferenceReport {
        let supervisor = try known(directory)
        let generations = supervisor.generations.filter(\.state.isWhole)
        let root = supervisor.project.root
        let there = generations.map { "\($0.number)" }.joined(separator: ", ")
        func find(_ number: GenerationNumber) throws(Diagnostic) -> Generation {
            if let found = generations.first(where: { $0.number == number }) { return found }
            throw Diagnostic(
                "could not compare generation \(number) of `\(root)`: it is not there",
                hint: there.isEmpty ? "`envd build` makes one" : "there are: \(there)")
        }
        guard let current = supervisor.current ?? generations.last else {
            throw Diagnostic("could not compare generations of `\(root)`: there are none", hint: "see `envd status`")
        }
        let new = try to.map { number throws(Diagnostic) in try find(number) } ?? current
        let old: Generation
        if let from {
            old = try find(from)
        } else if let before = generations.last(where: { $0.number < new.number }) {
            old = before
        } else {
            throw Diagnostic(
                "could not compare generation \(new.number) of `\(root)`: there is none before it",
                hint: "`envd diff A B` compares any two; there are: \(there)")
        }
        let changes = await WorkerPool.shared.run {
            GenerationHistory.packages(of: old).changes(to: GenerationHistory.packages(of: new))
        }
        return DifferenceReport(root: root, from: old.number, to: new.number, changes: changes)
    }

    func rollBack(_ directory: Path, to number: GenerationNumber?) async throws(Diagnostic) -> ProjectStatus {
        let supervisor = try allowed(directory)
        if let objection = ProjectTrust.objection(to: supervisor.project, inputs: []) { throw objection }
        try await supervisor.rollBack(to: number)
        return supervisor.detailedStatus
    }

    /// Removes all that envd has of a project: permission, answers, environments, rows and logs.
    ///
    /// - Parameter purge: also what processes work in, and what the engines' caches hold for this project alone.
    ///   Without it the generations that are in use stay on disk, unknown to envd, until `envd gc`.
    func forget(_ directory: Path, purge: Bool) async throws(Diagnostic) -> Control.Forget.Reply {
        let known = try known(directory)
        known.quit()
        await known.settled()
        registry.remove(known)
        context.publisher.withdraw(known.project.root)
        let (tree, project, options) = (context.tree, known.project, context.options)
        let inUse: [GarbageReport.Spared]
        do {
            try await context.store.remove(project.id)
            inUse = try await WorkerPool.shared.run {
                Result {
                    let inUse = Self.inUse(of: project, tree, options)
                    if purge || inUse.isEmpty {
                        try tree.removeAll(of: project)
                    } else {
                        try tree.removeAll(of: project, but: inUse.compactMap(\.item.generation))
                    }
                    if purge {
                        try FileSystem.remove(
                            PoetryLocks.directory(cache: options.paths.cache / "engines", root: project.root))
                    }
                    return inUse
                }
            }.get()
        } catch {
            throw Diagnostic("could not remove all of `\(project.root)`: \(error)", hint: "`envd gc` removes the rest")
        }
        known.removeLogs()
        tellOthers(of: project.root)
        context.budget.enforce(after: nil)
        return Control.Forget.Reply(root: project.root, inUse: inUse)
    }

    /// What processes run from, stand in or hold open. What only an environment names is no reason to keep it here: a
    /// shell leaves it at its next prompt, for the answer is gone.
    private nonisolated static func inUse(
        of project: Project, _ tree: GenerationTree, _ options: DaemonOptions
    ) -> [GarbageReport.Spared] {
        let all = PrefixUsers(below: options.paths.projects, except: options.program)
        // Also those that the database does not know: an earlier `envd forget` left them.
        return tree.numbersOnDisk(of: project).compactMap { number in
            let prefix = tree.prefix(of: project, number)
            let users = all.users(of: prefix).filter { $0.way != .environment }
            let item = GarbageReport.Item(
                kind: .generation, path: prefix, root: project.root, generation: number)
            return users.isEmpty ? nil : GarbageReport.Spared(item: item, users: users)
        }
    }
}
