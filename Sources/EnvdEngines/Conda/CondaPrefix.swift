package import EnvdCore
internal import EnvdSystem

/// A prefix that a conda engine filled, looked at without running anything in it.
package struct CondaPrefix: Hashable, Sendable {
    package let path: Path

    package init(_ path: Path) { self.path = path }

    /// Whether every package is there whole: its file in conda-meta is written last.
    ///
    /// - Throws: which package is missing.
    package func verify(_ resolution: CondaResolution) throws(Diagnostic) {
        for record in resolution.records where !FileSystem.exists(metadata(of: record)) {
            throw Diagnostic(
                "could not verify `\(path)`: `\(record.name) \(record.version)` was resolved but is not there",
                hint: "`envd build` makes the environment anew")
        }
    }

    /// What is in conda-meta without being in the resolution, and the other way round, by file name: somebody ran
    /// `conda install` there.
    package func drift(from resolution: CondaResolution) -> [ByteString] {
        let expected = Set(resolution.records.map { metadata(of: $0).name })
        let names = (try? FileSystem.list(path / "conda-meta")) ?? []
        let present = Set(names.filter { $0.bytes.suffix(5).elementsEqual(Array(".json".utf8)) })
        return expected.symmetricDifference(present).sorted()
    }

    private func metadata(of record: CondaResolution.Record) -> Path {
        path / "conda-meta" / "\(record.name)-\(record.version)-\(record.build).json"
    }
}
