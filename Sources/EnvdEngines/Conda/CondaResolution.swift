package import EnvdCore

/// The exact packages that a conda engine chose for a layer: what a generation is made from, beside the
/// `Resolution` of its Python layer.
package struct CondaResolution: Hashable, Sendable, Codable {
    /// One package, as the channel's repodata describes it.
    package struct Record: Hashable, Sendable, Codable {
        /// Of the archive, without credentials.
        package var url: String
        /// Lower-case hexadecimal; of both, sha256 alone counts where it is known.
        package var sha256: String?
        package var md5: String?
        package var name: String
        package var version: String
        package var build: String
        /// What else the repodata says, in its own words: `depends`, `noarch`, `size`. Nil where a lock file
        /// names the address alone; the package itself says the rest when it is installed.
        package var details: [String: CanonicalValue]?

        package init(
            url: String, sha256: String? = nil, md5: String? = nil, name: String, version: String, build: String,
            details: [String: CanonicalValue]? = nil
        ) {
            self.url = url
            self.sha256 = sha256
            self.md5 = md5
            self.name = name
            self.version = version
            self.build = build
            self.details = details
        }
    }

    /// `linux-64`.
    package var platform: String
    /// By name.
    package var records: [Record]

    package init(platform: String, records: [Record]) {
        self.platform = platform
        self.records = records.sorted { $0.name < $1.name }
    }

    /// The same without some packages, by name: a later solve chooses those anew.
    package func forgetting(_ names: Set<String>) -> CondaResolution {
        CondaResolution(platform: platform, records: records.filter { !names.contains($0.name) })
    }

    /// Name and version of each package, for `envd status --json` and comparisons.
    package var packages: [String: String] {
        Dictionary(records.map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
    }
}

extension CondaResolution.Record {
    /// `noarch`, `linux-64`; the directory that the archive lies in.
    package var subdir: String { String(url.split(separator: "/").dropLast().last ?? "") }
    /// The channel's address, without a slash at its end.
    package var channel: String {
        url.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    }
    package var isNoarch: Bool { details?["noarch"] != nil }

    /// A record as the driver writes it; nil where it lacks what every record has.
    init?(_ value: CanonicalValue) {
        guard case .table(var table) = value else { return nil }
        func take(_ name: String) -> String? {
            guard case .text(let text)? = table.removeValue(forKey: name) else { return nil }
            return text
        }
        guard let url = take("url"), let name = take("name"), let version = take("version"), let build = take("build")
        else { return nil }
        let (sha256, md5) = (take("sha256"), take("md5"))
        self.init(url: url, sha256: sha256, md5: md5, name: name, version: version, build: build, details: table)
    }

    /// A package of a lock file, by the name that its archive has: `name-version-build.conda`.
    ///
    /// - Returns: nil where that is no conda package's name.
    package init?(_ package: CondaLayer.LockedPackage) {
        let file = package.url.split(separator: "/").last.map { PercentCoding.decoded($0) } ?? ""
        guard let suffix = [".conda", ".tar.bz2"].first(where: { file.hasSuffix($0) }) else { return nil }
        let parts = file.dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            url: package.url, sha256: package.sha256, md5: package.md5,
            name: parts.dropLast(2).joined(separator: "-"), version: String(parts[parts.count - 2]),
            build: String(parts[parts.count - 1]))
    }

    /// The record as the driver reads it.
    var request: CanonicalValue {
        var table: [String: CanonicalValue] = details ?? [:]
        table["url"] = .text(url)
        table["sha256"] = sha256.map { .text($0) }
        table["md5"] = md5.map { .text($0) }
        guard details != nil else { return .table(table) }
        table["name"] = .text(name)
        table["version"] = .text(version)
        table["build"] = .text(build)
        return .table(table)
    }
}
