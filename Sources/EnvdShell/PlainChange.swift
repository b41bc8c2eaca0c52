internal import EnvdCore
internal import EnvdSystem

/// What the short ways into and out of a project do: something goes in front of PATH, and variables that nobody had set
/// get values. `PlainPosixAnswer` and `PlainFishWays` write it down for shells.
struct PlainChange {
    let answer: Answer
    private let generation: GenerationNumber
    private let delta: Delta
    /// What conda itself may have set outside; the rest has to be unset.
    let conda: PlainCondaLevel?

    /// Nil where the change takes more than that.
    ///
    /// - Parameter scripts: whether the shell reads conda's scripts; else what they did in a clean shell stands for them.
    init?(_ answer: Answer, scripts: Bool) {
        let whole = (scripts ? answer.delta : answer.delta.recorded).normalised
        guard let delta = whole.whereNothingIsSet, let generation = answer.generation,
            delta.additions.contains(where: { $0.variable == .path }),
            delta.additions.allSatisfy({ !$0.entries.isEmpty }), !delta.assignments.isEmpty,
            delta.assignments.allSatisfy({ !$0.value.isEmpty })
        else { return nil }
        self.answer = answer
        self.generation = generation
        self.delta = delta
        conda = whole.conda == nil ? nil : PlainCondaLevel(delta)
        if whole.conda != nil, conda == nil { return nil }
    }

    /// What names the functions, one pair for each root.
    private var id: ProjectID { ProjectID(root: answer.root) }

    /// The name of the function that is the short way in, true where it was taken; and of the one out.
    var entering: String { "_envd_in_\(id)" }
    var leaving: String { "_envd_out_\(id)" }

    /// The name before the prompt.
    var label: ByteString? { answer.delta.promptLabel }

    /// What goes in front of PATH.
    var path: [ByteString] { delta.additions.first { $0.variable == .path }?.entries ?? [] }

    /// The other lists, whole.
    var lists: [Delta.ListAddition] { delta.additions.filter { $0.variable != .path } }

    /// Conda's level stands among them as it is where conda has nothing active outside.
    var assignments: [Delta.Assignment] { delta.assignments }

    /// All but PATH and what `conda` gives back: what the way out takes away.
    var ours: [VariableName] { lists.map(\.variable) + scalars }

    /// What must be unset for the way out.
    var removals: [VariableName] { delta.removals }

    /// What must be unset for the way in, beside ENVD_ROOT and what `conda` looks at itself.
    var expectedUnset: [VariableName] { ours + removals }

    /// What the way out compares, beside PATH: it must be as the way in left it.
    var compared: [VariableName] {
        lists.map(\.variable) + assignments.map(\.variable) + (conda == nil ? [] : PlainCondaLevel.beside)
    }

    /// ENVD_UNDO for a shell that has none of the variables but PATH; `conda` adds its own part.
    var undo: Undo {
        var undo = Undo(generation: generation)
        undo.lists = delta.additions.map {
            .init(variable: $0.variable, entries: $0.entries, wasSet: $0.variable == .path)
        }
        undo.scalars = assignments.filter { scalars.contains($0.variable) }.map {
            .init(variable: $0.variable, ours: .value($0.value), was: nil)
        }
        undo.scalars += removals.map { .init(variable: $0, ours: .hidden, was: nil) }
        return undo
    }

    private var scalars: [VariableName] {
        let all = assignments.map(\.variable)
        return conda == nil ? all : all.filter { !PlainCondaLevel.variables.contains($0) }
    }
}

extension Delta {
    /// The same as additions, assignments and removals alone, for a shell that has none of the variables but PATH; nil
    /// where scripts are read or PATH gets something at its end.
    fileprivate var whereNothingIsSet: Delta? {
        guard scripts == nil, !appendices.contains(where: { $0.variable == .path }) else { return nil }
        var plain = Delta(additions: additions + appendices, assignments: assignments, removals: removals)
        plain.assignments += extensions.map { .init(variable: $0.variable, value: $0.otherwise) }
        if conda != nil { plain.assignments.append(.init(variable: .condaLevel, value: "1")) }
        return plain.normalised
    }
}
