/// The variables that no package and no project may set: the one list of them.
///
/// Packages and manifests set variables freely, for programs that were chosen with them: GDAL_DATA, JAVA_HOME, CFLAGS,
/// PYTHONPATH, PERL5LIB, SSL_CERT_FILE, NODE_OPTIONS. Here is what reaches further than that: into every shell, every
/// program or every git of the user, or into what envd itself goes by.
extension VariableName {
    /// Why a package or a project may not set it; nil where it may.
    package enum Refusal: Hashable, Sendable {
        /// A shell, the loader or another program of the user would run code, or run nothing any more.
        case runsCode
        /// A shell keeps it for itself: it is read-only there, or says or counts something else.
        case isShells
        /// It is envd's or conda's to set.
        case isOurs
    }

    package var refusal: Refusal? {
        if Self.running.contains(text) || Self.runningStarts.contains(where: text.hasPrefix) { return .runsCode }
        if Self.shells.contains(text) || Self.shellStarts.contains(where: text.hasPrefix) { return .isShells }
        if Self.ours.contains(text) || Self.ourStarts.contains(where: text.hasPrefix) { return .isOurs }
        return nil
    }

    private static let running: Set<String> = [
        // The loader, in every program: ld.so(8), gconv(5). With LD_TRACE_LOADED_OBJECTS none starts at all.
        // LD_LIBRARY_PATH is a list of its own rules, LD_RUN_PATH one for ld(1).
        "GCONV_PATH", "LD_AUDIT", "LD_DEBUG", "LD_DEBUG_OUTPUT", "LD_ORIGIN_PATH", "LD_PRELOAD", "LD_PROFILE",
        "LD_PROFILE_OUTPUT", "LD_SHOW_AUXV", "LD_TRACE_LOADED_OBJECTS", "LD_VERBOSE",
        // What shells read when they start, and what they load: bash(1), zshall(1), readline(3). The system's own
        // XDG_DATA_DIRS is extended by packages, and stays theirs.
        "BASH_ENV", "ENV", "FPATH", "HOME", "INPUTRC", "MODULE_PATH", "SHELL", "SHELLOPTS", "XDG_CONFIG_DIRS",
        "XDG_CONFIG_HOME", "XDG_DATA_HOME", "ZDOTDIR", "fpath", "module_path",
        // What they run or expand at a prompt, for mail, or where a command is missing.
        "FCEDIT", "MAILPATH", "NULLCMD", "POSTEDIT", "PROMPT_DIRTRIM", "PROMPT", "PROMPT2", "PROMPT3", "PROMPT4",
        "PROMPT_COMMAND", "PS0", "PS1",
        "PS2", "PS3", "PS4", "READNULLCMD", "RPROMPT", "RPROMPT2", "RPS1", "RPS2", "SPROMPT", "STTY", "WATCHFMT",
        "mailpath", "precmd_functions", "preexec_functions", "chpwd_functions", "periodic_functions",
        "zshaddhistory_functions", "zshexit_functions", "prompt",
        // How they take a line apart, what they find, and where they write what was typed.
        "BASHOPTS", "CDPATH", "EXECIGNORE", "FIGNORE", "GLOBIGNORE", "HISTCONTROL", "HISTFILE", "HISTFILESIZE",
        "HISTIGNORE", "HISTTIMEFORMAT", "IGNOREEOF", "POSIXLY_CORRECT", "TIMEFMT", "TIMEFORMAT", "HISTCHARS", "IFS",
        "aliases", "functions", "galiases", "histchars", "options", "saliases",
        // Numbers: bash and zsh compute what they are given, and an index in it may hold `$(…)`.
        "BAUD", "COLUMNS", "DIRSTACKSIZE", "EGID", "ERRNO", "EUID", "FUNCNEST", "GID", "HISTCMD", "HISTSIZE",
        "KEYTIMEOUT", "LINENO", "LINES", "LISTMAX", "LOGCHECK", "MAILCHECK", "OPTIND", "RANDOM", "REPORTMEMORY",
        "REPORTTIME", "SAVEHIST", "SECONDS", "SHLVL", "SRANDOM", "TMOUT", "TRY_BLOCK_ERROR", "TRY_BLOCK_INTERRUPT",
        "UID",
        // Programs that others run for their user, and what editors run when they start: environ(7), vim(1).
        "BROWSER", "EDITOR", "EXINIT", "MANPAGER", "PAGER", "VIMINIT", "VISUAL",
        // What other programs run each time that they start: perlrun(1), ruby(1), python(1), less(1).
        "LESSCLOSE", "LESSOPEN", "PERL5DB", "PERL5OPT", "PYTHONINSPECT", "PYTHONSTARTUP", "RUBYOPT",
        // git(1), git-config(1), ssh(1), sudo(8): commands, and configuration that holds commands.
        "GIT_ASKPASS", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_SYSTEM", "GIT_DIR", "GIT_EDITOR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF",
        "GIT_PAGER", "GIT_PROXY_COMMAND", "GIT_SEQUENCE_EDITOR", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_TEMPLATE_DIR",
        "SSH_ASKPASS", "SUDO_ASKPASS",
    ]

    /// bash's own, its completions', and exported functions; zsh's and fish's, with the functions that they load.
    private static let runningStarts = ["BASH_", "ZLE_", "ZSH_", "fish_", "__fish_"]

    private static let shells: Set<String> = [
        "OLDPWD", "PPID", "PWD", "USERNAME", "_", "COMP_WORDBREAKS", "DIRSTACK", "FUNCNAME", "GROUPS", "PIPESTATUS",
        "KEYBOARD_HACK", "TTYIDLE",
        // zsh's parameters and its other spellings of lists.
        "ARGC", "argv", "builtins", "cdpath", "commands", "fignore", "history", "historywords", "jobdirs", "jobstates",
        "jobtexts", "keymaps", "manpath", "modules", "nameddirs", "parameters", "patchars", "path",
        "pipestatus", "psvar", "PSVAR", "reswords", "signals", "status", "termcap", "terminfo", "userdirs",
        "usergroups", "watch", "widgets", "funcfiletrace", "funcsourcetrace", "funcstack", "functions_source",
        "functrace", "zsh_eval_context", "zsh_scheduled_events",
        // fish's.
        "CMD_DURATION", "FISH_VERSION", "hostname", "status_generation", "umask", "version",
    ]
    private static let shellStarts = ["dis_", "FISH_"]

    private static let ours: Set<String> = [
        "PATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER", "CONDA_SHLVL",
        // Where the hooks look for what the daemon says.
        "XDG_RUNTIME_DIR",
    ]
    private static let ourStarts = ["ENVD_", "_envd_", "CONDA_PREFIX_", "CONDA_STACKED_", "__CONDA_SHLVL_"]
}
