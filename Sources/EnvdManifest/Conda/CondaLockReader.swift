internal import EnvdCore
internal import EnvdPackaging

/// conda-lock.yml, version 1: what conda-lock found for this machine's platform.
struct CondaLockReader {
    /// One package of either manager.
    struct Package {
        var name: String
        var version: String
        var isPip: Bool
        var url: String
        var md5: String?
        var sha256: String?
    }

    let document: YAMLDocument
    /// Of this platform and of the wanted categories, in the file's order.
    private(set) var packages: [Package] = []
    /// Addresses of channels as written.
    private(set) var channels: [String] = []
    /// As written, relative to the lock file.
    private(set) var sources: [String] = []
    /// URLs with their credentials, by those without.
    private(set) var secrets: [String: String] = [:]
    private(set) var wantedVariables: Set<String> = []

    /// - Parameter categories: beside `main`; nil for `dev`, as `conda-lock install` does.
    /// - Throws: where it is no lock file of this machine.
    /// Whether any package, or the list of platforms, is of this machine's platform; an empty file is of every one.
    static func isForThisMachine(_ document: YAMLDocument) -> Bool {
        var platforms: [String] = []
        for value in [document.root["metadata"]?["platforms"], document.root["package"]] {
            guard case .list(let entries)? = value?.content else { continue }
            platforms += entries.compactMap { $0["platform"]?.text ?? $0.text }
        }
        return platforms.isEmpty || platforms.contains(CondaPlatform.current)
    }

    init(_ document: YAMLDocument, categories: [String]?) throws(Diagnostic) {
        self.document = document
        guard case .table = document.root.content else {
            throw document.problem("it has to be a table, not \(document.root.kind)", at: document.root.place)
        }
        guard document.root["version"]?.text == "1" else {
            throw document.problem(
                "only version 1 of conda-lock's files is known", at: document.root["version"]?.place)
        }
        let wanted = Set(["main"] + (categories ?? ["dev"]))
        guard let list = document.root["package"], case .list(let entries) = list.content else {
            throw document.problem("it has no list `package`", at: document.root["package"]?.place)
        }
        var platforms: Set<String> = []
        for entry in entries {
            guard case .table = entry.content else {
                throw document.problem("a package has to be a table, not \(entry.kind)", at: entry.place)
            }
            let platform = try text(entry, "platform")
            platforms.insert(platform)
            guard platform == CondaPlatform.current else { continue }
            guard isOf(wanted, entry) else { continue }
            packages.append(try package(entry))
        }
        for platform in texts(document.root["metadata"]?["platforms"]) { platforms.insert(platform) }
        guard platforms.contains(CondaPlatform.current) || entries.isEmpty else {
            throw document.problem("it has no packages for \(CondaPlatform.current)", at: list.place)
        }
        if case .list(let values) = document.root["metadata"]?["channels"]?.content {
            channels = values.compactMap { $0["url"]?.text ?? $0.text }
        }
        sources = texts(document.root["metadata"]?["sources"])
    }

    private func texts(_ value: YAMLValue?) -> [String] {
        if case .list(let values) = value?.content { return values.compactMap(\.text) }
        return []
    }

    private func isOf(_ wanted: Set<String>, _ entry: YAMLValue) -> Bool {
        let several = texts(entry["categories"])
        return several.isEmpty
            ? wanted.contains(entry["category"]?.text ?? "main") : several.contains { wanted.contains($0) }
    }

