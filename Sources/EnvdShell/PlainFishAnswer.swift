internal import EnvdCore

/// A Python prefix and nothing beside it, as one line: `plain.fish`.
///
/// fish takes 20 to 60 microseconds for few sourced lines, and has one command that sets many variables: `read`. So
/// where a shell has none of these variables yet, its hook sets them all from the line, split at each `#`, in the order of
/// `values`, and puts VIRTUAL_ENV's bin onto PATH; everything else goes the long way.
struct PlainFishAnswer {
    private static let separator = UInt8(ascii: "#")
    /// In the order of the names in shell/envd.fish.
    let values: [ByteString]

    /// Nil where the answer holds something else, or a value that a line cannot hold.
    init?(_ answer: Answer) {
        let delta = answer.delta.normalised
        let variables: [VariableName] = [.virtualEnv, .virtualEnvPrompt, .uvProjectEnvironment]
        guard let generation = answer.generation, let path = delta.additions.first, delta.additions.count == 1,
            path.variable == .path, delta.assignments.count == variables.count, delta.removals == [.pythonHome],
            delta.isPlain
        else { return nil }
        let assigned = variables.compactMap { name in delta.assignments.first { $0.variable == name }?.value }
        guard assigned.count == variables.count, assigned.allSatisfy({ !$0.isEmpty }),
            path.entries == [assigned[0] + "/bin"], answer.prompt.name == assigned[1]
        else { return nil }
        var undo = Undo(generation: generation)
        undo.lists = [.init(variable: .path, entries: path.entries, wasSet: true)]
        undo.scalars = zip(variables, assigned).map { .init(variable: $0, ours: .value($1), was: nil) }
        undo.scalars.append(.init(variable: .pythonHome, ours: .hidden, was: nil))
        let values = [answer.root.bytes, undo.text, answer.prompt.text] + assigned
        guard values.allSatisfy({ !$0.bytes.contains { $0 < 0x20 || $0 == 0x7f || $0 == Self.separator } })
        else { return nil }
        self.values = values
    }

    /// The line.
    var text: [UInt8] {
        values.map(\.bytes).joined(separator: [Self.separator]) + [0x0a]
    }
}

extension Delta {
    /// Whether it is additions, assignments and removals alone.
    fileprivate var isPlain: Bool { appendices.isEmpty && extensions.isEmpty && conda == nil && scripts == nil }
}
