internal import EnvdCore

/// Names that mean something to shells, to conda or to envd.
extension VariableName {
    /// Whether a shell comes by it without being given it, so that a value from outside would say nothing.
    var isShellsOwn: Bool {
        refusal != nil || Self.own.contains(text)
            || ["BASH", "ZSH", "FISH", "KSH", "COMP_", "READLINE_", "HIST", "PROMPT_"].contains { text.hasPrefix($0) }
    }

    /// Whether every shell has it for itself and changes it as it goes.
    var isVolatile: Bool { ["_", "SHLVL", "PWD", "OLDPWD"].contains(text) }

    private static let own: Set<String> = [
        "CDPATH", "COLUMNS", "COPROC", "DIRSTACK", "ENV", "EXECIGNORE", "FCEDIT", "FIGNORE", "FUNCNAME", "FUNCNEST",
        "GLOBIGNORE", "GROUPS", "HOME", "HOSTNAME", "HOSTTYPE", "IGNOREEOF", "INPUTRC", "LINES", "LOGNAME",
        "MACHTYPE", "MAILCHECK", "MAPFILE", "OPTARG", "OPTERR", "OPTIND", "OSTYPE", "PIPESTATUS", "POSIXLY_CORRECT",
        "PS0", "PS1", "PS2", "PS3", "PS4", "RANDOM", "REPLY", "SECONDS", "SHELL", "SRANDOM", "TERM", "TIMEFORMAT",
        "TMOUT", "TMPDIR", "USER", "EPOCHREALTIME", "EPOCHSECONDS",
        // Set while a package is built, never in a shell.
        "CONDA_BUILD", "CONDA_BUILD_STATE",
    ]

    /// Whether it is by its name what a script keeps for leaving: conda's packages have CONDA_BACKUP_CC,
    /// _CONDA_SET_GDAL_DATA, GSETTINGS_SCHEMA_DIR_CONDA_BACKUP.
    func isKeptForLeaving(_ other: VariableName) -> Bool {
        self != other && text.contains("CONDA") && text.contains(other.text)
            && ["BACKUP", "SET", "OLD", "SAVE"].contains { text.contains($0) }
    }

    /// Whether its value is a list with colons between.
    func isList(_ entries: [ByteString]) -> Bool {
        ["PATH", "DIRS", "DIR"].contains { text.hasSuffix($0) }
            || entries.allSatisfy { $0.bytes.first == UInt8(ascii: "/") }
    }

    /// Whether an empty entry of its list stands for what is used where the variable is unset (man(1), info(1)).
    var meansSomethingEmpty: Bool { text == "MANPATH" || text == "INFOPATH" }
}
