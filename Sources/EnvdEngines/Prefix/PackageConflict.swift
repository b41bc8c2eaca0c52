package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What an installed package says that it needs, and the prefix does not have: what `pip check` tells.
package struct PackageConflict: Hashable, Sendable, CustomStringConvertible {
    /// Name, normalised, and version of the one that needs something.
    package var package: String
    /// As its metadata has it, without the marker: `idna<4,>=2.5`.
    package var requirement: String
    /// The version that is there; nil where there is none.
    package var found: String?

    /// For people, in one phrase.
    package var description: String {
        let name = PackageName.leading(requirement)
        return "\(package) needs \(requirement), and \(found.map { "\(name) \($0) is there" } ?? "there is no \(name)")"
    }

    /// Every one in the order of names. Metadata is only read: nothing of the prefix runs.
    ///
    /// What an extra would need is not asked for, and what cannot be judged (a marker with a variable that nobody
    /// knows, a requirement by address) counts as met.
    package static func find(in prefix: Path, interpreter: Interpreter?) -> [PackageConflict] {
        guard let interpreter, let directory = SitePackages.directory(of: prefix) else { return [] }
        let installed = SitePackages.distributions(in: prefix)
        let environment = MarkerEnvironment(interpreter: interpreter, extras: [])
        let names = ((try? FileSystem.list(directory)) ?? []).filter { $0.description.hasSuffix(".dist-info") }
        return names.sorted().flatMap { name -> [PackageConflict] in
            let metadata = directory.appending(Path(name)) / "METADATA"
            guard let bytes = try? FileSystem.read(metadata, limit: 16 << 20) else { return [] }
            let title = name.description.dropLast(".dist-info".count)
            let own = PackageName.canonical(title.prefix { $0 != "-" })
            return requirements(bytes).compactMap { requirement in
                guard requirement.url == nil, requirement.marker.map({ environment.holds($0) == true }) ?? true
                else { return nil }
                let found = installed[requirement.name]
                if let found, isMet(requirement, by: found) { return nil }
                return PackageConflict(
                    package: "\(own) \(installed[own] ?? "")",
                    requirement: requirement.name + requirement.specifiers.joined(separator: ","), found: found)
            }
        }
    }

    /// The fields `Requires-Dist` of a METADATA's head (core metadata, PEP 643); what is malformed is left out.
    private static func requirements(_ metadata: [UInt8]) -> [Requirement] {
        var found: [Requirement] = []
        for line in metadata.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            // An empty line begins the description.
            if line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) { break }
            let text = String(decoding: line, as: UTF8.self)
            guard text.lowercased().hasPrefix("requires-dist:") else { continue }
            if let requirement = try? Requirement(parsing: text.dropFirst("requires-dist:".count).trimmed) {
                found.append(requirement)
            }
        }
        return found
    }

    /// Prereleases that are installed were wanted by somebody.
    private static func isMet(_ requirement: Requirement, by version: String) -> Bool {
        guard !requirement.specifiers.isEmpty,
            let specifiers = try? VersionSpecifiers(parsing: requirement.specifiers.joined(separator: ","))
        else { return true }
        return specifiers.contains(version, prereleases: true)
    }
}
