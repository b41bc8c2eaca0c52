internal import EnvdCore
internal import EnvdSystem

/// What of a prefix's conda packages is not what they brought, by what conda-meta has of each file.
///
/// Source: the prefix record of conda and rattler (`conda-meta/NAME.json`, `paths_data`).
enum CondaDamage {
    /// Files may be written in any order while a package is linked: nanoseconds.
    private static let slack: Int64 = 2_000_000_000
    /// Of a package's record: bytes.
    private static let largest = 64 << 20

    /// - Parameter thoroughly: the content of all files; else of those that were written after their package was
    ///   linked.
    static func find(in prefix: Path, thoroughly: Bool) -> [PackageDamage] {
        let directory = prefix / "conda-meta"
        let names = ((try? FileSystem.list(directory)) ?? []).filter { $0.description.hasSuffix(".json") }
        return names.sorted().flatMap { name in
            find(directory.appending(Path(name)), in: prefix, thoroughly: thoroughly)
        }
    }

    private static func find(_ file: Path, in prefix: Path, thoroughly: Bool) -> [PackageDamage] {
        guard let bytes = try? FileSystem.read(file, limit: largest),
            let linked = (try? FileSystem.status(file))??.modified
        else { return [] }
        guard let record = try? JSONText.parse(bytes).table else {
            // The largest packages have more files than the reader takes.
            if bytes.count > largest / 4 { return [] }
            let name = file.name.description
            return [PackageDamage(distribution: name, file: "conda-meta/\(name)", kind: .different)]
        }
        let package = record["name"]?.text ?? file.name.description
        let paths = record["paths_data"]?.table?["paths"]?.list ?? []
        return paths.compactMap { path in
            guard let path = path.table, let name = path["_path"]?.text else { return nil }
            let place = prefix.appending(Path(name)).withoutDots
            guard place.isWithin(prefix) else { return nil }
            func damage(_ kind: PackageDamage.Kind) -> PackageDamage {
                PackageDamage(distribution: package, file: name, kind: kind)
            }
            guard let status = try? FileSystem.status(place, followingLink: false) else { return damage(.missing) }
            guard path["path_type"]?.text == "hardlink", status.kind == .file else { return nil }
            let hasPlaceholder = path["prefix_placeholder"] != nil
            let isLate = status.modified > linked + slack
            if !hasPlaceholder, let size = path["size_in_bytes"]?.integer, Int64(size) != status.size {
                return damage(isLate ? .edited : .different)
            }
            let digest = path["sha256_in_prefix"]?.text ?? (hasPlaceholder ? nil : path["sha256"]?.text)
            guard thoroughly || isLate else { return nil }
            // Without a digest the time alone tells.
            guard let digest else { return isLate ? damage(.edited) : nil }
            guard let content = try? Fingerprint(ofFile: place), content.hex != digest else { return nil }
            return damage(isLate ? .edited : .different)
        }
    }
}
