internal import EnvdCore

extension PlainCondaLevel {
    /// Gives `_envd_level` the count inside, `_envd_outer` the one outside and `_envd_more` these variables' part of
    /// ENVD_UNDO; false where the long way has to be taken.
    func posixEntering(_ shell: Shell, global: String) -> [[UInt8]] {
        let isSet = ours.map { "${\($0.variable)+x}" }.joined()
        let values = ours.map { "$\($0.variable)" }.joined()
        let kept = ours.enumerated().map { "_envd_was_\($0.offset)=\"$\($0.element.variable)\"" }
        func line(_ text: String) -> [UInt8] { Array(text.utf8) }
        return [
            line("    case ${CONDA_SHLVL-no}\(isSet)${CONDA_PREFIX_1+y}${CONDA_STACKED_2+y} in"),
            line("        (no) \(global)_envd_level=1 _envd_outer= _envd_more=") + shell.quoted(records(level: nil))
                + line(" ;;"),
            line("        (0) \(global)_envd_level=1 _envd_outer=0 _envd_more=") + shell.quoted(records(level: "0"))
                + line(" ;;"),
            line("        (1\(ours.map { _ in "x" }.joined()))"),
            // These would have to be escaped in ENVD_UNDO.
            line("            [[ \(values) == *[\\%\\;\\~\\#[:cntrl:]]* ]] && return 1"),
            line("            \(global)_envd_level=2 _envd_outer=1 \(kept.joined(separator: " "))"),
            line("            \(global)_envd_more=") + nestedRecords(shell),
            line("            export CONDA_PREFIX_1=\"$CONDA_PREFIX\" CONDA_STACKED_2=true ;;"),
            line("        (*) return 1 ;;"),
            line("    esac"),
        ]
    }

    /// Gives back what was outside.
    func posixLeaving(global: String) -> [String] {
        let names = ours.map(\.variable.text).joined(separator: " ")
        let restored = ours.enumerated().map { "\($0.element.variable)=\"$_envd_was_\($0.offset)\"" }
        return [
            "    case $_envd_outer in",
            "        ('') unset \(names) CONDA_SHLVL ;;",
            "        (0) unset \(names) && \(global)CONDA_SHLVL=0 ;;",
            "        (*)",
            "            \(global)\(restored.joined(separator: " ")) CONDA_SHLVL=1",
            "            unset \(Self.beside.map(\.text).joined(separator: " ")) ;;",
            "    esac",
        ]
    }
}
