internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem

/// Tells of projects whose root may be there again: a file system that is mounted makes no event of inotify(7).
///
/// The mount table is watched only while a root is missing.
@LoopActor final class MountWatch {
    /// Their roots, and the nearest directory above each that was there.
    private var missing: [ProjectID: (root: Path, above: DirectoryIdentity?)] = [:]
    private var table: MountTable?
    private var poll: DescriptorPoll?
    private let onReturn: @LoopActor (Set<ProjectID>) -> Void

    init(onReturn: @escaping @LoopActor (Set<ProjectID>) -> Void) { self.onReturn = onReturn }

    /// Looks out for a root where it is not there; else no longer.
    func look(for root: Path, of project: ProjectID) {
        guard Self.identity(root) == nil else { return forget(project) }
        missing[project] = (root, Self.nearest(root))
        if poll == nil { start() }
    }

    func forget(_ project: ProjectID) {
        guard missing.removeValue(forKey: project) != nil, missing.isEmpty else { return }
        close()
    }

    func close() {
        poll?.close()
        (poll, table) = (nil, nil)
    }

    private func start() {
        // Without one, the sweep finds what is there again.
        guard let table = try? MountTable() else { return }
        poll = try? DescriptorPoll(descriptor: table.descriptor, events: .urgent) { [weak self] _ in self?.changed() }
        self.table = poll == nil ? nil : table
    }

    private func changed() {
        // Where another directory is above it now, the root may be made there later: that one has to be watched.
        let back = Set(missing.filter { Self.nearest($0.value.root) != $0.value.above }.keys)
        if !back.isEmpty { onReturn(back) }
    }

    private static func identity(_ path: Path) -> DirectoryIdentity? {
        (try? FileSystem.status(path))??.directoryIdentity
    }

    private static func nearest(_ root: Path) -> DirectoryIdentity? {
        root.selfAndAncestors.lazy.compactMap { identity($0) }.first
    }
}
