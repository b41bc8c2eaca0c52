internal import EnvdCore

/// What a prefix's scripts find when they are run: what conda itself has set by then.
struct GivenEnvironment {
    /// Of a shell that the scripts are run in: what it has before the prefix is entered.
    struct Outside: Hashable {
        var values: [VariableName: ByteString] = [:]
        /// How many prefixes are active already.
        var level = 0
    }

    static let hidden: [VariableName] = [.pythonHome, .virtualEnv, .virtualEnvPrompt]
    /// What a clean login has for PATH.
    static let plainPath: ByteString = "/usr/local/bin:/usr/bin:/bin"

    /// What is set, whatever it was outside.
    let values: [VariableName: ByteString]
    /// What goes before a list's value.
    let fronts: [VariableName: [ByteString]]

    init(prefix: Path, name: ByteString, promptModifier: ByteString, variables: CondaVariables) {
        values = variables.values.merging([
            .condaPrefix: prefix.bytes, .condaDefaultEnvironment: name, .condaPromptModifier: promptModifier,
        ]) { $1 }
        var fronts: [VariableName: [ByteString]] = [.path: [(prefix / "bin").bytes], .libraryPath: []]
        fronts[.libraryPath] = variables.libraryPath
        self.fronts = fronts
    }

    /// The variables just before the first script, but for those of a login.
    func variables(_ outside: Outside) -> [VariableName: ByteString] {
        var result = outside.values
        for name in Self.hidden { result[name] = nil }
        result.merge(values) { $1 }
        for (name, front) in fronts {
            var before = outside.values[name] ?? ""
            if name == .path { before = before.isEmpty ? Self.plainPath : before + ":" + Self.plainPath }
            let list = ByteString.list(front + (before.isEmpty ? [] : [before]))
            result[name] = list.isEmpty ? nil : list
        }
        for (name, value) in level(outside.level) { result[name] = value }
        return result
    }

    private func level(_ outside: Int) -> [VariableName: ByteString] {
        var result: [VariableName: ByteString] = [.condaLevel: ByteString(String(outside + 1))]
        if outside > 0 {
            result[VariableName("CONDA_PREFIX_\(outside)") ?? .condaLevel] = "/envd-outer-prefix"
            result[VariableName("CONDA_STACKED_\(outside + 1)") ?? .condaLevel] = "true"
        }
        return result
    }
}

extension ByteString {
    /// Entries with colons between.
    static func list(_ entries: [ByteString]) -> ByteString {
        ByteString(Array(entries.map(\.bytes).joined(separator: [UInt8(ascii: ":")])))
    }

    /// Its entries without the empty ones.
    var entries: [ByteString] { split(separator: UInt8(ascii: ":")).filter { !$0.isEmpty } }

    /// Where another text begins and ends in this, first match.
    func range(of other: ByteString) -> Range<Int>? { bytes.firstRange(of: other.bytes) }
    func contains(_ other: ByteString) -> Bool { range(of: other) != nil }
}
