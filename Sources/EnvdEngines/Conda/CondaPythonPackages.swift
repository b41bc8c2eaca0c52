package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The Python packages that conda put into a prefix: what is installed on top must leave them alone.
package struct CondaPythonPackages: Hashable, Sendable {
    /// Version by normalised name.
    package var versions: [String: String]

    /// Reads site-packages: every distribution but those that uv put there.
    package init(of prefix: Path) {
        versions = [:]
        guard let directory = SitePackages.directory(of: prefix), let names = try? FileSystem.list(directory) else {
            return
        }
        for name in names {
            let text = name.description
            guard let suffix = [".dist-info", ".egg-info"].first(where: { text.hasSuffix($0) }) else { continue }
            // `six-1.16.0.dist-info`, `six-1.16.0-py3.12.egg-info`
            let parts = text.dropLast(suffix.count).split(separator: "-")
            guard parts.count >= 2 else { continue }
            let installer = try? FileSystem.read(directory.appending(Path(name)) / "INSTALLER", limit: 64)
            if let installer, String(decoding: installer, as: UTF8.self).trimmed == "uv" { continue }
            versions[PackageName.canonical(parts[0])] = String(parts[1])
        }
    }

    /// Lines of a constraints file, in order of names. A version that is none to Python says nothing there.
    package var constraints: String {
        versions.sorted { $0.key < $1.key }.compactMap { name, version in
            PythonVersion(version).map { _ in "\(name)==\(version)\n" }
        }.joined()
    }
}

extension Resolution {
    /// Without packages that conda has installed already.
    func without(_ conda: CondaPythonPackages, log: (String) -> Void) -> Resolution {
        for (name, version) in packages.sorted(by: { $0.key < $1.key }) {
            guard let own = conda.versions[name], own != version else { continue }
            log("\(name) \(own) is conda's and stays: \(version) is not installed")
        }
        func kept(_ text: String) -> String {
            RequirementsText(text).lines.filter { line in
                !conda.versions.keys.contains(PackageName.canonical(PackageName.leading(line.requirement)))
                    || line.isEditable
            }.map(\.text).joined()
        }
        var rest = self
        rest.hashed = kept(hashed)
        rest.unhashed = kept(unhashed)
        rest.packages = packages.filter { !conda.versions.keys.contains($0.key) }
        return rest
    }
}
