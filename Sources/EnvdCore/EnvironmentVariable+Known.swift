extension EnvironmentVariable {
    // MARK: envd's own

    package static let disable = EnvironmentVariable(
        "ENVD_DISABLE", .hook, "keeps the hook out of a shell that starts with it, whatever its value")
    package static let debug = EnvironmentVariable(
        "ENVD_DEBUG", .hook, "has the hook tell on standard error what it does, and let through what goes wrong")
    package static let hookProgram = EnvironmentVariable(
        "ENVD_HOOK", .hook, "the program to run in place of envd-hook")
    package static let shellRoot = EnvironmentVariable(
        "ENVD_SHELL", [.hook, .command, .set],
        "the project that a shell of `envd shell` or `envd activate` stays in, wherever it goes")
    package static let root = EnvironmentVariable(
        "ENVD_ROOT", [.hook, .command, .set], "the root of the project whose environment is active")
    package static let undo = EnvironmentVariable(
        "ENVD_UNDO", [.hook, .command, .set], "what leaving gives back: only envd reads it")
    package static let prompt = EnvironmentVariable(
        "ENVD_PROMPT", [.hook, .set], "name and state of the active project, for prompts of one's own")
    package static let credentials = EnvironmentVariable(
        "ENVD_CREDENTIALS", .inner, "what the installer of conda packages is given to log in with")

    // MARK: where things are

    package static let home = EnvironmentVariable(
        "HOME", [.hook, .command, .daemon], "where the XDG directories are by default")
    package static let runtimeHome = EnvironmentVariable(
        "XDG_RUNTIME_DIR", [.hook, .command, .daemon],
        "the sockets, what shells read and the daemon's log are in envd below it")
    package static let temporary = EnvironmentVariable(
        "TMPDIR", [.hook, .command, .daemon],
        "where the runtime directory is when there is neither XDG_RUNTIME_DIR nor /run/user/UID")
    package static let configurationHome = EnvironmentVariable(
        "XDG_CONFIG_HOME", [.command, .daemon], "config.toml is in envd below it (default: ~/.config)")
    package static let dataHome = EnvironmentVariable(
        "XDG_DATA_HOME", [.command, .daemon],
        "environments and engines are in envd below it (default: ~/.local/share)")
    package static let stateHome = EnvironmentVariable(
        "XDG_STATE_HOME", [.command, .daemon],
        "the database and build logs are in envd below it (default: ~/.local/state)")
    package static let cacheHome = EnvironmentVariable(
        "XDG_CACHE_HOME", [.command, .daemon], "the engines' caches are in envd below it (default: ~/.cache)")
    package static let workingDirectory = EnvironmentVariable(
        "PWD", [.hook, .command], "the working directory as the user sees it, where it names it")
    package static let loginShell = EnvironmentVariable(
        "SHELL", .command, "the shell that `envd shell` starts and that `envd setup` looks after first")
    package static let zshHome = EnvironmentVariable(
        "ZDOTDIR", .command, "where `envd setup` finds .zshrc (default: what zsh itself says, else the home)")
    package static let terminal = EnvironmentVariable(
        "TERM", .command, "the terminal: without colours and bars where it is dumb or unset")
    package static let noColor = EnvironmentVariable("NO_COLOR", .command, "no colours, where it is not empty")
    package static let forceColor = EnvironmentVariable(
        "FORCE_COLOR", .command, "colours also for a pipe, where it is neither empty nor 0")
    package static let forceColorToo = EnvironmentVariable("CLICOLOR_FORCE", .command, "the same as FORCE_COLOR")
    package static let columns = EnvironmentVariable(
        "COLUMNS", .command, "the width of a terminal that does not say its own")
    package static let user = EnvironmentVariable("USER", .daemon, "given to activation scripts")
    package static let loginName = EnvironmentVariable("LOGNAME", .daemon, "given to activation scripts")

    package static let remoteLogin = EnvironmentVariable(
        "SSH_CONNECTION", .command, "sshd sets it: `envd service install` then says what keeps a service after logout")

    package static let invocation = EnvironmentVariable(
        "INVOCATION_ID", .daemon,
        "systemd sets it for what it starts: such a daemon takes its own variables for no shell's")

    /// How systemd hands over sockets and hears of its services: sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3).
    package static let systemd: [EnvironmentVariable] = [
        invocation,
        EnvironmentVariable("LISTEN_PID", .daemon, "systemd sets it: the process that its sockets are for"),
        EnvironmentVariable("LISTEN_FDS", .daemon, "systemd sets it: how many sockets it hands over"),
        EnvironmentVariable("LISTEN_FDNAMES", .daemon, "systemd sets it: the names of those sockets"),
        EnvironmentVariable("NOTIFY_SOCKET", .daemon, "systemd sets it: where the daemon says how it stands"),
        EnvironmentVariable("WATCHDOG_USEC", .daemon, "systemd sets it: how often the daemon has to say that it lives"),
    ]

    // MARK: what activation changes

    package static let path = EnvironmentVariable(
        "PATH", [.command, .engines, .set],
        "where engines and interpreters are looked for; an environment's programs come first")
    package static let libraryPath = EnvironmentVariable(
        "LD_LIBRARY_PATH", [.command, .set],
        "an environment's libraries, as `ld_library_path` has it; where NVIDIA's driver is looked for, too")
    package static let virtualEnvironment = EnvironmentVariable(
        "VIRTUAL_ENV", [.hook, .command, .engines, .set],
        "the prefix of the active environment; it is taken out of PATH for engines")
    package static let virtualPrompt = EnvironmentVariable(
        "VIRTUAL_ENV_PROMPT", [.hook, .set], "the project's name")
    package static let uvEnvironment = EnvironmentVariable(
        "UV_PROJECT_ENVIRONMENT", [.hook, .set], "has `uv add`, `uv run` and `uv sync` mean the active environment")
    package static let condaPrefix = EnvironmentVariable(
        "CONDA_PREFIX", [.command, .engines, .set],
        "the prefix of an active environment that conda's packages are in")
    package static let condaName = EnvironmentVariable(
        "CONDA_DEFAULT_ENV", .set, "the project's name, where conda's packages are in its environment")
    package static let condaModifier = EnvironmentVariable(
        "CONDA_PROMPT_MODIFIER", .set, "what conda puts before a prompt, by `changeps1` and `env_prompt`")
    package static let condaLevel = EnvironmentVariable(
        "CONDA_SHLVL", [.command, .set], "how many environments of conda are active above each other")
    package static let plainPrompt = EnvironmentVariable(
        "VIRTUAL_ENV_DISABLE_PROMPT", .hook, "keeps the project's name out of the prompt, whatever its value")

    // MARK: what engines are given

    package static let condaOverride = EnvironmentVariable(
        "CONDA_OVERRIDE_*", [.command, .engines],
        "the version of another virtual package, in place of what the machine has")
    package static let cudaOverride = EnvironmentVariable(
        "CONDA_OVERRIDE_CUDA", [.command, .engines], "the version of CUDA to resolve for; empty: none")
    package static let condaRoot = EnvironmentVariable(
        "CONDA_ROOT", [.daemon, .engines], "where conda is installed, and a .condarc of its own")
    package static let condaProgram = EnvironmentVariable(
        "CONDA_EXE", [.daemon, .engines], "conda itself: tells where it is installed when CONDA_ROOT does not")
    package static let condaFile = EnvironmentVariable(
        "CONDARC", [.daemon, .engines],
        "a further file of conda's settings")
    package static let pyenvRoot = EnvironmentVariable(
        "PYENV_ROOT", .engines, "where pyenv has its interpreters (default: ~/.pyenv)")
    package static let uvPythons = EnvironmentVariable(
        "UV_PYTHON_INSTALL_DIR", .engines, "where uv has its interpreters")
    package static let uv = EnvironmentVariable(
        "UV_*", .engines, "uv's own settings, its indexes' credentials among them")
    package static let pip = EnvironmentVariable("PIP_*", .engines, "pip's own settings")
    package static let poetry = EnvironmentVariable("POETRY_*", .engines, "Poetry's own settings")
    package static let pipenv = EnvironmentVariable("PIPENV_*", .engines, "pipenv's own settings")
    package static let conda = EnvironmentVariable("CONDA_*", .engines, "conda's own settings")
    package static let locale = EnvironmentVariable(
        "LC_*", [.engines, .command], "the locale of what is run, and whether the terminal shows more than ASCII")

    /// By name, what a shell hands over beside `handedFamilies`.
    package static let handed: [EnvironmentVariable] = [
        path,
        EnvironmentVariable("SSH_AUTH_SOCK", .engines, "the agent for repositories that are fetched by SSH"),
        EnvironmentVariable("NETRC", .engines, "a file with credentials of indexes"),
        EnvironmentVariable(
            "LANG", [.engines, .command], "the locale of what is run, as LC_CTYPE where that is unset"),
        EnvironmentVariable("LANGUAGE", .engines, "the language of messages"),
        EnvironmentVariable("TZ", .engines, "the time zone"),
        EnvironmentVariable("SSL_CERT_FILE", .engines, "certificates that are trusted"),
        EnvironmentVariable("SSL_CERT_DIR", .engines, "a directory of certificates that are trusted"),
        EnvironmentVariable("REQUESTS_CA_BUNDLE", .engines, "certificates that are trusted, for pip and Poetry"),
        EnvironmentVariable("CURL_CA_BUNDLE", .engines, "certificates that are trusted, for curl"),
        EnvironmentVariable("GIT_SSL_CAINFO", .engines, "certificates that are trusted, for git"),
        EnvironmentVariable("GIT_SSH_COMMAND", .engines, "how git starts ssh"),
        EnvironmentVariable("http_proxy", .engines, "the proxy for http"),
        EnvironmentVariable("https_proxy", .engines, "the proxy for https"),
        EnvironmentVariable("ftp_proxy", .engines, "the proxy for ftp"),
        EnvironmentVariable("all_proxy", .engines, "the proxy for all else"),
        EnvironmentVariable("no_proxy", .engines, "the hosts that are reached without a proxy"),
        EnvironmentVariable("HTTP_PROXY", .engines, "the same as http_proxy"),
        EnvironmentVariable("HTTPS_PROXY", .engines, "the same as https_proxy"),
        EnvironmentVariable("FTP_PROXY", .engines, "the same as ftp_proxy"),
        EnvironmentVariable("ALL_PROXY", .engines, "the same as all_proxy"),
        EnvironmentVariable("NO_PROXY", .engines, "the same as no_proxy"),
        pyenvRoot,
        EnvironmentVariable("KEYRING_BACKEND", .engines, "where keyring has its credentials"),
        condaFile,
    ]

    /// What a shell hands over by how its name begins.
    package static let handedFamilies: [EnvironmentVariable] = [uv, pip, poetry, pipenv, conda, locale]

    /// What tells which directories of PATH are an active environment's; sent, and not kept.
    package static let handedMarks: [EnvironmentVariable] = [undo, virtualEnvironment, condaPrefix]

    /// What a daemon needs to find its places.
    package static let places: [EnvironmentVariable] = [
        home, user, loginName, temporary, runtimeHome, stateHome, dataHome, cacheHome, configurationHome,
    ]

    /// All of them, each once, as the manual lists them.
    package static let known: [EnvironmentVariable] = {
        let own = [
            disable, debug, hookProgram, plainPrompt, shellRoot, root, undo, prompt, runtimeHome, configurationHome,
            dataHome,
            stateHome, cacheHome, home, temporary, workingDirectory, loginShell, zshHome, path, libraryPath,
            virtualEnvironment, virtualPrompt, uvEnvironment, condaPrefix, condaName, condaModifier, condaLevel,
            cudaOverride, condaOverride, condaRoot, condaProgram, uvPythons, user, loginName,
            remoteLogin, terminal, noColor, forceColor, forceColorToo, columns, credentials,
        ]
        let named = Set(own.map(\.text))
        return own + systemd + (handed + handedFamilies).filter { !named.contains($0.text) }
    }()
}
