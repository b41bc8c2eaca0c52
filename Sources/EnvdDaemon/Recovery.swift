internal import EnvdControl
internal import EnvdCore
internal import EnvdStore
internal import EnvdSystem
internal import Logging

/// Makes database and disk agree at the daemon's start, whatever killed the one before.
///
/// What was being built is thrown away; what the database does not know is put aside; a lost database is made
/// anew from the records that the generations carry.
struct Recovery: Sendable {
    let paths: StorePaths
    let store: Store
    let logger: Logger

    /// Every project as it now stands.
    func recover() async throws -> [Store.ProjectRecord] {
        for directory in [paths.state, paths.logs, paths.data, paths.projects] {
            FileSystem.removeTemporaries(in: directory)
        }
        try? FileSystem.remove(paths.temporary)
        try FileSystem.makeDirectories(paths.temporary)
        if store.isNew { try await rebuildDatabase() }
        var records = try await store.load()
        for index in records.indices { try await recover(&records[index]) }
        let tree = GenerationTree(paths)
        for record in records {
            // The disk may be full, or this a store of a time before there was such a file.
            try? ProjectFile(in: tree.directory(of: record.project)).write(record.project)
        }
        return records
    }

    private func recover(_ record: inout Store.ProjectRecord) async throws {
        let tree = GenerationTree(paths)
        let project = record.project
        tree.sweepDeletions(of: project)
        FileSystem.removeTemporaries(in: tree.directory(of: project))
        var kept: [Generation] = []
        var current: Generation?
        for generation in record.generations {
            switch generation.state {
            case .ready, .retired, .current:
                var whole = generation
                // Two current ones cannot be; a ready one never became current: it stays for a way back.
                if whole.state == .ready {
                    whole.state = .retired
                    whole.retired = whole.made
                    try await store.save([whole])
                }
                if whole.state == .current { current = whole }
                kept.append(whole)
            case .failed: break
            case .deleting:
                // Where it cannot be removed, the next start tries again.
                if (try? tree.remove(generation.number, of: project)) != nil {
                    try await store.remove(generation.number, of: project.id)
                }
            case .planned, .building, .verifying:
                logger.info("removing what was not finished", metadata: ["prefix": "\(generation.prefix)"])
                try? tree.remove(generation.number, of: project)
                var failed = generation
                failed.state = .failed
                try await store.save([failed])
            }
        }
        record.generations = kept
        let known = Set(kept.map(\.number))
        let unknown = tree.numbersOnDisk(of: project).filter { !known.contains($0) }
        if !unknown.isEmpty { putAside(unknown, of: project, in: tree) }
        if let current { try? tree.makeCurrent(current.number, of: project) }
    }

    private func putAside(_ numbers: [GenerationNumber], of project: Project, in tree: GenerationTree) {
        let users = PrefixUsers(below: paths.projects)
        for number in numbers {
            let prefix = tree.prefix(of: project, number)
            // `envd forget` left it because somebody works in it, and the project was allowed again since.
            if !users.users(of: prefix).isEmpty { continue }
            try? FileSystem.rename(prefix, to: tree.directory(of: project) / "aside-\(number)")
            logger.warning("put aside what the database does not know", metadata: ["prefix": "\(prefix)"])
        }
    }

    private func rebuildDatabase() async throws {
        let tree = GenerationTree(paths)
        for name in (try? FileSystem.list(paths.projects)) ?? [] {
            let directory = paths.projects.appending(Path(name))
            guard let project = ProjectFile(in: directory).read() else { continue }
            try await store.save(project)
            let current = (try? FileSystem.linkTarget(directory / "current"))?.name
            var generations: [Generation] = []
            for number in tree.numbersOnDisk(of: project) {
                let prefix = tree.prefix(of: project, number)
                // What has no record was being built.
                guard let bytes = try? FileSystem.read(GenerationRecord.file(in: prefix)),
                    let record = try? ControlCoding.decode(GenerationRecord.self, from: bytes),
                    record.generation.prefix == prefix, record.generation.number == number,
                    record.generation.project == project.id
                else {
                    try? tree.remove(number, of: project)
                    continue
                }
                var generation = record.generation
                generation.state = ByteString("\(number)") == current ? .current : .retired
                generations.append(generation)
            }
            let pin = PinFile(in: directory).read()
            let isPinned = generations.contains { $0.state == .current && $0.number == pin?.generation }
            try await store.save(generations, pin: isPinned ? pin : nil, for: project.id)
        }
        logger.info("made the database anew from the generations on disk")
    }
}
