package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The packages of a prefix, by what their installers left in site-packages.
package enum SitePackages {
    /// `lib/python3.X/site-packages` of a prefix; nil where there is none.
    package static func directory(of prefix: Path) -> Path? {
        let library = prefix / "lib"
        guard let names = try? FileSystem.list(library) else { return nil }
        return names.lazy.filter { $0.bytes.starts(with: Array("python3".utf8)) }
            .map { library.appending(Path($0)) / "site-packages" }.first { FileSystem.exists($0) }
    }

    /// Whether the prefix has a directory for packages, looked for first where that version of Python has it: one
    /// stat(2) instead of a listing.
    static func exists(in prefix: Path, python version: String) -> Bool {
        let release = version.split(separator: ".").prefix(2).joined(separator: ".")
        return FileSystem.exists(prefix / "lib/python\(release)/site-packages") || directory(of: prefix) != nil
    }

    /// Name, normalised, and version of every `*.dist-info` (PEP 376); empty where there is no prefix.
    package static func distributions(in prefix: Path) -> [String: String] {
        guard let directory = directory(of: prefix), let names = try? FileSystem.list(directory) else { return [:] }
        var found: [String: String] = [:]
        for name in names {
            let text = name.description
            guard text.hasSuffix(".dist-info"), let dash = text.firstIndex(of: "-") else { continue }
            let rest = text[text.index(after: dash)...].dropLast(".dist-info".count)
            found[PackageName.canonical(text[..<dash])] = String(rest)
        }
        return found
    }

    /// Takes a distribution away with every file that its RECORD names below the prefix; nothing where it is not installed.
    ///
    /// - Parameter name: normalised.
    static func remove(_ name: String, from prefix: Path) throws(SystemError) {
        guard let directory = directory(of: prefix), let version = distributions(in: prefix)[name] else { return }
        let names = try FileSystem.list(directory).filter { entry in
            let text = entry.description
            return text.hasSuffix("-\(version).dist-info") && PackageName.canonical(text.prefix { $0 != "-" }) == name
        }
        for entry in names {
            for file in try DistributionRecord(of: directory.appending(Path(entry))).entries.map(\.file) {
                guard file.isWithin(prefix), file != prefix else { continue }
                try FileSystem.remove(file)
                var parent = file.parent
                while parent != directory, parent.isWithin(directory), FileSystem.removeEmptyDirectory(parent) {
                    parent = parent.parent
                }
            }
        }
    }
}
