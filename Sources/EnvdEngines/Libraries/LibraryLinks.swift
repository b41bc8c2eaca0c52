internal import EnvdCore
internal import EnvdSystem

/// A directory of links to those libraries of a conda prefix that load beside the system's.
///
/// A library that is found through a link has the link's directory for its `$ORIGIN`: what it needs has to be there
/// too, or be the system's. So every one is tried where it will be found, and leaving one out tries its users again,
/// until nothing changes.
struct LibraryLinks {
    let directory: Path
    /// Without links.
    let prefix: Path
    /// What goes onto LD_LIBRARY_PATH before the directory.
    let before: [NvidiaDirectories.Directory]
    let choice: LibraryPath
    let linkerCache: LinkerCache
    let trial: LoaderTrial

    /// For what a hostile prefix may make of it; what is not settled then is left out.
    private static let mostRounds = 200
    private static let mostLines = 200

    /// Makes the directory, which is not there yet.
    ///
    /// - Returns: the libraries that have links.
    func make(_ libraries: PrefixLibraries) async throws(Diagnostic) -> [PrefixLibrary] {
        var graph = LibraryGraph(
            libraries.offered, elsewhere: Set(before.flatMap(\.names)), linkerCache: linkerCache, directory: directory)
        var told = tell(graph.takeRemovals(), after: 0)
        try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(directory, mode: 0o755)
            for library in graph.libraries {
                for name in library.names {
                    // Prefix, `.envd`, `lib`.
                    guard let target = library.file.relative(to: prefix) else { continue }
                    try FileSystem.replaceLink(
                        directory.appending(Path(name)), to: Path("../..").appending(target))
                }
            }
        }
        var judge = ResolutionJudge(
            directories: Set(before.map(\.path) + [directory]), prefix: prefix, choice: choice, linkerCache: linkerCache
        )
        var rounds = 0
        while true {
            let removals = graph.takeRemovals()
            told = tell(removals, after: told)
            try remove(removals)
            let batch = graph.nextBatch
            if batch.isEmpty { break }
            rounds += 1
            let failed: [ByteString: String]
            if rounds > Self.mostRounds {
                failed = Dictionary(uniqueKeysWithValues: graph.pending.map { ($0, "there was no end of trying") })
            } else {
                failed = try await failures(batch, in: &graph, &judge, shipped: libraries.shipped)
            }
            for (name, cause) in failed.sorted(by: { $0.key < $1.key }) { graph.remove(name, because: cause) }
        }
        return graph.libraries
    }

    /// Tries a batch; what passed is settled.
    ///
    /// - Returns: why those do not load that failed, by name.
    private func failures(
        _ batch: [ByteString], in graph: inout LibraryGraph, _ judge: inout ResolutionJudge, shipped: Set<ByteString>
    ) async throws(Diagnostic) -> [ByteString: String] {
        let path = before.map(\.path) + [directory]
        let replaced = shipped.intersection(linkerCache.libraries)
        let questions = batch.map { name in
            // Only where the system's copy stands in for the prefix's own may a symbol be missing.
            LoaderTrial.Question(name: name, withSymbols: graph.reaches(replaced, from: name))
        }
        let reports = try await trial.ask(questions, in: directory, libraryPath: path)
        let missing = reports.filter { !$0.value.undefined.isEmpty }.keys.sorted()
        let alone = try await undefinedByThemselves(missing, in: graph)
        var failed: [ByteString: String] = [:]
        for name in batch {
            guard let report = reports[name] else {
                failed[name] = "the dynamic linker gave no answer"
                continue
            }
            let unknown = report.undefined.filter { !(alone[name]?.contains($0.key) ?? false) }
            let cause: String
            var culprits: Set<Path> = []
            if let complaint = report.complaint {
                (cause, culprits) = (complaint, report.culprits)
            } else if let objection = judge.objection(to: report) {
                cause = objection
            } else if let symbol = unknown.keys.min() {
                cause = "undefined symbol `\(symbol)` with the system's libraries"
                culprits = unknown[symbol] ?? []
            } else {
                graph.settle(name, with: report.paths.filter { $0.parent == directory }.map(\.name))
                continue
            }
            let blamed = culprits.filter { $0.parent == directory && graph.has($0.name) }.map(\.name)
            // Those to blame take their users with them.
            for name in blamed.isEmpty ? [name] : blamed { failed[graph.mainName(of: name)] = cause }
        }
        return failed
    }

    /// The symbols that libraries miss even where every library is the prefix's own, as those of a plug-in are that its
    /// program has.
    private func undefinedByThemselves(
        _ names: [ByteString], in graph: LibraryGraph
    ) async throws(Diagnostic) -> [ByteString: Set<ByteString>] {
        if names.isEmpty { return [:] }
        let own = prefix / "lib"
        var files: [ByteString: ByteString] = [:]
        for name in names {
            guard let file = graph.file(of: name)?.relative(to: own)?.bytes else { continue }
            files[name] = file
        }
        let reports = try await trial.ask(
            files.values.sorted().map { .init(name: $0, withSymbols: true) }, in: own, libraryPath: [own])
        return files.compactMapValues { reports[$0].map { Set($0.undefined.keys) } }
    }

    private func remove(_ removals: [LibraryGraph.Removal]) throws(Diagnostic) {
        try telling { () throws(SystemError) in
            for name in removals.flatMap(\.library.names) {
                try FileSystem.remove(directory.appending(Path(name)))
            }
        }
    }

    /// Says in the log why libraries are left out.
    ///
    /// - Parameter told: how many were said before.
    /// - Returns: how many are now.
    private func tell(_ removals: [LibraryGraph.Removal], after told: Int) -> Int {
        for removal in removals.prefix(max(0, Self.mostLines - told)) {
            trial.context.log("`\(removal.library.file)` is not offered: \(removal.cause)")
        }
        return told + removals.count
    }
}
