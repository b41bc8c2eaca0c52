internal import EnvdCore

/// The part of `PlainPosixAnswer` for conda's count, where conda has no prefix active outside, or one: its base, mostly.
struct PlainCondaLevel {
    /// What conda sets for every prefix, so that it may be set outside.
    let variables: [VariableName] = [.condaPrefix, .condaDefaultEnvironment, .condaPromptModifier, .condaLevel]

    /// Gives `_envd_level` the count inside and `_envd_scalars` what belongs to ENVD_SCALARS then; false where the long
    /// way has to be taken. What was outside goes to ENVD_WAS_….
    func entering(global: String) -> [String] {
        let others = variables.filter { $0 != .condaLevel }
        let isSet = others.map { "${\($0)+x}" }.joined()
        let kept = variables.map { "ENVD_WAS_\($0)=\"$\($0)\"" }.joined(separator: " ")
        return [
            "    case ${CONDA_SHLVL-}\(isSet)${CONDA_PREFIX_1+y}${CONDA_STACKED_2+y} in",
            "        ('') \(global)_envd_level=1 _envd_scalars= ;;",
            "        (0) \(global)_envd_level=1 _envd_scalars= && export ENVD_WAS_CONDA_SHLVL=0 ;;",
            "        (1\(others.map { _ in "x" }.joined()))",
            "            \(global)_envd_level=2 _envd_scalars=:CONDA_PREFIX_1:CONDA_STACKED_2",
            "            export \(kept) CONDA_PREFIX_1=\"$CONDA_PREFIX\" CONDA_STACKED_2=true \\",
            "                ENVD_SET_CONDA_PREFIX_1=\"$CONDA_PREFIX\" ENVD_SET_CONDA_STACKED_2=true ;;",
            "        (*) return 1 ;;",
            "    esac",
        ]
    }

    /// True where nobody changed what `entering` set beside the prefix's own variables.
    let untouched = ["CONDA_PREFIX_1", "CONDA_STACKED_2"].map { "${\($0)-} == \"${ENVD_SET_\($0)-}\"" }

    /// Gives back what was outside.
    func leaving(global: String) -> [String] {
        let restored = variables.map { "\($0)=\"$ENVD_WAS_\($0)\"" }.joined(separator: " ")
        let marks = variables.map { "ENVD_WAS_\($0)" }.joined(separator: " ")
        let all = variables.map(\.text).joined(separator: " ")
        return [
            "    case ${CONDA_SHLVL}${ENVD_WAS_CONDA_SHLVL-} in",
            "        (1) unset \(all) ;;",
            "        (10)",
            "            unset \(variables.filter { $0 != .condaLevel }.map(\.text).joined(separator: " ")) "
                + "ENVD_WAS_CONDA_SHLVL",
            "            \(global)CONDA_SHLVL=0 ;;",
            "        (*)",
            "            \(global)\(restored)",
            "            unset \(marks) CONDA_PREFIX_1 CONDA_STACKED_2 ENVD_SET_CONDA_PREFIX_1 ENVD_SET_CONDA_STACKED_2 ;;",
            "    esac",
        ]
    }
}
