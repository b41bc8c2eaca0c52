internal import EnvdCore

/// The short ways into and out of a project for bash and zsh.
///
/// Reading a text, calls and loops over names are what a switch costs in these shells. So the text makes two functions,
/// which the hook calls again as long as `state` is the same: one sets everything by one `export`, the other takes it
/// back where nothing was touched. Whatever else there is goes the long way.
struct PlainPosixAnswer {
    let change: PlainChange

    /// The two functions.
    ///
    /// - Parameter version: the answer's.
    func text(_ shell: Shell, version: String) -> [UInt8] {
        let (answer, conda) = (change.answer, change.conda)
        // zsh's option warn_nested_var speaks of every other assignment to a global.
        let global = shell == .zsh ? "typeset -g " : ""

        var bytes: [UInt8] = []
        func line(_ words: [UInt8]...) { bytes += words.joined() + [0x0a] }
        func line(_ text: String) { line(Array(text.utf8)) }

        line("\(change.entering)() {")
        let unset = change.expectedUnset.map { "${\($0)+x}" }.joined()
        // One word, for that is copied at each call: true where nothing of it is set and PATH is.
        line("    [[ ${ENVD_ROOT+x}${ENVD_UNDO+x}\(unset)${PATH-} == /* ]] || return 1")
        conda?.posixEntering(shell, global: global).forEach { line($0) }
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
        set("ENVD_UNDO", shell.quoted(change.undo.text) + Array((conda == nil ? "" : "\"$_envd_more\"").utf8))
        set("ENVD_PROMPT", shell.quoted(answer.prompt.text))
        set("PATH", reference(ShellRenderer.list(change.path)) + Array(":$PATH".utf8))
        for list in change.lists { set(list.variable.text, reference(ShellRenderer.list(list.entries))) }
        for assignment in change.assignments {
            let isLevel = conda != nil && assignment.variable == .condaLevel
            set(assignment.variable.text, isLevel ? Array("$_envd_level".utf8) : reference(assignment.value))
        }
        let definitions = values.enumerated().map { Array("_envd_\($0.offset)=".utf8) + shell.quoted($0.element) }
        line(Array("    \(global)".utf8), Array(definitions.joined(separator: [0x20])))
        line(export)
        // All that must still be so for the short way out, as one word.
        let names = ["PATH"] + change.compared.map(\.text)
        let inside =
            names.map { "${\($0)-}" }.joined(separator: ":") + change.removals.map { "${\($0)+x}" }.joined()
        line(
            "    \(global)_envd_inside=\"\(inside)\" _envd_active=\(change.entering) _envd_undo=\(change.leaving) "
                + "_envd_version=\(version)")
        if let label = change.label {
            let kept = shell == .bash ? "${PS1@a} != *r*" : "${(t)PS1} != *readonly*"
            line("    if [[ -n ${PS1-} && -z ${VIRTUAL_ENV_DISABLE_PROMPT-} && \(kept) ]]; then")
            line(
                Array("        \(global)_envd_shown=".utf8), shell.quoted("(" + label + ") "),
                Array(" PS1=".utf8), shell.quoted("(" + label + ") "), Array("$PS1".utf8))
            line("    fi")
        }
        line("}")

        line("\(change.leaving)() {")
        line("    [[ \"\(inside)\" == \"$_envd_inside\" ]] || return 1")
        line("    \(global)PATH=$_envd_outside _envd_active= _envd_undo= _envd_version=")
        conda?.posixLeaving(global: global).forEach { line($0) }
        let ours = change.ours.map(\.text) + ["ENVD_ROOT", "ENVD_UNDO", "ENVD_PROMPT"]
        line("    unset \(ours.joined(separator: " "))")
        line("    if [[ -n $_envd_shown ]]; then \(global)PS1=${PS1/\"$_envd_shown\"/} _envd_shown=; fi")
        line("}")
        return bytes
    }
}