    private func text(_ entry: YAMLValue, _ key: String) throws(Diagnostic) -> String {
        guard let text = entry[key]?.text, !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw document.problem(
                "a package has no `\(key)`, or one with a blank", at: entry[key]?.place ?? entry.place)
        }
        return text
    }

    private mutating func package(_ entry: YAMLValue) throws(Diagnostic) -> Package {
        let manager = try text(entry, "manager")
        guard manager == "conda" || manager == "pip" else {
            throw document.problem("`\(manager.shortened)` is no manager of packages", at: entry["manager"]?.place)
        }
        let isPip = manager == "pip"
        let name = try text(entry, "name")
        guard PackageName.normalised(name) != nil || !isPip && name.utf8.allSatisfy({ PackageName.isNameByte($0) })
        else {
            throw document.problem("`\(name.shortened)` is no name of a package", at: entry["name"]?.place)
        }
        let written = try text(entry, "url")
        wantedVariables.formUnion(RequirementsLine(number: 1, text: written, pieces: []).variables)
        let url = CondaChannels.withoutCredentials(written)
        if url != written { secrets[url] = written }
        var package = Package(name: name, version: try text(entry, "version"), isPip: isPip, url: url)
        let hash = entry["hash"]
        package.sha256 = try digest(hash?["sha256"], 64)
        package.md5 = try digest(hash?["md5"], 32)
        guard !isPip else { return package }
        guard let file = CondaPackageFile(url: url), file.name == name.lowercased() else {
            throw document.problem("`\(url.shortened)` is not the address of `\(name)`", at: entry["url"]?.place)
        }
        package.url = file.url
        return package
    }

    private func digest(_ value: YAMLValue?, _ length: Int) throws(Diagnostic) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.text?.lowercased(), text.utf8.count == length,
            text.utf8.allSatisfy({ CondaPackageFile.isHexadecimal($0) })
        else { throw document.problem("this is no digest", at: value.place) }
        return text
    }

    /// conda's packages.
    var locked: [CondaLayer.LockedPackage] {
        packages.filter { !$0.isPip }.map { .init(url: $0.url, sha256: $0.sha256, md5: $0.md5) }
    }

    /// pip's packages as exact lines. A URL of PyPI's own files gives way to the name, for the user may have a mirror.
    ///
    /// - Throws: a package that has no version or hash.
    func requirements() throws(Diagnostic) -> [String] {
        var lines: [String] = []
        for package in packages where package.isPip {
            let name = PackageName.canonical(package.name)
            let hash = package.sha256.map { " --hash=sha256:\($0)" } ?? ""
            let isPlain = package.url.hasPrefix("https://files.pythonhosted.org/") && !hash.isEmpty
            let text = isPlain ? "\(name)==\(package.version)" : "\(name) @ \(package.url)"
            do throws(GrammarError) {
                lines.append(try Requirement(parsing: text).normalised + hash)
            } catch {
                throw document.problem("package `\(name)`: \(error.cause)", at: nil)
            }
        }
        return lines.sortedAndUnique()
    }

    /// The first thing that a manifest asks for and this does not have; nil where the lock file is fresh.
    ///
    /// conda-lock's own `content_hash` covers the virtual packages of its options and its version too, and cannot be
    /// computed here; so names decide, and versions where they are written out.
    func lacks(specs: [CondaMatchSpec], requirements: [RequirementsItem]) -> String? {
        var conda: [String: Package] = [:]
        var pip: Set<String> = []
        for package in packages {
            if package.isPip {
                pip.insert(PackageName.canonical(package.name))
            } else {
                conda[package.name.lowercased()] = package
            }
        }
        for spec in specs where !spec.name.hasPrefix("__") {
            guard let package = conda[spec.name] else { return spec.text }
            if let version = spec.version, !Self.mayBe(package.version, version) { return spec.text }
        }
        for item in requirements where item.marker == nil && item.address == nil {
            if let name = item.name, !pip.contains(name), conda[name] == nil { return item.normalised }
        }
        return nil
    }

    /// Whether a version is within a specification as far as `==1.2` and `1.2.*` say; comparisons always are.
    private static func mayBe(_ version: String, _ specification: String) -> Bool {
        guard let version = try? CondaVersion.normalised(version, at: 0) else { return true }
        if specification.contains("(") { return true }
        return specification.split(separator: "|").contains { alternative in
            alternative.split(separator: ",").allSatisfy { clause in
                if clause.hasPrefix("==") { return clause.dropFirst(2) == version }
                if clause.hasPrefix("!=") || !clause.hasSuffix(".*") { return clause != "!=\(version)" }
                return (version + ".").hasPrefix(clause.dropLast()) || version.hasPrefix(clause.dropLast(2) + "_")
            }
        }
    }
}
