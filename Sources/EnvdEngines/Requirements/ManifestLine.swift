package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

extension Diagnostic.Location {
    /// The line of a manifest that names a package, else the whole manifest: what an engine says nothing about.
    package static func naming(_ package: String?, in manifest: Path) -> Diagnostic.Location {
        guard let package, let content = try? FileSystem.read(manifest) else { return .init(file: manifest) }
        let wanted = PackageName.normalised(package)
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let found = lines.firstIndex { line in
            line.split { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }
                .contains { PackageName.normalised($0) == wanted }
        }
        return .init(file: manifest, line: found.map { $0 + 1 })
    }
}
