/// What activation changes in a shell's environment.
package struct Delta: Hashable, Sendable, Codable {
    /// Entries that go to the front of one PATH-like variable.
    package struct ListAddition: Hashable, Sendable, Codable {
        package var variable: VariableName
        /// First one first; none is empty or holds a colon (an empty element means the working directory).
        package var entries: [ByteString]

        package init(variable: VariableName, entries: [ByteString]) {
            self.variable = variable
            self.entries = entries.filter { !$0.isEmpty && !$0.bytes.contains(UInt8(ascii: ":")) }
        }
    }

    /// A variable that gets one value.
    package struct Assignment: Hashable, Sendable, Codable {
        package var variable: VariableName
        package var value: ByteString

        package init(variable: VariableName, value: ByteString) {
            self.variable = variable
            self.value = value
        }
    }

    /// A variable whose value is made of the one that it has outside.
    package struct Extension: Hashable, Sendable, Codable {
        package var variable: VariableName
        /// What goes before and after a value that is not empty; both may be empty, for one that only stands in.
        package var before: ByteString
        package var after: ByteString
        /// The value where the variable is unset or empty.
        package var otherwise: ByteString

        package init(variable: VariableName, before: ByteString, after: ByteString, otherwise: ByteString) {
            self.variable = variable
            self.before = before
            self.after = after
            self.otherwise = otherwise
        }

        package func value(outside: ByteString?) -> ByteString {
            guard let outside, !outside.isEmpty else { return otherwise }
            return before + outside + after
        }
    }

    /// A prefix of conda's, as conda itself counts those that are active.
    ///
    /// Entering one is `conda activate --stack`: CONDA_SHLVL one higher, and where another was active CONDA_PREFIX_<n>
    /// with that one and CONDA_STACKED_<n+1>. Source: conda 24, `conda/activate.py`, `build_stack`.
    package struct CondaLevel: Hashable, Sendable, Codable {
        /// The variables of env_vars.d and conda-meta/state: what they were goes to __CONDA_SHLVL_<n>_<NAME> too,
        /// where `conda deactivate` looks for it.
        package var variables: [VariableName]

        package init(variables: [VariableName]) { self.variables = variables }
    }

    /// Conda's activate.d and deactivate.d, for the shells that can read them; what they did in a clean shell serves the
    /// others, and tells what has to be undone.
    package struct Scripts: Hashable, Sendable, Codable {
        /// Absolute, in the order in which they are read on entering.
        package var entering: [Path]
        /// Likewise, on leaving.
        package var leaving: [Path]
        package var additions: [ListAddition]
        package var appendices: [ListAddition]
        package var assignments: [Assignment]
        package var extensions: [Extension]
        package var removals: [VariableName]

        package init(
            entering: [Path], leaving: [Path], additions: [ListAddition] = [], appendices: [ListAddition] = [],
            assignments: [Assignment] = [], extensions: [Extension] = [], removals: [VariableName] = []
        ) {
            self.entering = entering
            self.leaving = leaving
            self.additions = additions
            self.appendices = appendices
            self.assignments = assignments
            self.extensions = extensions
            self.removals = removals
        }

        /// The variables, but for lists, that the scripts change.
        package var scalars: [VariableName] {
            assignments.map(\.variable) + extensions.map(\.variable) + removals
        }
    }

    /// At the front of lists.
    package var additions: [ListAddition]
    /// At the end of lists, each entry only where the list has not got it.
    package var appendices: [ListAddition]
    package var assignments: [Assignment]
    package var extensions: [Extension]
    /// Variables that are hidden while the environment is active, and given back on leaving.
    package var removals: [VariableName]
    /// Nil for a prefix that is none of conda's.
    package var conda: CondaLevel?
    /// Nil where there are none, or all that they do is part of this.
    package var scripts: Scripts?

    package init(
        additions: [ListAddition] = [], appendices: [ListAddition] = [], assignments: [Assignment] = [],
        extensions: [Extension] = [], removals: [VariableName] = [], conda: CondaLevel? = nil, scripts: Scripts? = nil
    ) {
        self.additions = additions
        self.appendices = appendices
        self.assignments = assignments
        self.extensions = extensions
        self.removals = removals
        self.conda = conda
        self.scripts = scripts
    }
}

extension Delta {
    /// With what scripts did in a clean shell in their place.
    package var recorded: Delta {
        guard let scripts else { return self }
        var result = self
        result.scripts = nil
        result.additions = scripts.additions + additions
        result.appendices += scripts.appendices
        let later = Set(scripts.scalars)
        result.assignments.removeAll { later.contains($0.variable) }
        result.extensions.removeAll { later.contains($0.variable) }
        result.assignments += scripts.assignments
        result.extensions += scripts.extensions
        result.removals += scripts.removals
        return result
    }

    /// What an older version wrote down has neither appendices nor extensions.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            additions: try values.decode([ListAddition].self, forKey: .additions),
            appendices: try values.decodeIfPresent([ListAddition].self, forKey: .appendices) ?? [],
            assignments: try values.decode([Assignment].self, forKey: .assignments),
            extensions: try values.decodeIfPresent([Extension].self, forKey: .extensions) ?? [],
            removals: try values.decode([VariableName].self, forKey: .removals),
            conda: try values.decodeIfPresent(CondaLevel.self, forKey: .conda),
            scripts: try values.decodeIfPresent(Scripts.self, forKey: .scripts))
    }
}

/// The name of an environment variable that every shell accepts: `[A-Za-z_][A-Za-z0-9_]*` (POSIX.1 8.1).
package struct VariableName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    /// Nil where the text is no identifier: such a name is refused, never evaluated.
    package init?(_ text: String) {
        guard let first = text.utf8.first, !Self.isDigit(first),
            text.utf8.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) })
        else { return nil }
        self.text = text
    }

    package var description: String { text }
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension VariableName: Codable {
    package func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }

    package init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let name = VariableName(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a variable name"))
        }
        self = name
    }
}

extension VariableName {
    // The names that envd itself sets. The text is checked by the tests of this file's literals.
    package static let path = VariableName(known: "PATH")
    package static let libraryPath = VariableName(known: "LD_LIBRARY_PATH")
    package static let virtualEnv = VariableName(known: "VIRTUAL_ENV")
    package static let virtualEnvPrompt = VariableName(known: "VIRTUAL_ENV_PROMPT")
    package static let pythonHome = VariableName(known: "PYTHONHOME")
    package static let condaPrefix = VariableName(known: "CONDA_PREFIX")
    package static let condaDefaultEnvironment = VariableName(known: "CONDA_DEFAULT_ENV")
    package static let condaPromptModifier = VariableName(known: "CONDA_PROMPT_MODIFIER")
    package static let condaLevel = VariableName(known: "CONDA_SHLVL")
    package static let uvProjectEnvironment = VariableName(known: "UV_PROJECT_ENVIRONMENT")

    private init(known text: StaticString) { self.text = text.description }
}
