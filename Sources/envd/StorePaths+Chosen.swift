internal import EnvdCore
internal import EnvdManifest
internal import EnvdStore

extension StorePaths {
    /// Where this user's things are, as config.toml has it.
    static func chosen() throws(Diagnostic) -> StorePaths {
        try ofThisUser(chosen: try UserSettings.storePathOfThisUser())
    }
}
