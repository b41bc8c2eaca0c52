package import EnvdCore

/// Goes from one environment to another: out of the project that is active in it, into one, or from one generation of
/// a project to the next. Pure; `SwitchText` makes a shell do it.
///
/// Leaving takes our entries out of lists (first match each) and gives back scalars whose value is still ours. From one
/// answer of a root to the next, our entries are replaced where the first of them stood, and what the user changed stays
/// the user's.
package struct EnvironmentSwitch: Sendable {
    package private(set) var environment: [ByteString: ByteString]
    private var undo: Undo
    /// In a change within one root: what the user made of variables of ours; nil for one that was unset.
    private var kept: [VariableName: ByteString?] = [:]

    /// The project that is active in an environment.
    package static func active(in environment: [ByteString: ByteString]) -> (root: Path, undo: Undo)? {
        guard environment["ENVD_ROOT"] ?? environment["ENVD_UNDO"] != nil else { return nil }
        var undo = Undo(text: environment["ENVD_UNDO"] ?? "")
        if undo.lists.isEmpty, undo.scalars.isEmpty, undo.generation == nil { undo = recognised(in: environment) }
        return (Path(environment["ENVD_ROOT"] ?? ""), undo)
    }

    /// What is in an environment by the looks of it, where what says so is lost: whatever lies in a prefix of envd's.
    private static func recognised(in environment: [ByteString: ByteString]) -> Undo {
        var undo = Undo(generation: nil)
        for variable in [VariableName.path, .libraryPath] {
            let entries = environment[ByteString(variable.text)]?.split(separator: colon).filter(isInPrefix) ?? []
            if !entries.isEmpty { undo.lists.append(.init(variable: variable, entries: entries, wasSet: true)) }
        }
        for variable in [VariableName.virtualEnv, .uvProjectEnvironment, .condaPrefix] {
            guard let value = environment[ByteString(variable.text)], isInPrefix(value) else { continue }
            undo.scalars.append(.init(variable: variable, ours: .value(value), was: nil))
        }
        if undo.scalars.contains(where: { $0.variable == .virtualEnv }),
            let name = environment[ByteString(VariableName.virtualEnvPrompt.text)]
        {
            undo.scalars.append(.init(variable: .virtualEnvPrompt, ours: .value(name), was: nil))
        }
        return undo
    }

    /// `…/envd/projects/<project>/generations/<number>`, or below it.
    private static func isInPrefix(_ path: ByteString) -> Bool {
        let parts = path.split(separator: UInt8(ascii: "/"))
        return parts.indices.dropLast(3).contains {
            parts[$0] == "projects" && parts[$0 + 2] == "generations" && Int(parts[$0 + 3].description) != nil
        }
    }

    /// - Parameters:
    ///   - answer: what to enter; nil leaves whatever is active.
    ///   - scripts: whether conda's scripts are read by the shell afterwards (see `settle`); else what they did in a
    ///     clean shell stands for them.
    package init(_ environment: [ByteString: ByteString], to answer: Answer?, scripts: Bool) {
        self.environment = environment
        let active = Self.active(in: environment)
        undo = active?.undo ?? Undo(generation: nil)
        for name in ["ENVD_ROOT", "ENVD_UNDO", "ENVD_PROMPT"] as [ByteString] { self.environment[name] = nil }
        restoreScalars()
        guard let answer else {
            leaveLists(but: [])
            return
        }
        let delta = answer.generation == nil ? Delta() : (scripts ? answer.delta : answer.delta.recorded).normalised
        if active?.root == answer.root {
            leaveLists(but: Set(delta.lists))
        } else {
            kept = [:]
            leaveLists(but: [])
        }
        let before = self.environment
        let lists = undo.lists
        undo = Undo(generation: answer.generation)
        enter(delta, lists: lists, before: before)
        for (variable, value) in kept {
            self.environment[ByteString(variable.text)] = value
            if let place = undo.scalars.firstIndex(where: { $0.variable == variable }) { undo.scalars[place].was = nil }
        }
        self.environment["ENVD_ROOT"] = answer.root.bytes
        self.environment["ENVD_UNDO"] = undo.text
        self.environment["ENVD_PROMPT"] = answer.prompt.text
    }

    /// After scripts were read: what they made of their variables is ours.
    package static func settled(_ environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        guard var (_, undo) = active(in: environment) else { return environment }
        for place in undo.scalars.indices where undo.scalars[place].ours == .unknown {
            let value = environment[ByteString(undo.scalars[place].variable.text)]
            undo.scalars[place].ours = value.map { .value($0) } ?? .hidden
        }
        var environment = environment
        environment["ENVD_UNDO"] = undo.text
        return environment
    }

    // MARK: Out

    private mutating func restoreScalars() {
        for scalar in undo.scalars {
            let name = ByteString(scalar.variable.text)
            let isOurs =
                switch scalar.ours {
                case .value(let value): environment[name] == value
                case .hidden: environment[name] == nil
                case .unknown: true
                }
            if isOurs {
                environment[name] = scalar.was
            } else {
                kept[scalar.variable] = .some(environment[name])
            }
        }
        undo.scalars = []
    }

    /// Takes our entries out of all lists but `staying`, which are still to be changed.
    private mutating func leaveLists(but staying: Set<VariableName>) {
        for list in undo.lists where !staying.contains(list.variable) {
            replace(list.entries, by: [], in: list.variable, wasSet: list.wasSet)
        }
        undo.lists.removeAll { !staying.contains($0.variable) }
    }

    // MARK: In

    /// - Parameters:
    ///   - lists: what an older generation of the same root has in lists.
    ///   - before: what is given back on leaving.
    private mutating func enter(_ delta: Delta, lists: [Undo.List], before: [ByteString: ByteString]) {
        func set(_ name: VariableName, _ ours: Undo.Scalar.Ours) {
            undo.scalars.removeAll { $0.variable == name }
            undo.scalars.append(.init(variable: name, ours: ours, was: before[ByteString(name.text)]))
            if case .value(let value) = ours { environment[ByteString(name.text)] = value }
            if case .hidden = ours { environment[ByteString(name.text)] = nil }
        }
        if let conda = delta.conda, kept[.condaLevel] == nil {
            for (name, value) in conda.counted(in: before).sorted(by: { $0.key < $1.key }) {
                if let name = VariableName(name.description) { set(name, .value(value)) }
            }
        }
        for assignment in delta.assignments { set(assignment.variable, .value(assignment.value)) }
        for extended in delta.extensions {
            let outside = environment[ByteString(extended.variable.text)]
            set(extended.variable, .value(extended.value(outside: outside)))
        }
        for removal in delta.removals { set(removal, .hidden) }
        for variable in delta.lists {
            let old = lists.first { $0.variable == variable }
            let front = delta.additions.first { $0.variable == variable }?.entries ?? []
            let wasSet = old?.wasSet ?? (before[ByteString(variable.text)] != nil)
            replace(old?.entries ?? [], by: front, in: variable, wasSet: wasSet)
            let back = delta.appendices.filter { $0.variable == variable }.flatMap(\.entries)
            undo.lists.append(
                .init(variable: variable, entries: front + append(back, to: variable), wasSet: wasSet))
        }
        if let scripts = delta.scripts {
            for addition in scripts.additions + scripts.appendices {
                if let place = undo.lists.firstIndex(where: { $0.variable == addition.variable }) {
                    undo.lists[place].entries += addition.entries
                }
            }
            for name in scripts.scalars { set(name, .unknown) }
            undo.leaving = scripts.leaving
        }
    }

    /// What of ours is in a list becomes `new`, where its first was, else in front.
    private mutating func replace(
        _ old: [ByteString], by new: [ByteString], in variable: VariableName, wasSet: Bool
    ) {
        let name = ByteString(variable.text)
        guard !new.isEmpty || environment[name] != nil else { return }
        var entries = environment[name].map { $0.isEmpty ? [] : $0.split(separator: colon) } ?? []
        var rest = new
        for entry in old {
            guard let place = entries.firstIndex(of: entry) else { continue }
            entries.replaceSubrange(place...place, with: rest)
            rest = []
        }
        let result = ByteString(Array((rest + entries).map(\.bytes).joined(separator: [colon])))
        environment[name] = result.isEmpty && !wasSet ? nil : result
    }

    /// - Returns: those that the list had not got.
    private mutating func append(_ new: [ByteString], to variable: VariableName) -> [ByteString] {
        let name = ByteString(variable.text)
        var entries = environment[name].map { $0.isEmpty ? [] : $0.split(separator: colon) } ?? []
        let missing = new.filter { !entries.contains($0) }
        guard !missing.isEmpty else { return [] }
        entries += missing
        environment[name] = ByteString(Array(entries.map(\.bytes).joined(separator: [colon])))
        return missing
    }
}

private let colon = UInt8(ascii: ":")
