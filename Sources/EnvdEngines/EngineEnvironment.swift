package import EnvdCore

/// The environment that every engine starts with: the user's, without what would point it at another Python
/// or another environment.
package struct EngineEnvironment: Hashable, Sendable {
    package var values: [ByteString: ByteString]

    /// Takes the user's environment from a context, with HOME, PATH and TMPDIR set.
    package init(_ context: EngineContext) {
        values = context.userEnvironment.filter { !Self.isMisleading($0.key) }
        values["HOME"] = context.home.bytes
        values["TMPDIR"] = context.temporary.bytes
        if values["PATH"]?.isEmpty ?? true { values["PATH"] = Self.plainPath }
    }

    /// What a shell without any settings of its own has.
    package static let plainPath: ByteString = "/usr/local/bin:/usr/bin:/bin"

    package subscript(name: ByteString) -> ByteString? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// Forgets every variable that is named.
    package mutating func remove(_ names: [ByteString]) {
        for name in names { values[name] = nil }
    }

    private static func isMisleading(_ name: ByteString) -> Bool {
        if name.bytes.starts(with: Array("PYTHON".utf8)) { return true }
        return ["VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "__PYVENV_LAUNCHER__"]
            .contains(name)
    }
}
