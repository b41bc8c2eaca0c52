package import EnvdCore

extension Delta {
    /// The environment that a program gets inside: `envd exec` and `envd env --json`.
    ///
    /// What an active project put there is taken out first, as a shell that goes from one project to another does.
    package func applied(to environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        var result = Self.left(environment)
        let delta = recorded.normalised
        if let conda = delta.conda { result.merge(conda.counted(in: result)) { $1 } }
        for addition in delta.additions {
            let name = ByteString(addition.variable.text)
            let before = result[name].map { $0.isEmpty ? [] : [$0] } ?? []
            result[name] = ByteString((addition.entries + before).map(\.bytes).joined(separator: [colon]))
        }
        for appendix in delta.appendices {
            let name = ByteString(appendix.variable.text)
            var entries = result[name].map { $0.isEmpty ? [] : $0.split(separator: colon) } ?? []
            for entry in appendix.entries where !entries.contains(entry) { entries.append(entry) }
            result[name] = ShellRenderer.list(entries)
        }
        for assignment in delta.assignments { result[ByteString(assignment.variable.text)] = assignment.value }
        for extended in delta.extensions {
            let name = ByteString(extended.variable.text)
            result[name] = extended.value(outside: result[name])
        }
        for removal in delta.removals { result[ByteString(removal.text)] = nil }
        return result
    }

    /// An environment without what a hook put into it: the variables of Answer.swift, undone by the hooks' rules.
    package static func left(_ environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        var result = environment
        for name in names(environment["ENVD_LISTS"]) {
            let before = result.removeValue(forKey: "ENVD_WAS_" + name)
            guard let added = result.removeValue(forKey: "ENVD_ADDED_" + name), let value = result[name] else {
                continue
            }
            var entries = value.isEmpty ? [] : value.split(separator: colon)
            for entry in added.split(separator: colon) {
                if let place = entries.firstIndex(of: entry) { entries.remove(at: place) }
            }
            let rest = ByteString(entries.map(\.bytes).joined(separator: [colon]))
            result[name] = rest.isEmpty && before == nil ? nil : rest
        }
        for name in names(environment["ENVD_SCALARS"]) {
            let before = result.removeValue(forKey: "ENVD_WAS_" + name)
            let ours = result.removeValue(forKey: "ENVD_SET_" + name)
            if result[name] == ours { result[name] = before }
        }
        for name in ["ENVD_ROOT", "ENVD_GENERATION", "ENVD_LISTS", "ENVD_SCALARS", "ENVD_SCRIPTS"] as [ByteString] {
            result[name] = nil
        }
        return result
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

    /// The name that goes before a prompt: a shell expands its prompt, so only letters, digits, blanks, `._+@-` and
    /// what is not ASCII stay; the rest becomes `_`.
    var promptLabel: ByteString? {
        func value(_ name: VariableName) -> ByteString? { assignments.first { $0.variable == name }?.value }
        let isHidden = value(.condaPromptModifier)?.isEmpty == true
        guard let name = value(.virtualEnvPrompt) ?? (isHidden ? nil : value(.condaDefaultEnvironment)), !name.isEmpty
        else { return nil }
        let shown = ShellRenderer.printable(name.description)
        return ByteString(
            shown.bytes.map { byte in
                let isPlain =
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
                    default: " ._+@-".utf8.contains(byte)
                    }
                return isPlain ? byte : UInt8(ascii: "_")
            })
    }
}

extension Delta.CondaLevel {
    /// What `conda activate --stack` sets beside the prefix's own variables, as the hooks' `_envd_conda` does.
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

private let colon = UInt8(ascii: ":")

private func names(_ list: ByteString?) -> [ByteString] {
    (list?.split(separator: colon) ?? []).filter { VariableName($0.description) != nil }
}

extension VariableName {
    fileprivate var isOurs: Bool { text.hasPrefix("ENVD_") || text.hasPrefix("_envd_") }
}
