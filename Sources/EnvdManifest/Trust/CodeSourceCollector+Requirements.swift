internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Requirements and the options beside them.
extension CodeSourceCollector {
    mutating func add(_ layer: PythonLayer) {
        for text in layer.requirements + layer.constraints { addRequirement(text) }
        for option in layer.options { addOption(option, file: layer.manifest) }
        let settings = layer.settings?.asTable ?? [:]
        for (path, value) in (settings["envd.files"]?.asTable ?? [:]).sorted(by: { $0.key < $1.key }) {
            // The kernel opens no longer path (PATH_MAX, limits.h).
            guard value.asTable != nil, path.utf8.count < 4096 else { continue }
            addBuild(of: place(Path(path)), in: value)
        }
        for source in PoetrySource.sources(of: layer) where !source.url.isEmpty { addIndex(source.url) }
        addEntries(settings["envd.poetry"], from: context.root, depth: 0)
        if let pipfile = try? context.document("Pipfile"), layer.format == .pipenv {
            addEntries(pipfile.root, from: context.root, depth: 0)
        }
        let own = settings.filter { !$0.key.hasPrefix("envd.") }
        if layer.format != .poetry { addUv(.table(own), of: "[tool.uv]", from: context.root) }
        let around = context.workspace.first { context.root.isWithin($0) } ?? context.root
        if let table = settings["envd.workspace"] { addUv(table, of: "[tool.uv] of the workspace", from: around) }
        if let table = settings["envd.uv.toml"] { addUv(table, of: "uv.toml", from: around) }
        addProject(layer)
    }

    mutating func add(_ conda: CondaLayer) {
        for text in (conda.pip?.requirements ?? []) + (conda.pip?.constraints ?? []) { addRequirement(text) }
        for option in conda.pip?.options ?? [] { addOption(option, file: conda.manifest) }
        // A lock file names no channels, but where each package lies.
        for package in conda.packages {
            let parts = package.url.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count > 4 else { continue }
            add(.channel, Self.withoutCredentials(parts.dropLast(2).joined(separator: "/")), near: nil)
        }
    }

    /// One line as specs hold it, relative to the project's root.
    mutating func addRequirement(_ written: String, from base: Path? = nil) {
        let text = Self.withoutHashes(written)
        if Self.isPlainName(text) { return }
        guard text.utf8.count <= Self.maximumRequirement else {
            return add(.url, text, near: nil)
        }
        let line = RequirementsLine(number: 1, text: text, pieces: [])
        guard let parsed = try? RequirementsEntry.parse(line), case .item(let item) = parsed.entry else {
            // An engine may see more in it.
            if text.contains("@") || text.contains("/") { addAddress(text, from: base) }
            return
        }
        if let unread = item.unread {
            add(.url, Self.withoutCredentials(unread), near: unread)
        } else if let address = item.address {
            addAddress(address, from: base)
        }
        for setting in item.settings {
            add(.setting, "\(item.name ?? item.address ?? text) \(setting)", near: setting)
        }
    }

    /// A thousand hashes may follow one name.
    private static func withoutHashes(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.contains(UInt8(ascii: "-")), let range = Array(bytes).firstRange(of: Array(" --hash=".utf8)) else {
            return text
        }
        return String(decoding: Array(bytes)[..<range.lowerBound], as: UTF8.self)
    }

    /// Most lines: a name, its versions and a marker.
    private static func isPlainName(_ text: String) -> Bool {
        guard let first = text.utf8.first, PackageName.isLetterOrDigit(first) else { return false }
        return !text.utf8.contains { "@/:$\\".utf8.contains($0) } && !text.contains(" -")
    }

    /// Bytes without hashes; what is longer is told by its digest.
    private static let maximumRequirement = 8 << 10

    /// A path, a repository or an archive's address.
    mutating func addAddress(_ address: String, from base: Path? = nil) {
        guard address.utf8.count <= Self.maximumRequirement else {
            return add(.url, address, near: nil)
        }
        if let path = LocalAddress.path(address), !address.hasPrefix("git@") {
            let place = place(path, from: base)
            return add(.path, shown(place), near: address)
        }
        let scheme = LocalAddress.scheme(address) ?? ""
        if scheme.contains("+") || scheme == "git" || scheme == "ssh" || address.hasPrefix("git@") {
            return addRepository(address)
        }
        add(.url, Self.withoutFragment(Self.withoutCredentials(address)), near: Self.needle(address))
    }

