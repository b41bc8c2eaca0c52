internal import EnvdCore

/// What is known of the change that a prefix makes, on its way to a delta.
struct ActivationRecord {
    /// What a script makes of a variable.
    enum Change: Hashable {
        case set(ByteString)
        /// Before and after a value from outside, and the value where there is none.
        case extended(before: ByteString, after: ByteString, otherwise: ByteString)
        /// Entries before and after those of a list.
        case listed(before: [ByteString], after: [ByteString])
        case hidden
    }

    private(set) var changes: [VariableName: Change] = [:]
    /// Those that there are without scripts.
    private let given: [VariableName: Change]
    /// What scripts keep of their own: no part of the change.
    private(set) var ignored: Set<VariableName> = []
    /// What scripts set that no package may set: no part of the change.
    private(set) var refused: Set<VariableName> = []
    /// Why shells have to run the scripts themselves; empty where they need not.
    private(set) var reasons: [String] = []

    /// Whether shells run the scripts: never those that would set what was refused.
    var isLeftToShells: Bool { !reasons.isEmpty && refused.isEmpty }

    init(_ given: GivenEnvironment) {
        var changes: [VariableName: Change] = [:]
        for name in GivenEnvironment.hidden { changes[name] = .hidden }
        for (name, value) in given.values { changes[name] = .set(value) }
        for (name, front) in given.fronts where !front.isEmpty { changes[name] = .listed(before: front, after: []) }
        self.changes = changes
        self.given = changes
    }

    mutating func record(_ change: Change, of name: VariableName) { changes[name] = change }
    mutating func ignore(_ name: VariableName) { ignored.insert(name) }
    mutating func refuse(_ name: VariableName) {
        refused.insert(name)
        ignored.insert(name)
    }
    mutating func leaveToShells(_ reason: String) { reasons.append(reason) }

    /// The variables whose value depends on the one outside, in order.
    var dependent: [VariableName] {
        changes.filter { entry in
            switch entry.value {
            case .extended: true
            case .listed: entry.key != .path
            case .set, .hidden: false
            }
        }.keys.sorted()
    }

    /// The value that the delta gives; nil: unset.
    func value(of name: VariableName, outside: ByteString?) -> ByteString? {
        switch changes[name] {
        case .set(let value): return value
        case .hidden: return nil
        case .extended(let before, let after, let otherwise):
            return Delta.Extension(variable: name, before: before, after: after, otherwise: otherwise)
                .value(outside: outside)
        case .listed(let before, let after):
            return ByteString.list(before + (outside.map { [$0] } ?? []) + after)
        case nil: return outside
        }
    }

    /// What shells are told: all of it where it is a change of variables alone or the scripts are not for shells, else
    /// what is given without the scripts, and the scripts with what they did in the first run.
    ///
    /// - Parameters:
    ///   - entering, leaving: the scripts, in the order in which they are read.
    func delta(conda: Delta.CondaLevel, entering: [Path], leaving: [Path]) -> Delta {
        guard isLeftToShells else { return Self.delta(changes, conda: conda) }
        var delta = Self.delta(given, conda: conda)
        let rest = Self.delta(changes.filter { given[$0.key] != $0.value }, conda: nil)
        func added(_ list: [Delta.ListAddition]) -> [Delta.ListAddition] {
            list.map { addition in
                guard case .listed(let before, _) = given[addition.variable] else { return addition }
                return .init(
                    variable: addition.variable, entries: addition.entries.filter { !before.contains($0) })
            }.filter { !$0.entries.isEmpty }
        }
        delta.scripts = Delta.Scripts(
            entering: entering, leaving: leaving, additions: added(rest.additions), appendices: rest.appendices,
            assignments: rest.assignments, extensions: rest.extensions, removals: rest.removals)
        return delta
    }

    private static func delta(_ changes: [VariableName: Change], conda: Delta.CondaLevel?) -> Delta {
        var delta = Delta(conda: conda)
        let first: [VariableName] = [.condaPrefix, .condaDefaultEnvironment, .condaPromptModifier]
        for name in first + changes.keys.filter({ !first.contains($0) }).sorted() {
            switch changes[name] {
            case .set(let value): delta.assignments.append(.init(variable: name, value: value))
            case .hidden: delta.removals.append(name)
            case .extended(let before, let after, let otherwise):
                delta.extensions.append(
                    .init(variable: name, before: before, after: after, otherwise: otherwise))
            case .listed(let before, let after):
                if !before.isEmpty { delta.additions.append(.init(variable: name, entries: before)) }
                if !after.isEmpty { delta.appendices.append(.init(variable: name, entries: after)) }
            case nil: break
            }
        }
        return delta
    }
}
