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
            ProcessEnvironment.path(.configurationHome) ?? ProcessEnvironment.path(.home).map { $0 / ".config" }
        return directory.map { $0 / "envd/config.toml" }
    }

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
        let root = try checked(bytes, file: file).root
        settings.libraryPath = root.value(["ld_library_path"]).flatMap { LibraryPath($0) } ?? settings.libraryPath
        settings.trust = root.value(["trust"])?.asText.flatMap { TrustMode(rawValue: $0) } ?? settings.trust
        settings.storeLimit = root.value(["store", "max"])?.asText.flatMap { ByteSize($0) }
        settings.diskReserve = root.value(["store", "reserve"])?.asText.flatMap { ByteSize($0) }
        if case .integer(let count)? = root.value(["store", "keep"]) { settings.keptGenerations = Int(count) }
        settings.runsLinkScripts = root.value(["conda", "post_link_scripts"])?.asTruth ?? settings.runsLinkScripts
        settings.wakesFish = root.value(["fish", "idle"])?.asTruth ?? settings.wakesFish
        return settings
    }

    /// The file, every key and value of which is known to be right.
    static func checked(_ bytes: [UInt8], file: Path) throws(Diagnostic) -> TOMLDocument {
        let document = try TOMLDocument(bytes, file: file, name: "config.toml")
        try SettingsCheck(place: .user, document: document, prefix: [], title: nil).check(document.root)
        return document
    }
}

extension LibraryPath {
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