    /// Another revision of a repository is like another version of a package: the repository is what is trusted.
    mutating func addRepository(_ address: String, from base: Path? = nil) {
        var text = Self.withoutFragment(address)
        for kind in ["git+", "hg+", "svn+", "bzr+"] where text.hasPrefix(kind) { text.removeFirst(kind.count) }
        if let query = text.firstIndex(of: "?") { text = String(text[..<query]) }
        let start = text.firstRange(of: "://").map { text[$0.upperBound...].firstIndex(of: "/") ?? text.endIndex }
        let path = start ?? text.firstIndex(of: ":") ?? text.startIndex
        if let at = text[path...].firstIndex(of: "@") { text = String(text[..<at]) }
        if start == nil, !text.contains(":") { text = shown(place(Path(text), from: base)) }
        add(.repository, Self.withoutCredentials(text), near: Self.needle(text))
    }

    mutating func addIndex(_ url: String, from base: Path? = nil) {
        let isPath = !url.contains("://")
        let text = isPath ? shown(place(Path(url), from: base)) : Self.withoutCredentials(Self.trimmed(url))
        add(.index, text, near: Self.needle(url))
    }

    mutating func addLinks(_ address: String, from base: Path? = nil) {
        guard let path = LocalAddress.path(address), !address.contains("${") else {
            return add(.findLinks, Self.withoutCredentials(address), near: Self.needle(address))
        }
        let place = place(path, from: base)
        // A link that is turned elsewhere leads to other packages.
        let real = (try? FileSystem.canonical(place)).flatMap { $0 == place ? nil : $0 }
        add(.findLinks, shown(place), content: real.map { .text($0.description) }, near: address)
    }

    /// A global option of a requirements file as specs hold it.
    mutating func addOption(_ option: String, file: Path) {
        let name = String(option.prefix { !$0.isWhitespace && $0 != "=" })
        let value = String(option.dropFirst(name.count).drop { $0.isWhitespace || $0 == "=" })
        switch name {
        case "--index-url", "-i", "--extra-index-url": addIndex(value)
        case "--find-links", "-f": addLinks(value, from: context.root.appending(file).parent)
        case "--no-binary": addBuilds(value.split(separator: ",").map { String($0).trimmingBlanks() }, near: option)
        case "--requirement", "--constraint":
            add(.outsideFile, Self.withoutCredentials(value), near: Self.needle(value))
        case "--no-index", "--pre", "--only-binary", "--prefer-binary", "--all-releases", "--only-final",
            "--require-hashes":
            break
        default: add(.setting, Self.withoutCredentials(option), near: value.isEmpty ? name : value)
        }
    }

    /// Packages that are to be built from source, as pip's option names them.
    mutating func addBuilds(_ names: [String], near: String?) {
        for name in names where name != ":none:" {
            add(.sourceDistribution, name == ":all:" ? name : PackageName.normalised(name) ?? name, near: near ?? name)
        }
    }

    /// Tables that name where a package comes from, wherever in a manifest they stand.
    mutating func addEntries(_ value: CanonicalValue?, from base: Path, depth: Int) {
        guard depth < 12 else { return }
        switch value {
        case .text(let text): if text.contains(" @ ") || text.contains("://") { addRequirement(text, from: base) }
        case .list(let values): for value in values { addEntries(value, from: base, depth: depth + 1) }
        case .table(let table):
            for (key, value) in table.sorted(by: { $0.key < $1.key }) {
                switch (key, value) {
                // The indexes, which are told by themselves; and what is no requirement.
                case ("poetry.source", _), ("source", _), ("scripts", _), ("urls", _): continue
                case ("git", .text(let url)), ("hg", .text(let url)), ("svn", .text(let url)), ("bzr", .text(let url)):
                    addRepository(url, from: base)
                case ("url", .text(let url)), ("file", .text(let url)), ("path", .text(let url)):
                    addAddress(url, from: base)
                default: addEntries(value, from: base, depth: depth + 1)
                }
            }
        default: break
        }
    }
}

// MARK: Addresses for people

extension CodeSourceCollector {
    /// An address without user, password, token and query.
    static func withoutCredentials(_ address: String) -> String {
        var text = CondaChannels.withoutCredentials(address)
        if text.contains("://"), let query = text.firstIndex(of: "?") { text = String(text[..<query]) + "?…" }
        return text
    }

    static func withoutFragment(_ address: String) -> String {
        guard address.contains("://"), let hash = address.firstIndex(of: "#") else { return address }
        return String(address[..<hash])
    }

    private static func trimmed(_ url: String) -> String {
        var url = url[...]
        while url.hasSuffix("/") { url = url.dropLast() }
        return String(url)
    }

    /// What of an address stands in the line that names it, however that writes the rest.
    static func needle(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else { return address }
        let rest = address[scheme.upperBound...]
        let whole = rest.prefix { !"#?".contains($0) }
        return String(whole.lastIndex(of: "@").map { whole[whole.index(after: $0)...] } ?? whole)
    }
}
