# envd's hook for zsh 5.3 and later: eval "$(envd hook zsh)". The contract stands in Sources/EnvdShell/Answer.swift.
# Builtins alone, and no subshell, where nothing has to be asked. What runs at each prompt works under any options;
# the rest sets its own.

typeset -g _envd_hook_program=@ENVD_HOOK@
typeset -g _envd_program=@ENVD@
typeset -ga _envd_manifests; _envd_manifests=(pyproject.toml requirements.txt)
typeset -g _envd_state=- _envd_pwd= _envd_here= _envd_process= _envd_woken=- _envd_line=
typeset -g _envd_paused= _envd_shown=${_envd_shown-} _envd_seen=${_envd_seen-$'\n'} _envd_greeted=${_envd_greeted-}
if [[ ${XDG_RUNTIME_DIR-} == /* ]]; then typeset -g _envd_dir=$XDG_RUNTIME_DIR/envd
elif [[ -O /run/user/$UID ]]; then typeset -g _envd_dir=/run/user/$UID/envd
else typeset -g _envd_dir=${TMPDIR:-/tmp}/envd-$UID; fi

# The hook itself: at each prompt, and after each change of directory.
_envd_look() {
    if [[ -n $_envd_paused ]]; then return 0; fi
    if [[ $_envd_greeted != "$$" && $ZSH_SUBSHELL == 0 ]]; then
        _envd_greeted=$$
        # What was inherited is entered again: a login shell may have set PATH anew.
        if [[ -n ${ENVD_ROOT+x} ]]; then export ENVD_GENERATION=; fi
        _envd_run hello zsh
        _envd_read
        _envd_woken=$_envd_line
    else
        _envd_read
    fi
    if [[ $_envd_line == "$_envd_state" && $PWD == "$_envd_pwd" ]]; then
        if [[ $_envd_woken != "$_envd_line" && ! -d $_envd_process ]]; then
            _envd_woken=$_envd_line
            _envd_run hello zsh
        fi
        return 0
    fi
    _envd_switch
}
_envd_read() {
    _envd_line=
    if [[ -O $_envd_dir && ! -L $_envd_dir && -f $_envd_dir/state ]]; then
        IFS= builtin read -r _envd_line <"$_envd_dir/state" || :
    fi
}
_envd_switch() {
    emulate -L zsh
    local _envd_at _envd_name
    if [[ $PWD != "$_envd_pwd" ]]; then _envd_here=${${PWD:A}%/}; fi
    _envd_state=$_envd_line _envd_pwd=$PWD
    _envd_line=${_envd_line#* } _envd_process=/proc/${_envd_line%% *}
    if [[ -z $_envd_state ]]; then _envd_process=/proc/none; fi
    _envd_at=$_envd_here
    if [[ -O $_envd_dir && ! -L $_envd_dir ]]; then
        while [[ ! -f $_envd_dir/roots$_envd_at/enter.zsh && -n $_envd_at ]]; do _envd_at=${_envd_at%/*}; done
        if [[ -f $_envd_dir/roots$_envd_at/enter.zsh ]]; then
            builtin source "$_envd_dir/roots$_envd_at/enter.zsh"
            return 0
        fi
    fi
    _envd_leave
    _envd_at=$_envd_here
    while [[ -n $_envd_at && $ZSH_SUBSHELL == 0 && ! $_envd_at -ef ${HOME-} ]]; do
        if [[ -f $_envd_dir/roots$_envd_at/asked && -O $_envd_dir && ! -L $_envd_dir ]]; then
            IFS= builtin read -r _envd_line <"$_envd_dir/roots$_envd_at/asked" || :
            if [[ -n $_envd_line ]]; then _envd_notice "$_envd_line" "$_envd_line"; fi
            return 0
        fi
        for _envd_name in $_envd_manifests; do
            if [[ -e $_envd_at/$_envd_name ]]; then _envd_run ask zsh; return 0; fi
        done
        _envd_at=${_envd_at%/*}
    done
}
_envd_run() {
    emulate -L zsh
    local _envd_text
    if [[ $ZSH_SUBSHELL != 0 ]]; then return 0; fi
    if _envd_text=$("${ENVD_HOOK:-$_envd_hook_program}" "$@" </dev/null 2>/dev/null); then builtin eval "$_envd_text"; fi
}
_envd_moved() { _envd_pwd=; _envd_look; }

# What published answers call, under the options of _envd_switch.
_envd_enter() { # ROOT GENERATION: true when what follows has to be applied
    typeset -g _envd_kept=' ' _envd_before=
    if [[ ${ENVD_ROOT-} == "$1" ]]; then
        if [[ ${ENVD_GENERATION-} == "$2" ]]; then return 1; fi
        _envd_before=${ENVD_LISTS-}
        _envd_restore
        unset ENVD_LISTS
    else
        _envd_leave
        _envd_kept=' '
    fi
    export ENVD_ROOT=$1 ENVD_GENERATION=$2
}
_envd_add() { _envd_swap "$1" "$2" && export ENVD_LISTS="${ENVD_LISTS:+$ENVD_LISTS }$1"; }
_envd_set() {
    export "ENVD_SET_$1=$2" ENVD_SCALARS="${ENVD_SCALARS:+$ENVD_SCALARS }$1"
    if [[ $_envd_kept == *" $1 "* ]]; then return 0; fi
    if [[ -n ${(P)1+x} ]]; then export "ENVD_WAS_$1=${(P)1}"; fi
    export "$1=$2"
}
_envd_hide() {
    if [[ -n ${(P)1+x} && $_envd_kept != *" $1 "* ]]; then
        export "ENVD_WAS_$1=${(P)1}"
        unset "$1"
    elif [[ $_envd_kept != *" $1 "* ]]; then return 0; fi
    export ENVD_SCALARS="${ENVD_SCALARS:+$ENVD_SCALARS }$1"
}
_envd_entered() { # lists that the generation before had and this one has not
    local _envd_name
    for _envd_name in ${(s: :)_envd_before}; do
        if [[ " ${ENVD_LISTS-} " != *" $_envd_name "* ]]; then _envd_swap "$_envd_name" ''; fi
    done
}
_envd_label() {
    if [[ $_envd_shown != "($1) " ]]; then _envd_unlabel; fi
    if [[ -n ${VIRTUAL_ENV_DISABLE_PROMPT-} || -z ${PS1-} ]]; then return 0; fi
    _envd_shown="($1) "
    if [[ $PS1 != *"$_envd_shown"* ]]; then PS1=$_envd_shown$PS1; fi
}
_envd_notice() { # ID TEXT
    if [[ $ZSH_SUBSHELL == 0 && $_envd_seen != *$'\n'"$1"$'\n'* ]]; then
        _envd_seen+=$1$'\n'
        if [[ -n ${WIDGET-} ]]; then zle -I; fi
        builtin print -r -- "$2" >&2
    fi
}
_envd_hello() { # NAME…: variables that the daemon waits for
    if [[ $ZSH_SUBSHELL == 0 && $_envd_seen != *$'\n'"$_envd_process $*"$'\n'* ]]; then
        _envd_seen+="$_envd_process $*"$'\n'
        _envd_run hello zsh "$@"
    fi
}

# Undoing.
_envd_leave() {
    emulate -L zsh
    if [[ -z ${ENVD_ROOT+x} ]]; then return 0; fi
    local _envd_name
    for _envd_name in ${(s: :)ENVD_LISTS-}; do _envd_swap "$_envd_name" ''; done
    _envd_restore
    _envd_unlabel
    unset ENVD_ROOT ENVD_GENERATION ENVD_LISTS
}
_envd_swap() { # NAME ENTRIES: what we added to a list becomes ENTRIES, where its first was, else in front
    if [[ $1 == [0-9]* || $1 == *[^A-Za-z0-9_]* ]]; then return 0; fi
    local _envd_added=ENVD_ADDED_$1 _envd_was=ENVD_WAS_$1 _envd_new=$2 _envd_list=${(P)1-} _envd_old _envd_entry
    _envd_list=:${_envd_list:+$_envd_list:}
    if [[ -z ${(P)_envd_added+x} && -n ${(P)1+x} ]]; then export "$_envd_was="; fi
    _envd_old=${(P)_envd_added-}
    while [[ -n $_envd_old ]]; do
        _envd_entry=${_envd_old%%:*}
        if [[ $_envd_old == *:* ]]; then _envd_old=${_envd_old#*:}; else _envd_old=; fi
        if [[ $_envd_list == *":$_envd_entry:"* ]]; then
            _envd_list=${_envd_list%%":$_envd_entry:"*}:${_envd_new:+$_envd_new:}${_envd_list#*":$_envd_entry:"}
            _envd_new=
        fi
    done
    if [[ -n $_envd_new ]]; then _envd_list=:$_envd_new$_envd_list; fi
    _envd_list=${_envd_list#:} _envd_list=${_envd_list%:}
    if [[ -n $2 || -n ${(P)1+x} ]]; then
        if [[ -n $_envd_list || -n ${(P)_envd_was+x} ]]; then export "$1=$_envd_list"; else unset "$1"; fi
    fi
    if [[ -n $2 ]]; then export "$_envd_added=$2"; else unset "$_envd_added" "$_envd_was"; fi
}
_envd_restore() { # scalars; those that the user changed are named in _envd_kept
    local _envd_name _envd_set _envd_was
    typeset -g _envd_kept=' '
    for _envd_name in ${(s: :)ENVD_SCALARS-}; do
        if [[ $_envd_name == [0-9]* || $_envd_name == *[^A-Za-z0-9_]* ]]; then continue; fi
        _envd_set=ENVD_SET_$_envd_name _envd_was=ENVD_WAS_$_envd_name
        if [[ ${(P)_envd_set+x}${(P)_envd_set-} != "${(P)_envd_name+x}${(P)_envd_name-}" ]]; then
            _envd_kept+="$_envd_name "
        elif [[ -n ${(P)_envd_was+x} ]]; then export "$_envd_name=${(P)_envd_was}"
        else unset "$_envd_name"; fi
        unset "$_envd_set" "$_envd_was"
    done
    unset ENVD_SCALARS
}
_envd_unlabel() {
    if [[ -n $_envd_shown && -n ${PS1-} ]]; then PS1=${PS1/"$_envd_shown"/}; fi
    _envd_shown=
}

# Installing.
_envd_install() {
    emulate -L zsh
    typeset -ga precmd_functions chpwd_functions
    if (( ! ${precmd_functions[(Ie)_envd_look]} )); then precmd_functions=(_envd_look $precmd_functions); fi
    if (( ! ${chpwd_functions[(Ie)_envd_moved]} )); then chpwd_functions=(_envd_moved $chpwd_functions); fi
    function envd {
        case "$# ${1-}" in
            ("1 deactivate") _envd_leave; _envd_paused=1 ;;
            ("1 activate") _envd_paused=; _envd_moved ;;
            (*) if [[ -x $_envd_program ]]; then "$_envd_program" "$@"; else command envd "$@"; fi ;;
        esac
    }
}
if [[ -z ${ENVD_DISABLE-} ]]; then _envd_install; fi
