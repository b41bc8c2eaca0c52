internal import EnvdCore

/// The part of `PlainChange` for conda's count, where conda has no prefix active outside, or one: its base, mostly.
///
/// What shells write of it stands in `PlainCondaLevel+Posix` and `PlainCondaLevel+Fish`.
struct PlainCondaLevel {
    /// What conda sets for every prefix, so that it may be set outside.
    static let variables: [VariableName] = [.condaPrefix, .condaDefaultEnvironment, .condaPromptModifier, .condaLevel]

    /// What entering sets on top of another prefix, beside the prefix's own variables.
    static let beside = ["CONDA_PREFIX_1", "CONDA_STACKED_2"].compactMap { VariableName($0) }

    /// What the prefix sets of `variables`, but for the level.
    let ours: [Delta.Assignment]

    /// Nil where the change sets no prefix to count.
    init?(_ delta: Delta) {
        ours = delta.assignments.filter { Self.variables.contains($0.variable) && $0.variable != .condaLevel }
        guard ours.contains(where: { $0.variable == .condaPrefix }) else { return nil }
    }

    /// These variables' part of ENVD_UNDO where conda has nothing active.
    ///
    /// - Parameter level: the one outside; nil where it is unset.
    func records(level: ByteString?) -> ByteString {
        var undo = Undo(generation: nil)
        undo.scalars = ours.map { .init(variable: $0.variable, ours: .value($0.value), was: nil) }
        undo.scalars.append(.init(variable: .condaLevel, ours: .value("1"), was: level))
        return undo.records
    }

    /// The same on top of another prefix, as a word of the shell: those of the values outside that are known to need no
    /// escape stand in it as variables.
    func nestedRecords(_ shell: Shell) -> [UInt8] {
        var word: [UInt8] = []
        for assignment in ours {
            var undo = Undo(generation: nil)
            undo.scalars = [.init(variable: assignment.variable, ours: .value(assignment.value), was: "")]
            word += shell.quoted(undo.records) + Array("\"$\(assignment.variable)\"".utf8)
        }
        return word + Array("\";CONDA_SHLVL=2~1;CONDA_PREFIX_1=$CONDA_PREFIX;CONDA_STACKED_2=true\"".utf8)
    }
}
