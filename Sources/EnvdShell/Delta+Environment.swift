package import EnvdCore

extension Delta {
    /// The environment that a program gets inside: `envd exec` and `envd env --json`.
    ///
    /// What an active project put there is taken out first, as a shell that goes from one project to another does.
    package func applied(to environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        let answer = Answer(root: .root, generation: GenerationNumber(0), delta: self)
        var result = EnvironmentSwitch(Self.left(environment), to: answer, scripts: false).environment
        for name in ["ENVD_ROOT", "ENVD_UNDO", "ENVD_PROMPT"] as [ByteString] { result[name] = nil }
        return result
    }

    /// An environment without what a hook put into it.
    package static func left(_ environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        EnvironmentSwitch(environment, to: nil, scripts: false).environment
    }

    /// The lists that entries go to, each once.
    var lists: [VariableName] {
        let all = additions + appendices + (scripts.map { $0.additions + $0.appendices } ?? [])
        var seen: Set<VariableName> = []
        return all.map(\.variable).filter { seen.insert($0).inserted }
    }

    /// All that it changes, each once.
    var variables: [VariableName] {
        var all = lists + assignments.map(\.variable) + extensions.map(\.variable) + removals
        all += scripts?.scalars ?? []
        if conda != nil { all += PlainCondaLevel.variables }
        var seen: Set<VariableName> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Each variable once and in one role: the last value counts, a list is no scalar, and what is set is not hidden. The
    /// hooks' own variables are left out; scripts stay as they are.
    var normalised: Delta {
        var result = Delta(conda: conda, scripts: scripts)
        var taken: Set<VariableName> = []
        func merge(_ additions: [ListAddition], into lists: inout [ListAddition]) {
            for addition in additions where !addition.entries.isEmpty && !addition.variable.isOurs {
                if let place = lists.firstIndex(where: { $0.variable == addition.variable }) {
                    lists[place].entries += addition.entries
                } else {
                    lists.append(addition)
                    taken.insert(addition.variable)
                }
            }
        }
        merge(additions, into: &result.additions)
        merge(appendices, into: &result.appendices)
        for extended in extensions.reversed() where !extended.variable.isOurs {
            if taken.insert(extended.variable).inserted { result.extensions.insert(extended, at: 0) }
        }
        for assignment in assignments.reversed() where !assignment.variable.isOurs {
            if taken.insert(assignment.variable).inserted { result.assignments.insert(assignment, at: 0) }
        }
        for removal in removals where !removal.isOurs {
            if taken.insert(removal).inserted { result.removals.append(removal) }
        }
        return result
    }

    /// The name that goes before a prompt.
    var promptLabel: ByteString? {
        func value(_ name: VariableName) -> ByteString? { assignments.first { $0.variable == name }?.value }
        let isHidden = value(.condaPromptModifier)?.isEmpty == true
        guard let name = value(.virtualEnvPrompt) ?? (isHidden ? nil : value(.condaDefaultEnvironment)), !name.isEmpty
        else { return nil }
        return PromptText.harmless(name)
    }
}

extension Delta.CondaLevel {
    /// What `conda activate --stack` sets beside the prefix's own variables.
    func counted(in outside: [ByteString: ByteString]) -> [ByteString: ByteString] {
        func digits(_ number: Int) -> ByteString { ByteString(String(number)) }
        let level = max(0, outside["CONDA_SHLVL"].flatMap { Int($0.description) } ?? 0)
        var counted: [ByteString: ByteString] = ["CONDA_SHLVL": digits(level + 1)]
        if level > 0, let prefix = outside["CONDA_PREFIX"], !prefix.isEmpty {
            counted["CONDA_PREFIX_" + digits(level)] = prefix
            counted["CONDA_STACKED_" + digits(level + 1)] = "true"
        }
        for variable in variables {
            let name = ByteString(variable.text)
            if let value = outside[name] { counted["__CONDA_SHLVL_" + digits(level) + "_" + name] = value }
        }
        return counted
    }
}

extension VariableName {
    fileprivate var isOurs: Bool { text.hasPrefix("ENVD_") || text.hasPrefix("_envd_") }
}
