# shellcheck shell=bash
# shellcheck disable=SC2154,SC2004 # envd.bash sets its variables; two of them are tables by name
# The part of envd's hook for bash that finds out what is due: after news of the daemon, and in places that are not
# remembered. It stands before envd.bash in what `envd hook bash` prints.

_envd_news() { # of the daemon, or a directory that no cd went to
    local REPLY=
    if [[ -f $_envd_dir/state ]]; then builtin read -r <"$_envd_dir/state" || :; fi
    if [[ $REPLY$PWD == "$_envd_state$_envd_last" ]]; then
        if [[ -d $_envd_process ]]; then return 0; fi
        if [[ $_envd_greeted == "$$" ]]; then _envd_process=/ && _envd_ask hello bash && return 0; fi
    fi
    if [[ $REPLY != "$_envd_state" ]]; then
        _envd_follow
        if [[ $_envd_greeted == "$$" && $_envd_process != "$_envd_met" && -d $_envd_process ]]; then # knows us not
            _envd_met=$_envd_process
            _envd_ask hello bash
        fi
    fi
    _envd_search
    if [[ $_envd_awaited ]]; then _envd_heard; fi
}
_envd_follow() { # the state in REPLY
    _envd_state=$REPLY _envd_now=$_envd_dir/now/$REPLY _envd_places=()
    _envd_process=${REPLY#* } _envd_process=/proc/${_envd_process%% *}
    if [[ ! $REPLY ]]; then _envd_process=/proc/none; fi
}
_envd_greet() { # the first look of this shell
    local REPLY=
    # What was inherited is entered again: a login shell may have set PATH anew.
    _envd_greeted=$$ _envd_source='' _envd_version=''
    if [[ ${ENVD_UNDO+x} ]]; then export ENVD_ROOT=${ENVD_ROOT-}; fi
    _envd_wrap cd
    _envd_ask hello bash
    if [[ -f $_envd_dir/state ]]; then builtin read -r <"$_envd_dir/state" || :; fi
    _envd_follow
    _envd_met=$_envd_process
    if [[ ! -d $_envd_process ]]; then _envd_process=/; fi
}
_envd_ask() { # VERB SHELL…: the daemon
    if [[ $BASH_SUBSHELL == 0 ]]; then _envd_run "$@"; fi
}
_envd_search() { # upwards, for an answer; past the first directory that matters below the home directory
    if [[ $_envd_paused ]]; then return 0; fi
    if [[ $_envd_greeted != "$$" && $BASH_SUBSHELL == 0 ]]; then _envd_greet; fi
    _envd_listen
    # Only cd -P knows the directory without links; the local OLDPWD takes what that changes.
    local _envd_at=$PWD _envd_tree=$_envd_dir/roots _envd_found='' _envd_id='' _envd_linked='' OLDPWD
    _envd_last=$PWD
    if [[ ! -O $_envd_dir || -L $_envd_dir ]]; then _envd_tree=/dev/null; fi
    if [[ . -ef $PWD ]] && builtin cd -P . && [[ $PWD != "$_envd_at" ]]; then _envd_return; fi
    if [[ ${ENVD_SHELL-} == /* && $ENVD_SHELL/ != */.?(.)/* && -f $_envd_tree$ENVD_SHELL/enter.bash ]]; then
        _envd_at=$ENVD_SHELL _envd_linked=1
    fi
    # A file of somebody else's is no answer.
    while [[ $_envd_at && ! (-f $_envd_tree$_envd_at/enter.bash && -O $_envd_tree$_envd_at/enter.bash) ]]; do
        if [[ ! $_envd_found ]] && _envd_matters; then _envd_found=$_envd_at; fi
        _envd_at=${_envd_at%/*}
    done
    if [[ $_envd_at || -f $_envd_tree/enter.bash && -O $_envd_tree/enter.bash ]]; then _envd_read; else _envd_none; fi
    if [[ $_envd_id && ! $_envd_linked && -f $_envd_now ]]; then _envd_places[$PWD]=$_envd_id; fi
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
    _envd_debug "reads $_envd_tree$_envd_at/enter.bash, for $PWD"
    builtin source "$_envd_tree$_envd_at/enter.bash"
}
_envd_none() { # what lies in _envd_found is asked for, if it is not at the home directory or above
    local REPLY=
    _envd_debug "finds no answer for $PWD${_envd_found:+, but something in $_envd_found}"
    _envd_leave
    if [[ ! $_envd_found || $_envd_found == "${HOME-}" ]]; then _envd_id=_envd_outdoors && return 0; fi
    if [[ $BASH_SUBSHELL != 0 || $_envd_found -ef ${HOME-} || ${HOME-}/ == "$_envd_found"/* ]]; then return 0; fi
    if [[ ! -f $_envd_tree$_envd_found/asked ]]; then _envd_run ask bash && return 0; fi
    builtin read -r <"$_envd_tree$_envd_found/asked" || :
    if [[ $REPLY ]]; then _envd_notice "$REPLY" "$REPLY"; fi
}
_envd_return() { # from the directory without links to the name that it was reached by
    local _envd_name=$_envd_at
    _envd_at=$PWD _envd_linked=1
    if ! builtin cd -L "$_envd_name" 2>/dev/null || [[ ! . -ef $_envd_at ]]; then builtin cd "$_envd_at" || :; fi
}

# What people ask of this shell.
_envd_pause() { _envd_paused=1 _envd_undo='' _envd_version='' _envd_places=() && unset ENVD_SHELL; }
_envd_resume() { _envd_paused='' _envd_source='' _envd_places=() && _envd_search; }
_envd_pin() { # DIRECTORY|GENERATION
    local _envd_text
    _envd_text=$("$_envd_program" activate --shell bash "$1") && builtin eval "$_envd_text"
}

# What people and the daemon are told.
_envd_notice() { # ID TEXT
    if [[ $BASH_SUBSHELL == 0 && ! ${_envd_seen[$1]-} ]]; then
        _envd_seen[$1]=1
        if [[ $1 == building-* ]]; then _envd_awaited=$1; fi
        builtin printf '%s\n' "$2" >&2
    fi
}
_envd_heard() { # of the build that this shell was told of
    local REPLY=
    if [[ $BASH_SUBSHELL == 0 && -f $_envd_dir/news/$_envd_awaited ]]; then
        builtin read -r <"$_envd_dir/news/$_envd_awaited" || :
        _envd_awaited=''
        builtin printf '%s\n' "$REPLY" >&2
    fi
}
_envd_hello() { # NAME…: variables that the daemon waits for
    local _envd_daemon="${_envd_state% *} $*"
    if [[ $BASH_SUBSHELL == 0 && ! ${_envd_seen[$_envd_daemon]-} ]]; then
        _envd_seen[$_envd_daemon]=1
        _envd_run hello bash "$@"
    fi
}
