# The part of envd's hook for zsh that finds out what is due: after news of the daemon, and in places that are not
# remembered. It stands before envd.zsh in what `envd hook zsh` prints.

_envd_news() { # of the daemon, or a directory that no cd went to
    emulate -L zsh
    local REPLY=
    if [[ -f $_envd_dir/state ]]; then IFS= builtin read -r REPLY <"$_envd_dir/state" || :; fi
    if [[ "$REPLY$PWD" == "$_envd_state$_envd_last" ]]; then
        if [[ -d $_envd_process ]]; then return 0; fi
        if [[ $_envd_greeted == $$ ]]; then _envd_process=/ && _envd_ask hello zsh && return 0; fi
    fi
    if [[ $REPLY != "$_envd_state" ]]; then
        _envd_follow
        if [[ $_envd_greeted == $$ && $_envd_process != "$_envd_met" && -d $_envd_process ]]; then # knows us not
            _envd_met=$_envd_process
            _envd_ask hello zsh
        fi
    fi
    _envd_search
    if [[ -n $_envd_awaited ]]; then _envd_heard; fi
}
_envd_follow() { # the state in REPLY
    _envd_state=$REPLY _envd_now=$_envd_dir/now/$REPLY _envd_places=()
    _envd_process=${REPLY#* } _envd_process=/proc/${_envd_process%% *}
    if [[ -z $REPLY ]]; then _envd_process=/proc/none; fi
    if [[ $ZSH_SUBSHELL == 0 ]]; then _envd_wait; fi
}
_envd_greet() { # the first look of this shell
    local REPLY=
    # What was inherited is entered again: a login shell may have set PATH anew.
    _envd_greeted=$$ _envd_source= _envd_version=
    if [[ -n ${ENVD_UNDO+x} ]]; then export ENVD_ROOT=${ENVD_ROOT-}; fi
    _envd_ask hello zsh
    if [[ -f $_envd_dir/state ]]; then IFS= builtin read -r REPLY <"$_envd_dir/state" || :; fi
    _envd_follow
    _envd_met=$_envd_process
    if [[ ! -d $_envd_process ]]; then _envd_process=/; fi
}
_envd_ask() { # VERB SHELL…: the daemon
    if [[ $ZSH_SUBSHELL == 0 ]]; then _envd_run "$@"; fi
}
_envd_search() { # upwards, for an answer; past the first directory that matters below the home directory
    emulate -L zsh
    if [[ -n $_envd_paused ]]; then return 0; fi
    if [[ $_envd_greeted != $$ && $ZSH_SUBSHELL == 0 ]]; then _envd_greet; fi
    local _envd_at=${${PWD:A}%/} _envd_tree=$_envd_dir/roots _envd_found= _envd_id= _envd_real=
    _envd_last=$PWD _envd_real=$_envd_at
    if [[ ! -O $_envd_dir || -L $_envd_dir ]]; then _envd_tree=/dev/null; fi
    if [[ ${ENVD_SHELL-} == /* && $ENVD_SHELL/ != */../* && $ENVD_SHELL/ != */./* &&
        -f $_envd_tree$ENVD_SHELL/enter.zsh ]]; then
        _envd_at=$ENVD_SHELL _envd_real=
    fi
    # A file of somebody else's is no answer.
    while [[ -n $_envd_at && ! (-f $_envd_tree$_envd_at/enter.zsh && -O $_envd_tree$_envd_at/enter.zsh) ]]; do
        if [[ -z $_envd_found ]] && _envd_matters; then _envd_found=$_envd_at; fi
        _envd_at=${_envd_at%/*}
    done
    if [[ -n $_envd_at || -f $_envd_tree/enter.zsh && -O $_envd_tree/enter.zsh ]]; then _envd_read; else _envd_none; fi
    if [[ -n $_envd_id && $PWD == "$_envd_real" && -f $_envd_now ]]; then _envd_places[$PWD]=$_envd_id; fi
}
_envd_matters() { # _envd_at, for a shell that has no answer yet
    [[ $_envd_at == "${HOME-}" || -f $_envd_tree$_envd_at/asked ]] || _envd_manifest "$_envd_at"
}
_envd_read() {
    if [[ ${ENVD_ROOT-} == "$_envd_at" && -f $_envd_now && $_envd_state$_envd_at == "$_envd_source" ]]; then
        _envd_id=$_envd_active
        return 0
    fi
    _envd_source=$_envd_state$_envd_at
    _envd_debug "reads $_envd_tree$_envd_at/enter.zsh, for $PWD"
    builtin source "$_envd_tree$_envd_at/enter.zsh"
}
_envd_none() { # what lies in _envd_found is asked for, if it is not at the home directory or above
    local REPLY=
    _envd_debug "finds no answer for $PWD${_envd_found:+, but something in $_envd_found}"
    _envd_leave
    if [[ -z $_envd_found || $_envd_found == "${HOME-}" ]]; then _envd_id=_envd_outdoors && return 0; fi
    if [[ $ZSH_SUBSHELL != 0 || $_envd_found -ef ${HOME-} || ${HOME-}/ == "$_envd_found"/* ]]; then return 0; fi
    if [[ ! -f $_envd_tree$_envd_found/asked ]]; then _envd_run ask zsh && return 0; fi
    IFS= builtin read -r REPLY <"$_envd_tree$_envd_found/asked" || :
    if [[ -n $REPLY ]]; then _envd_notice "$REPLY" "$REPLY"; fi
}

# What people ask of this shell.
_envd_pause() { _envd_paused=1 _envd_undo= _envd_version= _envd_places=() && unset ENVD_SHELL; }
_envd_resume() { _envd_paused= _envd_source= _envd_places=() && _envd_search; }
_envd_pin() { # DIRECTORY|GENERATION
    local _envd_text
    _envd_text=$("$_envd_program" activate --shell zsh "$1") && builtin eval "$_envd_text"
}

# While this shell waits at a prompt, the daemon opens and closes a FIFO with each new state: its other end wakes us.
_envd_wait() {
    emulate -L zsh
    if [[ -n $_envd_wake ]]; then
        zle -F $_envd_wake
        exec {_envd_wake}<&-
        _envd_wake=
    fi
    if [[ -o zle && -O $_envd_dir && -p $_envd_dir/wake ]] && zmodload -F zsh/system b:sysopen 2>/dev/null; then
        sysopen -r -o cloexec,nonblock -u _envd_wake "$_envd_dir/wake" 2>/dev/null && zle -F $_envd_wake _envd_woken
    fi
    return 0
}
_envd_woken() { # DESCRIPTOR
    emulate -L zsh
    if [[ $1 != "$_envd_wake" ]]; then zle -F $1 && return 0; fi
    local _envd_before="${ENVD_PROMPT-}$PS1"
    # Before it is looked at: what comes in between wakes us again.
    _envd_wait
    _envd_news
    if [[ "${ENVD_PROMPT-}$PS1" != "$_envd_before" ]] && zle; then zle reset-prompt; fi
    return 0
}

# What people and the daemon are told.
_envd_notice() { # ID TEXT
    if [[ $ZSH_SUBSHELL == 0 && -z ${_envd_seen[$1]-} ]]; then
        _envd_seen[$1]=1
        if [[ $1 == building-* ]]; then _envd_awaited=$1; fi
        if [[ -o zle ]] && zle; then zle -I; fi
        builtin print -r -- "$2" >&2
    fi
}
_envd_heard() { # of the build that this shell was told of
    local REPLY=
    if [[ $ZSH_SUBSHELL == 0 && -f $_envd_dir/news/$_envd_awaited ]]; then
        IFS= builtin read -r REPLY <"$_envd_dir/news/$_envd_awaited" || :
        _envd_awaited=
        if [[ -o zle ]] && zle; then zle -I; fi
        builtin print -r -- "$REPLY" >&2
    fi
}
_envd_hello() { # NAME…: variables that the daemon waits for
    local _envd_daemon="${_envd_state% *} $*"
    if [[ $ZSH_SUBSHELL == 0 && -z ${_envd_seen[$_envd_daemon]-} ]]; then
        _envd_seen[$_envd_daemon]=1
        _envd_run hello zsh "$@"
    fi
}
