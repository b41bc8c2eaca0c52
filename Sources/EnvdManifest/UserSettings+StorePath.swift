package import EnvdCore
internal import EnvdSystem

extension UserSettings {
    /// `store.path` of this user's config.toml; nil where it says nothing of it.
    ///
    /// Other keys that cannot be read keep nobody from finding the environments.
    ///
    /// - Throws: where the file cannot be read and may say where they are.
    package static func storePathOfThisUser() throws(Diagnostic) -> Path? {
        guard let file = fileOfThisUser, let bytes = try? FileSystem.read(file) else { return nil }
        let document: TOMLDocument
        do {
            document = try TOMLDocument(bytes, file: file, name: "config.toml")
        } catch {
            if !String(decoding: bytes, as: UTF8.self).contains("store") { return nil }
            throw error
        }
        guard let value = document.value("store", "path") else { return nil }
        guard let path = storePath(value) else {
            throw Diagnostic(
                "could not read `config.toml`: `path` has to be \(Setting.Kind.path.expectation)",
                at: document.location(["store", "path"]),
                hint: TOMLDocument.hint)
        }
        return path
    }

    /// Nil where it is no path of its own.
    static func storePath(_ value: CanonicalValue) -> Path? {
        guard let text = value.asText else { return nil }
        if text.hasPrefix("~/") { return ProcessEnvironment.path(.home)?.appending(String(text.dropFirst(2))) }
        let path = Path(text)
        return path.isAbsolute && path != .root ? path : nil
    }
}
