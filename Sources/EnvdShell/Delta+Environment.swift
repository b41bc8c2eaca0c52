package import EnvdCore

extension Delta {
    /// The environment that a program gets inside: `envd exec` and `envd env --json`.
    ///
    /// What an active project put there is taken out first, as a shell that goes from one project to another does.
    package func applied(to environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        var result = Self.left(environment)
        let delta = normalised
        for addition in delta.additions {
            let name = ByteString(addition.variable.text)
            let before = result[name].map { $0.isEmpty ? [] : [$0] } ?? []
            result[name] = ByteString((addition.entries + before).map(\.bytes).joined(separator: [colon]))
        }
        for assignment in delta.assignments { result[ByteString(assignment.variable.text)] = assignment.value }
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
        for name in ["ENVD_ROOT", "ENVD_GENERATION", "ENVD_LISTS", "ENVD_SCALARS"] as [ByteString] {
            result[name] = nil
        }
        return result
    }

    /// Each variable once and in one role: the last assignment counts, a list is no scalar, and what is set is not
    /// hidden. The hooks' own variables are left out.
    var normalised: Delta {
        var result = Delta()
        var taken: Set<VariableName> = []
        for addition in additions where !addition.entries.isEmpty && !addition.variable.isOurs {
            if let place = result.additions.firstIndex(where: { $0.variable == addition.variable }) {
                result.additions[place].entries += addition.entries
            } else {
                result.additions.append(addition)
                taken.insert(addition.variable)
            }
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
        guard let name = assignments.first(where: { $0.variable == .virtualEnvPrompt })?.value, !name.isEmpty else {
            return nil
        }
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

private let colon = UInt8(ascii: ":")

private func names(_ list: ByteString?) -> [ByteString] {
    (list?.split(separator: colon) ?? []).filter { VariableName($0.description) != nil }
}

extension VariableName {
    fileprivate var isOurs: Bool { text.hasPrefix("ENVD_") || text.hasPrefix("_envd_") }
}
