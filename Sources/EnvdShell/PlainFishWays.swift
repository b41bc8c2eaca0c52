internal import EnvdCore

/// The short ways into and out of a project for fish, where `PlainFishAnswer` cannot say it in one line.
///
/// The name of the way in stands on the text's first line, after `function`: there the hook reads it for a project whose
/// functions it has got already, which costs less than reading the text.
struct PlainFishWays {
    let change: PlainChange

    /// The two functions.
    ///
    /// - Parameter version: the answer's.
    func text(version: String) -> [UInt8] {
        let (answer, conda) = (change.answer, change.conda)
        var bytes: [UInt8] = []
        func line(_ text: String, _ words: [UInt8]...) { bytes += Array(text.utf8) + words.joined() + [0x0a] }
        func set(_ name: String, _ value: ByteString, _ end: String = "") {
            line("    set -gx \(name) ", Shell.fish.quoted(value), Array(end.utf8))
        }
        func names(_ variables: [VariableName]) -> String { variables.map(\.text).joined(separator: " ") }

        line("function \(change.entering)")
        let unset = change.expectedUnset + (conda == nil ? [] : PlainCondaLevel.beside)
        // How many are not set: all.
        line("    set -q ENVD_ROOT \(names(unset))")
        line("    test $status = \(unset.count + 1); and set -q PATH[1]; or return 1")
        conda?.fishEntering.forEach { line("", $0) }
        set("ENVD_ROOT", answer.root.bytes)
        set("ENVD_UNDO", change.undo.text, conda == nil ? "" : "\"$_envd_more\"")
        set("ENVD_PROMPT", answer.prompt.text)
        // A PATH of the caller's own may hide the shell's: of that only the first entry is written.
        set("PATH[1]", ShellRenderer.list(change.path), "\":$PATH[1]\"")
        for list in change.lists { set(list.variable.text, ShellRenderer.list(list.entries)) }
        for assignment in change.assignments {
            if conda != nil, assignment.variable == .condaLevel {
                line("    set -gx CONDA_SHLVL $_envd_level")
            } else {
                set(assignment.variable.text, assignment.value)
            }
        }
        // All that must still be so for the short way out, as one word.
        let path = "PATH[1..\(change.path.count)]"
        let compared = [path, "ENVD_ROOT", "ENVD_UNDO"] + change.compared.map(\.text)
        let inside = compared.map { "$\($0)" }.joined(separator: "#")
        line("    set -g _envd_inside \"\(inside)\"")
        line("    set -g _envd_out \(change.leaving)")
        line("    set -g _envd_long \(version)")
        line("    set -g _envd_shown ", Shell.fish.quoted(change.label ?? ""))
        // To set a variable leaves the status as it was.
        line("    return 0")
        line("end")

        line("function \(change.leaving)")
        line("    test \"\(inside)\" = \"$_envd_inside\"; or return 1")
        if !change.removals.isEmpty {
            line("    set -q \(names(change.removals))")
            line("    test $status = \(change.removals.count); or return 1")
        }
        conda?.fishLeaving.forEach { line($0) }
        line("    set -eg ENVD_ROOT ENVD_UNDO ENVD_PROMPT \(path) \(names(change.ours))")
        line("    set -g _envd_out false")
        line("    set -g _envd_long ''")
        line("    return 0")
        line("end")
        return bytes
    }
}
