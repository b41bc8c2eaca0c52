package import EnvdCore

/// An answer as `envd-hook` reads it: fields that each end in a NUL. The first says what it is, then come root,
/// generation (empty: none yet), name and state for ENVD_PROMPT; then records, each with its kind first.
package enum AnswerFile {
    private static let mark: ByteString = "envd answer 1"

    package static func encode(_ answer: Answer) -> [UInt8] {
        let delta = answer.delta
        var fields: [ByteString] = [
            mark, answer.root.bytes, ByteString(answer.generation?.description ?? ""), answer.prompt.name,
            ByteString(answer.prompt.state.rawValue),
        ]
        func record(_ kind: String, _ values: ByteString...) { fields += [ByteString(kind)] + values }
        func name(_ variable: VariableName) -> ByteString { ByteString(variable.text) }
        func changes(
            _ scope: String, _ additions: [Delta.ListAddition], _ appendices: [Delta.ListAddition],
            _ assignments: [Delta.Assignment], _ extensions: [Delta.Extension], _ removals: [VariableName]
        ) {
            for list in additions { record(scope + "front", name(list.variable), ShellRenderer.list(list.entries)) }
            for list in appendices { record(scope + "back", name(list.variable), ShellRenderer.list(list.entries)) }
            for assignment in assignments { record(scope + "set", name(assignment.variable), assignment.value) }
            for it in extensions { record(scope + "extend", name(it.variable), it.before, it.after, it.otherwise) }
            for removal in removals { record(scope + "hide", name(removal)) }
        }
        changes("", delta.additions, delta.appendices, delta.assignments, delta.extensions, delta.removals)
        if let conda = delta.conda { record("conda", ShellRenderer.list(conda.variables.map(name))) }
        if let scripts = delta.scripts {
            record(
                "scripts", ShellRenderer.list(scripts.entering.map(\.bytes)),
                ShellRenderer.list(scripts.leaving.map(\.bytes)))
            changes(
                "script-", scripts.additions, scripts.appendices, scripts.assignments, scripts.extensions,
                scripts.removals)
        }
        return fields.flatMap { $0.bytes + [0] }
    }

    /// Nil where the bytes are no answer of this version.
    package static func decode(_ bytes: [UInt8]) -> Answer? {
        guard bytes.last == 0 else { return nil }
        var fields = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false).map { ByteString($0) }[...]
        func next() -> ByteString? { fields.popFirst() }
        guard next() == mark, let root = next(), let number = next(), let name = next(), let state = next(),
            let state = PromptText.State(rawValue: state.description)
        else { return nil }
        var delta = Delta()
        while let kind = next()?.description {
            if kind == "scripts" {
                guard let entering = next(), let leaving = next() else { return nil }
                delta.scripts = Delta.Scripts(entering: paths(entering), leaving: paths(leaving))
                continue
            }
            guard let first = next() else { return nil }
            if kind == "conda" {
                delta.conda = .init(
                    variables: first.split(separator: colon).compactMap { VariableName($0.description) })
                continue
            }
            guard let variable = VariableName(first.description) else { return nil }
            switch kind {
            case "front", "script-front", "back", "script-back":
                guard let entries = next()?.split(separator: colon) else { return nil }
                let list = Delta.ListAddition(variable: variable, entries: entries)
                switch kind {
                case "front": delta.additions.append(list)
                case "back": delta.appendices.append(list)
                case "script-front": delta.scripts?.additions.append(list)
                default: delta.scripts?.appendices.append(list)
                }
            case "set", "script-set":
                guard let value = next() else { return nil }
                let assignment = Delta.Assignment(variable: variable, value: value)
                if kind == "set" {
                    delta.assignments.append(assignment)
                } else {
                    delta.scripts?.assignments.append(assignment)
                }
            case "extend", "script-extend":
                guard let before = next(), let after = next(), let otherwise = next() else { return nil }
                let extended = Delta.Extension(variable: variable, before: before, after: after, otherwise: otherwise)
                if kind == "extend" {
                    delta.extensions.append(extended)
                } else {
                    delta.scripts?.extensions.append(extended)
                }
            case "hide": delta.removals.append(variable)
            case "script-hide": delta.scripts?.removals.append(variable)
            default: return nil
            }
        }
        return Answer(
            root: Path(root), generation: Int(number.description).map { GenerationNumber($0) }, delta: delta,
            prompt: PromptText(name: name, state: state))
    }

    private static let colon = UInt8(ascii: ":")

    private static func paths(_ list: ByteString) -> [Path] {
        list.isEmpty ? [] : list.split(separator: colon).map { Path($0) }
    }
}
