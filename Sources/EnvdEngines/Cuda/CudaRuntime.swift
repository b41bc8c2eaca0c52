package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// A CUDA runtime that an environment brings along, by what its installers left; nothing is run or loaded.
package struct CudaRuntime: Hashable, Sendable {
    /// Who brought it.
    package enum Source: String, Hashable, Sendable, Codable { case conda, wheel }

    package var version: CudaVersion
    /// The package that says so, by its name.
    package var package: String
    /// The package's own version.
    package var packageVersion: String
    package var source: Source

    package init(version: CudaVersion, package: String, packageVersion: String, source: Source) {
        self.version = version
        self.package = package
        self.packageVersion = packageVersion
        self.source = source
    }

    /// Every runtime of a prefix, in order of names: conda's first.
    ///
    /// There may be several at once: torch carries its own beside conda's.
    package static func find(in prefix: Path) -> [CudaRuntime] {
        let conda = condaPackages(in: prefix)
        let distributions = SitePackages.distributions(in: prefix)
        var found = conda.compactMap { name, version -> CudaRuntime? in
            guard condaNames.contains(name), let cuda = CudaVersion(version) else { return nil }
            return CudaRuntime(version: cuda, package: name, packageVersion: version, source: .conda)
        }
        found += distributions.compactMap { name, version -> CudaRuntime? in
            guard let cuda = wheel(name, version) else { return nil }
            return CudaRuntime(version: cuda, package: name, packageVersion: version, source: .wheel)
        }
        let own = distributions["torch"] ?? conda["pytorch"]
        if let cuda = torch(in: prefix, version: own) {
            let source: Source = conda["pytorch"] == nil ? .wheel : .conda
            found.append(
                CudaRuntime(version: cuda, package: "torch", packageVersion: own ?? "unknown", source: source))
        }
        return found.sorted {
            ($0.source.rawValue, $0.package, $0.packageVersion) < ($1.source.rawValue, $1.package, $1.packageVersion)
        }
    }

    private static let condaNames: Set<String> = ["cuda-version", "cudatoolkit", "cuda-cudart"]

    /// Version by name of what conda put there: `conda-meta/NAME-VERSION-BUILD.json`.
    private static func condaPackages(in prefix: Path) -> [String: String] {
        var found: [String: String] = [:]
        for name in (try? FileSystem.list(prefix / "conda-meta")) ?? [] {
            let text = name.description
            guard text.hasSuffix(".json") else { continue }
            let parts = text.dropLast(".json".count).split(separator: "-")
            guard parts.count >= 3 else { continue }
            found[parts.dropLast(2).joined(separator: "-")] = String(parts[parts.count - 2])
        }
        return found
    }

    /// NVIDIA's own wheels, and CuPy's, whose name says for which CUDA they are.
    private static func wheel(_ name: String, _ version: String) -> CudaVersion? {
        let runtime = "nvidia-cuda-runtime"
        if name == runtime || name.hasPrefix(runtime + "-cu") {
            // The first ones of that name were empty.
            return CudaVersion(version).flatMap { $0.major > 0 ? $0 : nil }
        }
        guard name.hasPrefix("cupy-cuda") else { return nil }
        let suffix = name.dropFirst("cupy-cuda".count)
        if suffix.hasSuffix("x") { return CudaVersion(suffix.dropLast()) }
        return compact(suffix)
    }

    /// What torch was built for: its `version.py`, else the local part of its version.
    private static func torch(in prefix: Path, version: String?) -> CudaVersion? {
        if let directory = SitePackages.directory(of: prefix),
            let bytes = try? FileSystem.read(directory / "torch/version.py", limit: 65536)
        {
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                let text = String(decoding: line, as: UTF8.self)
                // `cuda: Optional[str] = '12.1'`, `cuda = None`
                guard PackageName.leading(text) == "cuda", let sign = text.lastIndex(of: "=") else { continue }
                let value = text[text.index(after: sign)...].trimmingBlanks()
                return CudaVersion(value.drop { $0 == "'" || $0 == "\"" }.prefix { $0 != "'" && $0 != "\"" })
            }
        }
        // `2.3.0+cu121`
        guard let version, let plus = version.firstIndex(of: "+") else { return nil }
        let local = version[version.index(after: plus)...]
        guard local.hasPrefix("cu") else { return nil }
        return compact(local.dropFirst(2).prefix { $0 != "." })
    }

    /// `121` is 12.1, `118` 11.8: the last digit is the minor version.
    private static func compact(_ text: some StringProtocol) -> CudaVersion? {
        guard text.utf8.count == 3, let minor = text.last else { return nil }
        return CudaVersion("\(text.dropLast()).\(minor)")
    }
}
