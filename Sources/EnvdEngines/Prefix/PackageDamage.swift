package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// A file of a package that is not what its RECORD says, or conda-meta for a package of conda's (see `CondaDamage`).
///
/// Engines link files from one cache into every environment, so that an edit in one of them changes all, and those that
/// are still to be built. uv writes a RECORD anew into each environment, while METADATA and WHEEL are as old as the
/// cache's copy of the package: what was written after those is looked at closely.
package struct PackageDamage: Hashable, Sendable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable {
        case missing
        /// Not as long as it should be, or not of that content; perhaps since it left its authors.
        case different
        /// Written after its package was unpacked.
        case edited
    }

    /// The distribution's name, normalised.
    package var distribution: String
    /// As RECORD has it: below site-packages.
    package var file: String
    package var kind: Kind

    package var description: String {
        switch kind {
        case .missing: "\(distribution): \(file) is gone"
        case .different: "\(distribution): \(file) is not what the package brought"
        case .edited: "\(distribution): \(file) was changed after the package was unpacked"
        }
    }

    /// Looks at every file of every package: missing ones, other sizes, and the content of those that were written
    /// after their package was unpacked. Some milliseconds for a thousand files.
    ///
    /// - Parameters:
    ///   - thoroughly: the content of all: as long as it takes to read them.
    ///   - known: what was so from the beginning: not every package is what its own RECORD says.
    package static func find(
        in prefix: Path, thoroughly: Bool = false, but known: Set<PackageDamage> = []
    ) -> [PackageDamage] {
        let site = SitePackages.directory(of: prefix)
        let names = (site.flatMap { try? FileSystem.list($0) } ?? []).filter { $0.description.hasSuffix(".dist-info") }
        let python = names.sorted().flatMap { name in
            site.map { find(in: $0.appending(Path(name)), of: prefix, thoroughly: thoroughly) } ?? []
        }
        return (CondaDamage.find(in: prefix, thoroughly: thoroughly) + python).filter { !known.contains($0) }
    }

    /// Files may be written in any order while a package is unpacked: nanoseconds.
    private static let slack: Int64 = 2_000_000_000

    private static func find(in directory: Path, of prefix: Path, thoroughly: Bool) -> [PackageDamage] {
        // Of conda's packages conda-meta tells more: their RECORDs are from before the prefix was written into them.
        let installer = (try? FileSystem.read(directory / "INSTALLER")).map { String(decoding: $0, as: UTF8.self) }
        guard installer?.trimmed != "conda", let record = try? DistributionRecord(of: directory) else { return [] }
        let name = PackageName.canonical(directory.name.description.prefix { $0 != "-" })
        // The earlier of the two, for one of them may be what was changed.
        let unpacked = ["METADATA", "WHEEL"].compactMap { (try? FileSystem.status(directory / $0))??.modified }.min()
        return record.entries.compactMap { entry in
            guard let digest = entry.digest, entry.file.isWithin(prefix) else { return nil }
            func damage(_ kind: Kind) -> PackageDamage {
                PackageDamage(distribution: name, file: entry.name, kind: kind)
            }
            guard let status = try? FileSystem.status(entry.file), status.kind == .file else { return damage(.missing) }
            let isLate = unpacked.map { status.modified > $0 + slack } ?? false
            if let size = entry.size, size != status.size { return damage(isLate ? .edited : .different) }
            guard thoroughly || isLate, let content = try? Fingerprint(ofFile: entry.file), content.hex != digest
            else { return nil }
            return damage(isLate ? .edited : .different)
        }
    }
}
