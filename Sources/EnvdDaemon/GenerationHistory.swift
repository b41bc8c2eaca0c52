internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdStore
internal import EnvdSystem

/// What the generations of a project are made of, read from the records that they carry. Waits for the disk.
struct GenerationHistory: Sendable {
    /// Oldest first.
    let generations: [Generation]

    /// One entry a generation, newest first.
    func entries() -> [HistoryReport.Entry] {
        var entries: [HistoryReport.Entry] = []
        var older: PackageSet?
        for generation in generations {
            let packages = Self.packages(of: generation)
            let isWhole = PrefixHealth.isIntact(prefix: generation.prefix, interpreter: generation.interpreter)
            entries.append(
                HistoryReport.Entry(
                    number: generation.number, isCurrent: generation.state == .current, isWhole: isWhole,
                    made: Self.made(generation).text, reason: generation.reason, engine: generation.engine,
                    python: packages.python, packages: packages.count, bytes: DiskUse.of(generation.prefix),
                    changes: older.map { $0.changes(to: packages) },
                    drift: isWhole ? generation.drift?.phrases ?? [] : [], prefix: generation.prefix))
            older = packages
        }
        return entries.reversed()
    }

    /// When it became whole; for an older record the time of its file, or of the directory.
    static func made(_ generation: Generation) -> Timestamp {
        if let made = generation.made { return made }
        let files = [GenerationRecord.file(in: generation.prefix), generation.prefix]
        let status = files.lazy.compactMap { (try? FileSystem.status($0)) ?? nil }.first
        return Timestamp(seconds: (status?.modified ?? 0) / 1_000_000_000)
    }

    /// What it was made of; what was put in by hand since is its drift.
    static func packages(of generation: Generation) -> PackageSet {
        var packages = PackageSet(python: generation.interpreter?.version)
        packages.distributions = GenerationBuilder.resolution(in: generation.prefix)?.packages ?? [:]
        for record in GenerationBuilder.condaResolution(in: generation.prefix)?.records ?? []
        where record.name != "python" {
            packages.conda[record.name] = .init(version: record.version, build: record.build)
        }
        return packages
    }
}
