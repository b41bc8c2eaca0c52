internal import EnvdCore

/// The short way into and out of the plain case, for bash and zsh: one entry for PATH, scalars that nobody had set.
///
/// Function calls and loops over names are what a switch costs in these shells. So the text sets everything by one
/// `export`, and leaves in `_envd_undo` what takes it back, for as long as `_envd_mark` tells that nothing was touched.
/// Whatever else there is goes through what published answers call.
struct PlainPosixAnswer {
    private let answer: Answer
    private let generation: GenerationNumber
    private let entry: ByteString
    private let delta: Delta

    /// Nil where the case is not plain.
    init?(_ answer: Answer) {
        let delta = answer.delta.normalised
        guard let generation = answer.generation, delta.additions.count == 1, let list = delta.additions.first,
            list.variable == .path, list.entries.count == 1, let entry = list.entries.first,
            !delta.assignments.isEmpty, delta.assignments.allSatisfy({ !$0.value.isEmpty })
        else { return nil }
        self.answer = answer
        self.generation = generation
        self.entry = entry
        self.delta = delta
    }

    /// The whole text; what is not plain in the shell at hand is in the file `full`, for reading a text costs too.
    func text(_ shell: Shell) -> [UInt8] {
        let scalars = delta.assignments.map(\.variable.text)
        let hidden = delta.removals.map(\.text)
        let untouched = (["PATH"] + scalars + ["ENVD_ROOT", "ENVD_GENERATION"]).map { "${\($0)-}" }.joined(
            separator: "#")
        let ours =
            scalars.flatMap { [$0, "ENVD_SET_\($0)"] }
            + ["ENVD_ROOT", "ENVD_GENERATION", "ENVD_LISTS", "ENVD_SCALARS", "ENVD_ADDED_PATH", "ENVD_WAS_PATH"]
        let others = (["ENVD_ROOT"] + scalars + hidden).map { "${\($0)+x}" }.joined()

        var bytes = Array("if [[ \"\(others)\" == '' && \"${PATH-}\" != '' ]]; then\n_envd_path=$PATH".utf8)
        var export =
            "export PATH=\"$_envd_entry:$PATH\" ENVD_ADDED_PATH=\"$_envd_entry\" ENVD_WAS_PATH= ENVD_LISTS=PATH"
        export += " ENVD_SCALARS='\((scalars + hidden).joined(separator: ":"))' ENVD_GENERATION=\(generation)"
        bytes += Array(" _envd_entry=".utf8) + shell.quoted(entry)
        for (number, assignment) in delta.assignments.enumerated() {
            bytes += Array(" _envd_\(number)=".utf8) + shell.quoted(assignment.value)
            export +=
                " \(assignment.variable)=\"$_envd_\(number)\" ENVD_SET_\(assignment.variable)=\"$_envd_\(number)\""
        }
        bytes += Array("\n\(export) ENVD_ROOT=".utf8) + shell.quoted(answer.root.bytes)
        bytes += Array("\n_envd_mark=\"\(untouched)\"\n".utf8)
        bytes += Array("_envd_undo='[[ \"\(untouched)\" == \"$_envd_mark\" ]] && PATH=$_envd_path && ".utf8)
        bytes += Array("unset \(ours.joined(separator: " "))'\n".utf8)
        if let label = delta.promptLabel {
            bytes += Array("if [[ -n ${PS1-} && -z ${VIRTUAL_ENV_DISABLE_PROMPT-} ]]; then _envd_shown=".utf8)
            bytes += shell.quoted("(" + label + ") ") + Array("; PS1=\"$_envd_shown$PS1\"; fi\n".utf8)
        }
        bytes += Array("else builtin source \"$_envd_tree$_envd_at/full.\(shell.rawValue)\"; fi\n".utf8)
        return bytes
    }
}
