internal import EnvdCore
internal import EnvdSystem

/// The short way into and out of the plain case, for bash and zsh: something in front of PATH, and variables that nobody
/// had set.
///
/// Reading a text, calls and loops over names are what a switch costs in these shells. So the text makes two functions,
/// which the hook calls again as long as `state` is the same: one sets everything by one `export`, the other takes it
/// back where nothing was touched. Whatever else there is goes the long way.
struct PlainPosixAnswer {
    private let answer: Answer
    private let generation: GenerationNumber
    private let delta: Delta
    private let isConda: Bool

    /// Nil where the case is not plain.
    init?(_ answer: Answer) {
        guard let delta = answer.delta.normalised.whereNothingIsSet, let generation = answer.generation,
            delta.additions.contains(where: { $0.variable == .path }),
            delta.additions.allSatisfy({ !$0.entries.isEmpty }), !delta.assignments.isEmpty,
            delta.assignments.allSatisfy({ !$0.value.isEmpty })
        else { return nil }
        self.answer = answer
        self.generation = generation
        self.delta = delta
        isConda = answer.delta.conda != nil
    }

    /// What names the functions, one pair for each root.
    private var id: ProjectID { ProjectID(root: answer.root) }

    /// The name of the function that is the short way in.
    var entering: String { "_envd_in_\(id)" }

    /// The two functions.
    ///
    /// - Parameter version: the answer's.
    func text(_ shell: Shell, version: String) -> [UInt8] {
        // What conda itself may have set outside; the rest has to be unset.
        let conda = isConda ? PlainCondaLevel(answer.delta.normalised) : nil
        let others = delta.additions.map(\.variable).filter { $0 != .path }
        let scalars = delta.assignments.map(\.variable)
        let expected = conda == nil ? scalars : scalars.filter { !PlainCondaLevel.variables.contains($0) }
        // zsh's option warn_nested_var speaks of every other assignment to a global.
        let global = shell == .zsh ? "typeset -g " : ""

        var bytes: [UInt8] = []
        func line(_ words: [UInt8]...) { bytes += words.joined() + [0x0a] }
        func line(_ text: String) { line(Array(text.utf8)) }

        line("\(entering)() {")
        let unset = (others + expected + delta.removals).map { "${\($0)+x}" }.joined()
        // One word, for that is copied at each call: true where nothing of it is set and PATH is.
        line("    [[ ${ENVD_ROOT+x}\(unset)${PATH-} == /* ]] || return 1")
        conda?.entering(shell, global: global).forEach { line($0) }
        line("    \(global)_envd_last=$PWD _envd_outside=$PATH")
        // A value stands here once: the shells copy and read these texts letter by letter.
        var values: [ByteString] = []
        func reference(_ value: ByteString) -> [UInt8] {
            if !values.contains(value) { values.append(value) }
            return Array("$_envd_\(values.firstIndex(of: value) ?? 0)".utf8)
        }
        var export = Array("    export".utf8)
        func set(_ name: String, _ value: [UInt8]) { export += Array(" \(name)=".utf8) + value }
        set("ENVD_ROOT", shell.quoted(answer.root.bytes))
        set("ENVD_UNDO", shell.quoted(undo(expected).text) + Array((conda == nil ? "" : "\"$_envd_more\"").utf8))
        set("ENVD_PROMPT", shell.quoted(answer.prompt.text))
        for addition in delta.additions {
            let entries = reference(ShellRenderer.list(addition.entries))
            set(addition.variable.text, entries + Array((addition.variable == .path ? ":$PATH" : "").utf8))
        }
        for assignment in delta.assignments {
            let isLevel = conda != nil && assignment.variable == .condaLevel
            set(assignment.variable.text, isLevel ? Array("$_envd_level".utf8) : reference(assignment.value))
        }
        let definitions = values.enumerated().map { Array("_envd_\($0.offset)=".utf8) + shell.quoted($0.element) }
        line(Array("    \(global)".utf8), Array(definitions.joined(separator: [0x20])))
        line(export)
        // All that must still be so for the short way out, as one word.
        let names = ["PATH"] + (others + scalars).map(\.text) + (conda?.beside ?? [])
        let inside =
            names.map { "${\($0)-}" }.joined(separator: ":") + delta.removals.map { "${\($0)+x}" }.joined()
        line(
            "    \(global)_envd_inside=\"\(inside)\" _envd_active=\(entering) _envd_undo=_envd_out_\(id) "
                + "_envd_version=\(version)")
        if let label = delta.promptLabel {
            line("    if [[ -n ${PS1-} && -z ${VIRTUAL_ENV_DISABLE_PROMPT-} ]]; then")
            line(
                Array("        \(global)_envd_shown=".utf8), shell.quoted("(" + label + ") "),
                Array(" PS1=".utf8), shell.quoted("(" + label + ") "), Array("$PS1".utf8))
            line("    fi")
        }
        line("}")

        line("_envd_out_\(id)() {")
        line("    [[ \"\(inside)\" == \"$_envd_inside\" ]] || return 1")
        line("    \(global)PATH=$_envd_outside _envd_active= _envd_undo= _envd_version=")
        conda?.leaving(global: global).forEach { line($0) }
        let ours = (others + expected).map(\.text) + ["ENVD_ROOT", "ENVD_UNDO", "ENVD_PROMPT"]
        line("    unset \(ours.joined(separator: " "))")
        line("    if [[ -n $_envd_shown ]]; then \(global)PS1=${PS1/\"$_envd_shown\"/} _envd_shown=; fi")
        line("}")
        return bytes
    }

    /// For a shell that has none of the variables but PATH.
    ///
    /// - Parameter scalars: those that are told here.
    private func undo(_ scalars: [VariableName]) -> Undo {
        var undo = Undo(generation: generation)
        undo.lists = delta.additions.map {
            .init(variable: $0.variable, entries: $0.entries, wasSet: $0.variable == .path)
        }
        undo.scalars = delta.assignments.filter { scalars.contains($0.variable) }.map {
            .init(variable: $0.variable, ours: .value($0.value), was: nil)
        }
        undo.scalars += delta.removals.map { .init(variable: $0, ours: .hidden, was: nil) }
        return undo
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
