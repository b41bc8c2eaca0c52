package import EnvdCore
internal import EnvdSystem

/// A conda package whose need another hand took out of the prefix: `conda remove --force`, `rm`.
///
/// By names alone: which versions go together is the solver's word, at every build.
package struct CondaConflict: Hashable, Sendable, CustomStringConvertible {
    /// The package that needs something, and its version.
    package var package: String
    /// The name of what is not there.
    package var missing: String

    /// For people, in one phrase.
    package var description: String { "\(package) needs \(missing), and conda has no \(missing) there" }

    /// By the records in `conda-meta`, in the order of names; none where conda did not make the prefix.
    package static func find(in prefix: Path) -> [CondaConflict] {
        let directory = prefix / "conda-meta"
        let names = ((try? FileSystem.list(directory)) ?? []).filter { $0.description.hasSuffix(".json") }.sorted()
        let records = names.compactMap { name in
            (try? FileSystem.read(directory.appending(Path(name)), limit: 64 << 20))
                .flatMap { try? JSONText.parse($0).table }
        }
        let installed = Set(records.compactMap { $0["name"]?.text })
        return records.flatMap { record -> [CondaConflict] in
            guard let name = record["name"]?.text, case .list(let depends)? = record["depends"] else { return [] }
            let needed = depends.compactMap { need in need.text.map { String($0.prefix { !" =<>!~[".contains($0) }) } }
            // Virtual packages (`__glibc`) are the machine's.
            return needed.filter { !$0.isEmpty && !$0.hasPrefix("__") && !installed.contains($0) }.map {
                CondaConflict(package: "\(name) \(record["version"]?.text ?? "")", missing: $0)
            }
        }
    }
}
