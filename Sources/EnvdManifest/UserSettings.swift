package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The user's own word, for all projects: `config.toml`.
package struct UserSettings: Hashable, Sendable {
    /// Where a project says nothing of it.
    package var libraryPath = LibraryPath()
    /// Whether scripts that conda's packages bring for the time after their installation are run. They are code of
    /// strangers, so no project can say this.
    package var runsLinkScripts = false

    /// Whether fish shells are woken at their prompts: each time another fish is run.
    package var wakesFish = false
    /// What all generations together may take up, each by itself; nil: no limit.
    package var storeLimit: ByteSize?
    /// What of the disk a build has to leave free; nil: the engines' own word.
    package var diskReserve: ByteSize?
    /// How many retired generations of a project stay; nil: `RetentionPolicy.defaultCount`.
    package var keptGenerations: Int?

    /// How far the user's word on a project goes, where nothing was said for that project. No project can say this.
    package var trust = TrustMode.follow

    package init() {}

    /// `$XDG_CONFIG_HOME/envd/config.toml`; nil where there is neither that variable nor a home.
    package static var fileOfThisUser: Path? {
        let directory =
            ProcessEnvironment.path("XDG_CONFIG_HOME") ?? ProcessEnvironment.path("HOME").map { $0 / ".config" }
        return directory.map { $0 / "envd/config.toml" }
    }

    private static let keys = ["conda", "fish", "ld_library_path", "store", "trust"]

    /// What this user's file says now, for what concerns no single project; the defaults where there is none or it
    /// cannot be read, which the projects' own readings tell.
    package static func ofThisUser() -> UserSettings {
        guard let file = fileOfThisUser, let bytes = try? FileSystem.read(file) else { return UserSettings() }
        return (try? parse(bytes, file: file)) ?? UserSettings()
    }

    /// Reads the file, which becomes an input, there or not.
    ///
    /// - Throws: a key or value that it does not know, and where.
    static func read(_ file: Path, _ context: inout ReadingContext) throws(Diagnostic) -> UserSettings {
        guard let bytes = context.files.readIfPresent(file) else { return UserSettings() }
        return try parse(bytes, file: file)
    }

    private static func parse(_ bytes: [UInt8], file: Path) throws(Diagnostic) -> UserSettings {
        var settings = UserSettings()
        let name = "config.toml"
        let document = try TOMLDocument(bytes, file: file, name: name)
        func problem(_ path: [String], _ cause: String) -> Diagnostic {
            Diagnostic("could not read `\(name)`: \(cause)", at: document.location(path), hint: TOMLDocument.hint)
        }
        func check(_ table: [String: CanonicalValue], _ known: [String], in path: [String]) throws(Diagnostic) {
            for key in table.keys.sorted() where !known.contains(key) {
                throw problem(
                    path + [key], "`\(key.shortened)` is no key here; it has \(known.joined(separator: ", "))")
            }
        }
        let root = document.root.asTable ?? [:]
        try check(root, keys, in: [])
        if let value = root["ld_library_path"] {
            guard let choice = LibraryPath(value) else { throw problem(["ld_library_path"], LibraryPath.problem) }
            settings.libraryPath = choice
        }
        if let value = root["trust"] {
            guard let mode = value.asText.flatMap({ TrustMode(rawValue: $0) }) else {
                throw problem(["trust"], "`trust` has to be \"follow\" or \"ask\"")
            }
            settings.trust = mode
        }
        func table(_ table: String, _ known: [String]) throws(Diagnostic) -> [String: CanonicalValue] {
            guard let value = root[table] else { return [:] }
            guard let content = value.asTable else { throw problem([table], "`\(table)` has to be a table") }
            try check(content, known, in: [table])
            return content
        }
        /// `[table] key = true`.
        func truth(_ name: String, _ key: String) throws(Diagnostic) -> Bool? {
            let content = try table(name, [key])
            switch content[key] {
            case nil: return nil
            case .truth(let truth)?: return truth
            default: throw problem([name, key], "`\(key)` has to be true or false")
            }
        }
        let store = try table("store", ["keep", "max", "path", "reserve"])
        if let value = store["path"], storePath(value) == nil { throw problem(["store", "path"], storePathProblem) }
        if let value = store["max"] {
            guard let size = value.asText.flatMap({ ByteSize($0) }), size > .zero else {
                throw problem(
                    ["store", "max"], "`max` has to be a size with its unit, such as \"20GB\" or \"500 MiB\"")
            }
            settings.storeLimit = size
        }
        if let value = store["reserve"] {
            guard let size = value.asText.flatMap({ ByteSize($0) }) else {
                throw problem(
                    ["store", "reserve"], "`reserve` has to be a size with its unit, such as \"1GB\" or \"0B\"")
            }
            settings.diskReserve = size
        }
        switch store["keep"] {
        case nil: break
        case .integer(let count)? where count >= 0 && count <= 1_000_000: settings.keptGenerations = Int(count)
        default: throw problem(["store", "keep"], "`keep` has to be a number of generations, 0 or more")
        }
        settings.runsLinkScripts = try truth("conda", "post_link_scripts") ?? settings.runsLinkScripts
        settings.wakesFish = try truth("fish", "idle") ?? settings.wakesFish
        return settings
    }
}

extension LibraryPath {
    static let problem =
        "`ld_library_path` has to be \"safe\", \"full\" or \"off\", or a table with `mode` and, for \"safe\", `exclude` (a list of names)"

    /// `"safe"`, or `{ mode = "safe", exclude = ["libx.so.1", "libq*"] }`; nil for anything else.
    init?(_ value: CanonicalValue) {
        if let text = value.asText {
            guard let mode = Mode(rawValue: text) else { return nil }
            self.init(mode: mode)
            return
        }
        guard let table = value.asTable, Set(table.keys).isSubset(of: ["mode", "exclude"]) else { return nil }
        var mode = Mode.safe
        if let text = table["mode"] {
            guard let named = text.asText.flatMap({ Mode(rawValue: $0) }) else { return nil }
            mode = named
        }
        let listed = table["exclude"]?.asList ?? []
        let names = listed.compactMap(\.asText).filter { !$0.isEmpty }
        guard names.count == listed.count, table["exclude"] == nil || table["exclude"]?.asList != nil else {
            return nil
        }
        guard mode == .safe || names.isEmpty else { return nil }
        self.init(mode: mode, excluded: names.sortedAndUnique())
    }
}
