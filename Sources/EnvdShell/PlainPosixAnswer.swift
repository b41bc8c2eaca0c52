internal import EnvdCore
internal import EnvdSystem

/// The short way into and out of the plain case, for bash and zsh: something in front of PATH, and variables that nobody
/// had set.
///
/// Reading a text, calls and loops over names are what a switch costs in these shells. So the text makes two functions,
/// which the hook calls again as long as `state` is the same: one sets everything by one `export`, the other takes it
/// back where nothing was touched, which it sees by one look into a table. Whatever else there is goes through what
/// published answers call.
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

    /// The two functions, and the call; what is not plain in the shell at hand is in the file `full`.
    func text(_ shell: Shell) -> [UInt8] {
        // What names the functions: one pair for each root.
        let id = ProjectID(root: answer.root)
        let others = delta.additions.map(\.variable).filter { $0 != .path }
        let scalars = delta.assignments.map(\.variable)
        // What conda itself may have set outside; the rest has to be unset.
        let conda = isConda ? PlainCondaLevel() : nil
        let expected = scalars.filter { !(conda?.variables.contains($0) ?? false) }

        var bytes: [UInt8] = []
        func line(_ words: [UInt8]...) { bytes += words.joined() + [0x0a] }
        // zsh's option warn_nested_var speaks of every other assignment to a global.
        let global = shell == .zsh ? "typeset -g " : ""
        func line(_ text: String) { line(Array(text.utf8)) }

        line("_envd_id=_envd_in_\(id)")
        line("_envd_in_\(id)() {")
        let unset = (others + expected + delta.removals).map { "${\($0)+x}" }.joined()
        // One word, for that is copied at each call: true where nothing of it is set and PATH is.
        line("    [[ ${ENVD_ROOT+x}\(unset)${PATH-} == /* ]] || return 1")
        conda?.entering(global: global).forEach { line($0) }
        line("    \(global)_envd_last=$PWD _envd_outside=$PATH")
        // A value stands here once: the shells copy and read these texts letter by letter.
        var export = Array("    export ENVD_ROOT=".utf8) + shell.quoted(answer.root.bytes)
        func set(_ name: String, _ value: [UInt8]) { export += Array(" \(name)=".utf8) + value }
        set("ENVD_GENERATION", shell.quoted(ByteString(generation.description)))
        set("ENVD_LISTS", shell.quoted(ShellRenderer.list(delta.additions.map { ByteString($0.variable.text) })))
        set(
            "ENVD_SCALARS",
            shell.quoted(ShellRenderer.list((scalars + delta.removals).map { ByteString($0.text) }))
                + Array((conda == nil ? "" : "$_envd_scalars").utf8))
        var values: [ByteString] = []
        func reference(_ value: ByteString) -> [UInt8] {
            if !values.contains(value) { values.append(value) }
            return Array("$_envd_\(values.firstIndex(of: value) ?? 0)".utf8)
        }
        for addition in delta.additions {
            let entries = reference(ShellRenderer.list(addition.entries))
            set("ENVD_ADDED_\(addition.variable)", entries)
            set(addition.variable.text, entries + Array((addition.variable == .path ? ":$PATH" : "").utf8))
        }
        for assignment in delta.assignments {
            let isLevel = conda != nil && assignment.variable == .condaLevel
            let value = isLevel ? Array("$_envd_level".utf8) : reference(assignment.value)
            set("ENVD_SET_\(assignment.variable)", value)
            set(assignment.variable.text, value)
        }
        let definitions = values.enumerated().map { Array("_envd_\($0.offset)=".utf8) + shell.quoted($0.element) }
        line(Array("    \(global)".utf8), Array(definitions.joined(separator: [0x20])))
        line(export)
        line("    \(global)_envd_inside=$PATH _envd_active=_envd_in_\(id) _envd_undo=_envd_out_\(id)")
        if let label = delta.promptLabel {
            line("    if [[ -n ${PS1-} && -z ${VIRTUAL_ENV_DISABLE_PROMPT-} ]]; then")
            line(
                Array("        \(global)_envd_shown=".utf8), shell.quoted("(" + label + ") "),
                Array(" PS1=".utf8), shell.quoted("(" + label + ") "), Array("$PS1".utf8))
            line("    fi")
        }
        line("}")

        line("_envd_out_\(id)() {")
        let untouched =
            ["${PATH-}\(delta.removals.map { "${\($0)+x}" }.joined()) == \"$_envd_inside\""]
            + others.map { "${\($0)-} == \"$ENVD_ADDED_\($0)\"" }
            + scalars.map { "${\($0)-} == \"$ENVD_SET_\($0)\"" } + (conda?.untouched ?? [])
        line("    [[ \(untouched.joined(separator: " && ")) ]] || return 1")
        line("    \(global)PATH=$_envd_outside _envd_active= _envd_undo=")
        conda?.leaving(global: global).forEach { line($0) }
        let ours =
            (others + expected).map(\.text) + delta.additions.map { "ENVD_ADDED_\($0.variable)" }
            + scalars.map { "ENVD_SET_\($0)" } + ["ENVD_ROOT", "ENVD_GENERATION", "ENVD_LISTS", "ENVD_SCALARS"]
        line("    unset \(ours.joined(separator: " "))")
        line("    if [[ -n $_envd_shown ]]; then \(global)PS1=${PS1/\"$_envd_shown\"/} _envd_shown=; fi")
        line("}")
        line("_envd_in_\(id) || builtin source \"$_envd_tree$_envd_at/full.\(shell.rawValue)\"")
        return bytes
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
