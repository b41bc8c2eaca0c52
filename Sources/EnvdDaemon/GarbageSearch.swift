internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdProtocol
internal import EnvdStore
internal import EnvdSystem

/// Finds what nobody needs any more, and who keeps what else could go. Changes nothing; waits for the disk.
struct GarbageSearch: Sendable {
    /// A project as it stood when the search was asked for.
    struct Place: Sendable {
        var project: Project
        var generations: [Generation]
        var isBusy: Bool
    }

    let options: DaemonOptions
    /// Every project that envd knows.
    let places: [Place]
    /// The one that is meant; nil: all of them, and what belongs to none.
    let only: ProjectID?
    let policy: RetentionPolicy

    private var paths: StorePaths { options.paths }
    private static let day: Int64 = 86_400

    func find() -> GarbageReport {
        let users = PrefixUsers(below: paths.projects, except: options.program, runtime: options.runtime)
        var candidates: [(item: GarbageReport.Item, users: [GarbageReport.User])] = []
        let meant = places.filter { only == nil || $0.project.id == only }
        for place in meant { candidates += generations(of: place, users) + putAside(in: place, users) }
        if only == nil { candidates += leftovers(users) + engines(users) + scratch() + logs() }
        // Measured in the order in which they go, and without those that stay.
        var use = DiskUse()
        var report = GarbageReport(isDryRun: true)
        for var candidate in candidates {
            if candidate.users.isEmpty {
                candidate.item.bytes = use.add(candidate.item.path)
                report.items.append(candidate.item)
            } else {
                report.spared.append(.init(item: candidate.item, users: candidate.users))
            }
        }
        report.gone = meant.map(\.project.root).filter { root in
            (try? FileSystem.status(root)) == .some(nil)
        }
        return report
    }

    private typealias Candidates = [(item: GarbageReport.Item, users: [GarbageReport.User])]

    private func generations(of place: Place, _ users: PrefixUsers) -> Candidates {
        let dated = place.generations.map { generation in
            var generation = generation
            generation.made = GenerationHistory.made(generation)
            return generation
        }
        return policy.candidates(dated).map { generation in
            let item = GarbageReport.Item(
                kind: .generation, path: generation.prefix, root: place.project.root, generation: generation.number)
            return (item, users.users(of: generation, root: place.project.root))
        }
    }

    private func putAside(in place: Place, _ users: PrefixUsers) -> Candidates {
        let tree = GenerationTree(paths)
        let directory = tree.directory(of: place.project)
        let known = Set(place.generations.map(\.number))
        func item(_ path: Path) -> GarbageReport.Item {
            GarbageReport.Item(kind: .putAside, path: path, root: place.project.root)
        }
        var found: Candidates = names(in: directory).compactMap { name in
            let text = name.description
            guard text.hasPrefix("aside-"), let number = Int(text.dropFirst("aside-".count)) else { return nil }
            let path = directory.appending(Path(name))
            // Whoever works in it may know it by the name that it had.
            let before = GenerationNumber(number)
            let its = known.contains(before) ? [] : users.users(of: tree.prefix(of: place.project, before))
            return (item(path), users.users(of: path) + its)
        }
        // What is being built is not known either.
        if !place.isBusy {
            for number in tree.numbersOnDisk(of: place.project) where !known.contains(number) {
                let path = tree.prefix(of: place.project, number)
                found.append((item(path), users.users(of: path)))
            }
        }
        return found
    }

    /// Directories of projects that envd does not know.
    private func leftovers(_ users: PrefixUsers) -> Candidates {
        let tree = GenerationTree(paths)
        let known = Set(places.map { tree.directory(of: $0.project).name })
        return names(in: paths.projects).compactMap { name in
            guard !known.contains(name), Self.isOfProject(name) else { return nil }
            let path = paths.projects.appending(Path(name))
            return (GarbageReport.Item(kind: .leftover, path: path), users.users(below: path))
        }
    }

    /// `<slug>-<id>`, or what a removal made of it.
    static func isOfProject(_ name: ByteString) -> Bool {
        guard let id = name.description.split(separator: "-").last else { return false }
        return name.description.contains("-") && isID(id)
    }

    private static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Engines of other versions than those that this envd takes, and downloaded Pythons that no generation rests on.
    private func engines(_ users: PrefixUsers) -> Candidates {
        let current = Set([EngineCatalogue.uv.directoryName] + EngineCatalogue.tools.map(\.directoryName))
        var found: Candidates = names(in: paths.engines).compactMap { name in
            let text = name.description
            guard !current.contains(text), !text.hasSuffix(".tmp"),
                EngineCatalogue.names.contains(where: { text.hasPrefix("\($0)-") })
            else { return nil }
            let path = paths.engines.appending(Path(name))
            return (GarbageReport.Item(kind: .engine, path: path), users.programs(in: path))
        }
        // A build may be about to take what no generation has yet.
        guard !places.contains(where: \.isBusy) else { return found }
        let interpreters = places.flatMap(\.generations).compactMap(\.interpreter?.path)
        let pythons = paths.engines / "python"
        for name in names(in: pythons) where name.description.hasPrefix("cpython-") {
            let path = pythons.appending(Path(name))
            guard let status = try? FileSystem.status(path, followingLink: false), status.kind == .directory,
                !interpreters.contains(where: { $0.isWithin(path) })
            else { continue }
            found.append((GarbageReport.Item(kind: .python, path: path), users.programs(in: path)))
        }
        return found
    }

    private func scratch() -> Candidates {
        let busy = Set(places.filter(\.isBusy).map(\.project.id.text))
        let now = Timestamp.now
        return names(in: paths.temporary).compactMap { name in
            let path = paths.temporary.appending(Path(name))
            let id = String(name.description.prefix { $0 != "-" })
            guard !busy.contains(id), let status = try? FileSystem.status(path, followingLink: false) else {
                return nil
            }
            // A build that began after this was asked for is not known to be under way.
            let age = now.seconds - status.modified / 1_000_000_000
            guard age > (Self.isID(id) ? Self.day / 24 : Self.day) else { return nil }
            return (GarbageReport.Item(kind: .scratch, path: path), [])
        }
    }

    private func logs() -> Candidates {
        let known = Set(places.map(\.project.id.text))
        return names(in: paths.logs).compactMap { name in
            let text = name.description
            guard text.hasSuffix(".log"), let id = text.split(separator: ".").first, Self.isID(id),
                !known.contains(String(id))
            else { return nil }
            return (GarbageReport.Item(kind: .log, path: paths.logs.appending(Path(name))), [])
        }
    }

    private func names(in directory: Path) -> [ByteString] { (try? FileSystem.list(directory)) ?? [] }
}
