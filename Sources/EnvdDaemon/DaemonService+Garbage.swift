internal import EnvdControl
internal import EnvdCore
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdStore
internal import EnvdSystem

extension DaemonService {
    /// Removes what nobody needs any more, or tells what that would be.
    func collectGarbage(_ wanted: Control.CollectGarbage.Parameters) async throws(Diagnostic) -> GarbageReport {
        var only: ProjectID?
        if let directory = wanted.directory { only = try known(directory).project.id }
        let settings = await WorkerPool.shared.run { UserSettings.ofThisUser() }
        let usual = settings.keptGenerations ?? RetentionPolicy.defaultCount
        let policy = RetentionPolicy(
            kept: wanted.kept ?? (wanted.maximalAge == nil ? usual : nil),
            since: wanted.maximalAge.map { Timestamp.now.adding(seconds: -$0) })
        let places = registry.all.map {
            GarbageSearch.Place(project: $0.project, generations: $0.generations, isBusy: $0.isBusy)
        }
        let search = GarbageSearch(options: context.options, places: places, only: only, policy: policy)
        var report = await WorkerPool.shared.run { search.find() }
        report.isDryRun = wanted.isDryRun
        guard !wanted.isDryRun else { return report }
        var removed: [GarbageReport.Item] = []
        for item in report.items {
            do {
                if try await remove(item) { removed.append(item) }
            } catch {
                report.failures.append(error)
            }
        }
        report.items = removed
        if !removed.isEmpty { context.budget.enforce(after: nil) }
        return report
    }

    /// - Returns: false where it is needed after all: something happened since it was found.
    private func remove(_ item: GarbageReport.Item) async throws(Diagnostic) -> Bool {
        if let number = item.generation {
            guard let supervisor = item.root.flatMap({ registry.project(at: $0) }) else { return false }
            return try await supervisor.discard(number)
        }
        var doomed = item.path
        let known = registry.all
        switch item.kind {
        case .leftover:
            // The same project may have been allowed meanwhile.
            guard !known.contains(where: { context.tree.directory(of: $0.project) == item.path }) else { return false }
            let name = item.path.name.description
            if !name.hasPrefix("deleting-") { doomed = item.path.parent / "deleting-\(name)" }
        case .log, .scratch:
            let name = item.path.name.description
            guard !known.contains(where: { name.hasPrefix($0.project.id.text) && (item.kind == .log || $0.isBusy) })
            else { return false }
        case .putAside:
            guard let supervisor = item.root.flatMap({ registry.project(at: $0) }), !supervisor.isBusy,
                !supervisor.generations.contains(where: { $0.prefix == item.path })
            else { return false }
        case .python:
            guard !known.contains(where: \.isBusy) else { return false }
        default: break
        }
        do {
            // Out of the way in one step, while nothing else can happen here.
            if doomed != item.path { try FileSystem.rename(item.path, to: doomed) }
            let path = doomed
            try await WorkerPool.shared.run { Result { try FileSystem.remove(path) } }.get()
        } catch {
            throw Diagnostic("could not remove `\(item.path)`: \((error as? SystemError)?.cause ?? "\(error)")")
        }
        return true
    }
}
