# shellcheck shell=bash
# envd's hook for bash 4.4 and later: eval "$(envd hook bash)". The contract stands in Sources/EnvdShell/Answer.swift.
# Builtins alone, and no subshell, where nothing has to be asked. bash copies a function's body at each call, so what
# runs often is small. Every function ends with 0 under `set -eu`.

_envd_hook_program=@ENVD_HOOK@
_envd_program=@ENVD@
_envd_state=- _envd_now=/ _envd_process=/ _envd_last='' _envd_status=0 _envd_met='' _envd_awaited=''
_envd_active='' _envd_undo=${ENVD_ROOT+_envd_leave_touched} _envd_source='' _envd_paused='' _envd_before='' _envd_kept=()
# Directories without links that were looked at under this state: to what enters their project, or leaves.
declare -gA _envd_places=()
_envd_inside='' _envd_outside='' # PATH
declare -gA _envd_seen
_envd_shown=${_envd_shown-} _envd_greeted=${_envd_greeted-}
if [[ ${XDG_RUNTIME_DIR-} == /* ]]; then _envd_dir=$XDG_RUNTIME_DIR/envd
elif [[ -O /run/user/$UID ]]; then _envd_dir=/run/user/$UID/envd
else _envd_dir=${TMPDIR:-/tmp}/envd-$UID; fi

# The hook itself: at each prompt, and after each change of directory.
_envd_prompt() {
    _envd_status=$?
    [[ $PWD == "$_envd_last" && -f $_envd_now && -d $_envd_process ]] || _envd_news
    [[ $_envd_status == 0 || $- == *e* ]] || return "$_envd_status"
}
_envd_look() {
    # shellcheck disable=SC2015 # what fails is searched for
    [[ -f $_envd_now ]] && _envd_straight && "${_envd_places[$PWD]-false}" || _envd_another
}
_envd_straight() { # no link leads here, at any place of the path: only cd -P tells
    local OLDPWD _envd_at=$PWD
    builtin cd -P . 2>/dev/null || return 1
    if [[ $PWD != "$_envd_at" ]]; then
        _envd_return
        return 1
    fi
}
_envd_outdoors() { # no project is here
    if _envd_manifest . || _envd_manifest ..; then return 1; fi
    _envd_last=$PWD
    "${_envd_undo:-:}" || _envd_leave_touched
}
_envd_another() { # the same project, one from another, or one that is not plain
    if [[ -f $_envd_now && ${_envd_places[$PWD]-} == _envd_in_* ]] && _envd_straight; then
        _envd_last=$PWD
        if [[ ${_envd_places[$PWD]} == "$_envd_active" ]]; then return 0; fi
        if [[ $_envd_active ]]; then
            _envd_leave
            if "${_envd_places[$PWD]}"; then return 0; fi
        fi
    fi
    _envd_search
}
_envd_news() { # of the daemon, or a directory that no cd went to
    local REPLY=
    if [[ -f $_envd_dir/state ]]; then builtin read -r <"$_envd_dir/state" || :; fi
    if [[ $REPLY$PWD == "$_envd_state$_envd_last" ]]; then
        if [[ -d $_envd_process ]]; then return 0; fi
        if [[ $_envd_greeted == "$$" ]]; then _envd_process=/ && _envd_run hello bash && return 0; fi
    fi
    if [[ $REPLY != "$_envd_state" ]]; then
        _envd_follow
        if [[ $_envd_greeted == "$$" && $_envd_process != "$_envd_met" && -d $_envd_process ]]; then # knows us not
            _envd_met=$_envd_process
            _envd_run hello bash
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
_envd_search() { # upwards, for an answer; past the first directory that matters below the home directory
    if [[ $_envd_paused || $_envd_greeted != "$$" ]]; then _envd_first || return 0; fi
    # Only cd -P knows the directory without links; the local OLDPWD takes what that changes.
    local _envd_at=$PWD _envd_tree=$_envd_dir/roots _envd_found='' _envd_id='' _envd_linked='' OLDPWD
    _envd_last=$PWD
    if [[ ! -O $_envd_dir || -L $_envd_dir ]]; then _envd_tree=/dev/null; fi
    if [[ . -ef $PWD ]] && builtin cd -P . && [[ $PWD != "$_envd_at" ]]; then _envd_return; fi
    while [[ $_envd_at && ! -f $_envd_tree$_envd_at/enter.bash ]]; do
        if [[ ! $_envd_found ]] && _envd_matters; then _envd_found=$_envd_at; fi
        _envd_at=${_envd_at%/*}
    done
    if [[ $_envd_at || -f $_envd_tree/enter.bash ]]; then _envd_read; else _envd_none; fi
    if [[ $_envd_id && ! $_envd_linked && -f $_envd_now ]]; then _envd_places[$PWD]=$_envd_id; fi
}
_envd_matters() { # _envd_at, for a shell that has no answer yet
    [[ $_envd_at == "${HOME-}" || -f $_envd_tree$_envd_at/asked ]] || _envd_manifest "$_envd_at"
}
_envd_manifest() { # DIRECTORY: the manifests' names stand here alone
    [[ -e $1/envd.toml || -e $1/pyproject.toml || -e $1/Pipfile || -e $1/pylock.toml || -e $1/requirements.txt ||
        -e $1/requirements.in || -e $1/requirements || -e $1/setup.py || -e $1/setup.cfg || -e $1/environment.yml ||
        -e $1/environment.yaml || -e $1/conda.yml || -e $1/conda.yaml || -e $1/conda-lock.yml ]]
}
_envd_read() {
    if [[ ${ENVD_ROOT-} == "$_envd_at" ]]; then
        if [[ -f $_envd_now && $_envd_state$_envd_at == "$_envd_source" ]]; then _envd_id=$_envd_active && return 0; fi
    elif [[ ${ENVD_ROOT+x} ]]; then _envd_leave; fi
    _envd_source=$_envd_state$_envd_at
    builtin source "$_envd_tree$_envd_at/enter.bash"
    if [[ ${ENVD_ROOT+x} ]]; then _envd_active=$_envd_id; fi
}
_envd_none() {
    if [[ ${ENVD_ROOT+x} ]]; then _envd_leave; fi
    if [[ ! $_envd_found || $_envd_found == "${HOME-}" ]]; then _envd_id=_envd_outdoors; else _envd_ask; fi
}
_envd_first() {
    if [[ $_envd_paused ]]; then return 1; fi
    if [[ $BASH_SUBSHELL == 0 ]]; then _envd_greet; fi
}
_envd_return() { # from the directory without links to the name that it was reached by
    local _envd_name=$_envd_at
    _envd_at=$PWD _envd_linked=1
    if ! builtin cd -L "$_envd_name" 2>/dev/null || [[ ! . -ef $_envd_at ]]; then builtin cd "$_envd_at" || :; fi
}
_envd_ask() { # for what lies in _envd_found, if it is not at the home directory or above
    local REPLY=
    if [[ $BASH_SUBSHELL != 0 || $_envd_found -ef ${HOME-} || ${HOME-}/ == "$_envd_found"/* ]]; then return 0; fi
    if [[ ! -f $_envd_tree$_envd_found/asked ]]; then _envd_run ask bash; return 0; fi
    builtin read -r <"$_envd_tree$_envd_found/asked" || :
    if [[ $REPLY ]]; then _envd_notice "$REPLY" "$REPLY"; fi
}
_envd_greet() {
    local REPLY=
    _envd_greeted=$$ _envd_source=
    _envd_wrap cd
    # What was inherited is entered again: a login shell may have set PATH anew. Names must be names.
    if [[ ${ENVD_ROOT+x} ]]; then export ENVD_GENERATION=; fi
    if [[ :${ENVD_LISTS-}:${ENVD_SCALARS-} == *@(:[0-9]|[!A-Za-z0-9_:])* ]]; then unset ENVD_LISTS ENVD_SCALARS; fi
    _envd_run hello bash
    if [[ -f $_envd_dir/state ]]; then builtin read -r <"$_envd_dir/state" || :; fi
    _envd_follow
    _envd_met=$_envd_process
    if [[ ! -d $_envd_process ]]; then _envd_process=/; fi
}
_envd_run() {
    local _envd_text
    if [[ $BASH_SUBSHELL != 0 ]]; then return 0; fi
    # Without exec bash forks twice.
    if _envd_text=$(builtin exec "${ENVD_HOOK:-$_envd_hook_program}" "$@" </dev/null 2>/dev/null); then
        builtin eval "$_envd_text"
    fi
}

# What published answers call.
_envd_enter() { # ROOT GENERATION LISTS SCALARS SET: true when what follows has to be applied
    if [[ ${ENVD_ROOT+x} ]]; then
        if [[ $ENVD_ROOT$'\n'${ENVD_GENERATION-} == "$1"$'\n'"$2" ]]; then return 1; fi
        _envd_change "$1"
        set -- "$1" "$2" "$3" "$4" x # what was hidden may be back
    fi
    _envd_undo=_envd_leave_touched
    export ENVD_ROOT=$1 ENVD_GENERATION=$2 ENVD_LISTS=$3 ENVD_SCALARS=$4
    if [[ ${5-x} ]]; then _envd_hide "$4"; fi
}
_envd_hide() { # SCALARS: what they are now is kept
    local _envd_name IFS=:
    for _envd_name in $1; do
        if [[ ${!_envd_name+x} ]]; then export "ENVD_WAS_$_envd_name=${!_envd_name}"; fi
    done
}
_envd_change() { # ROOT: leaves another project; in the same one, lists and what the user changed stay for now
    if [[ $ENVD_ROOT == "$1" ]]; then
        _envd_source_leaving
        _envd_before=${ENVD_LISTS-}
        _envd_restore
    else
        _envd_leave
    fi
}
_envd_add() { # NAME ENTRIES
    if [[ $_envd_before ]]; then _envd_swap "$1" "$2" && return 0; fi
    if [[ ! $2 ]]; then return 0; fi
    export "ENVD_WAS_$1${!1+=}" "$1=$2${!1:+:${!1}}" "ENVD_ADDED_$1=$2"
}
_envd_append() { # NAME ENTRIES: at the end of a list, those that it has not got
    local _envd_entry IFS=:
    for _envd_entry in $2; do
        if [[ :${!1-}: == *":$_envd_entry:"* ]]; then continue; fi
        _envd_mark "$1" "$_envd_entry"
        export "$1=${!1:+${!1}:}$_envd_entry"
    done
}
_envd_mark() { # NAME ENTRIES: as what we added to a list, wherever they stand
    local _envd_added=ENVD_ADDED_$1
    if [[ ! ${!_envd_added+x} ]]; then export "ENVD_WAS_$1${!1+=}"; fi
    export "$_envd_added=${!_envd_added:+${!_envd_added}:}$2"
}
_envd_set() { # NAME VALUE: a scalar that is worked out here
    export "ENVD_WAS_$1${!1+=${!1}}" "$1=$2" "ENVD_SET_$1=$2" "ENVD_SCALARS=${ENVD_SCALARS:+$ENVD_SCALARS:}$1"
}
_envd_extend() { # NAME BEFORE AFTER OTHERWISE: a scalar made of what it is
    if [[ ${!1-} ]]; then _envd_set "$1" "$2${!1}$3"; else _envd_set "$1" "$4"; fi
}
_envd_conda() { # VARIABLES: counts as `conda activate --stack` does, unless the user's own conda did meanwhile
    local _envd_level=${CONDA_SHLVL-} _envd_name IFS=:
    if [[ ${_envd_kept[*]-} == *CONDA_SHLVL* ]]; then return 0; fi
    if [[ $_envd_level != [1-9]?([0-9]) ]]; then _envd_level=0; fi
    if [[ $_envd_level != 0 && ${CONDA_PREFIX-} ]]; then
        _envd_set "CONDA_PREFIX_$_envd_level" "$CONDA_PREFIX"
        _envd_set "CONDA_STACKED_$((_envd_level + 1))" true
    fi
    for _envd_name in $1; do
        if [[ ${!_envd_name+x} ]]; then _envd_set "__CONDA_SHLVL_${_envd_level}_$_envd_name" "${!_envd_name}"; fi
    done
    _envd_set CONDA_SHLVL $((_envd_level + 1))
}
_envd_scripts() { # LEAVING SCALARS ENTERING: conda's, and what they change; paths and names with colons between
    local _envd_name IFS=:
    _envd_source "$3"
    if [[ $1 ]]; then export "ENVD_SCRIPTS=$1"; fi
    for _envd_name in $2; do
        if [[ ${!_envd_name+x} ]]; then export "ENVD_SET_$_envd_name=${!_envd_name}"; fi
    done
}
_envd_source_leaving() { # what was inherited is the user's own, and stands where envd's prefixes have it
    local _envd_scripts=${ENVD_SCRIPTS-} _envd_script _envd_mine='' IFS=:
    unset ENVD_SCRIPTS
    while [[ $_envd_scripts ]]; do
        _envd_script=${_envd_scripts%%:*} _envd_scripts=${_envd_scripts:${#_envd_script}+1}
        if [[ -O $_envd_script && $_envd_script != */../* &&
            $_envd_script == /*/projects/*/generations/+([0-9])/etc/conda/deactivate.d/*.sh ]]; then
            _envd_mine+=${_envd_mine:+:}$_envd_script
        fi
    done
    _envd_source "$_envd_mine"
}
_envd_source() { # SCRIPTS: wherever they go, the shell comes back
    local - IFS=$' \t\n' OLDPWD _envd_rest=$1 _envd_script _envd_failed _envd_home=$PWD _envd_paused=1
    local -A _envd_places=()
    set +euC
    while [[ $_envd_rest ]]; do
        _envd_script=${_envd_rest%%:*} _envd_rest=${_envd_rest:${#_envd_script}+1}
        if [[ ! -f $_envd_script ]]; then continue; fi
        set --
        _envd_failed=0
        builtin source "$_envd_script" || _envd_failed=$?
        if [[ $_envd_failed != 0 ]]; then
            _envd_notice "$_envd_script" "envd: $_envd_script ended with status $_envd_failed"
        fi
    done
    if [[ $PWD != "$_envd_home" ]]; then builtin cd "$_envd_home" || :; fi
}
_envd_entered() { if [[ $_envd_before || ${#_envd_kept[@]} != 0 ]]; then _envd_changed; fi; }
_envd_changed() { # from an older generation: lists that this one has not, and what the user changed
    local _envd_name IFS=:
    for _envd_name in $_envd_before; do
        if [[ :$ENVD_LISTS: != *":$_envd_name:"* ]]; then _envd_swap "$_envd_name" ''; fi
    done
    for _envd_name in ${_envd_kept[@]+"${_envd_kept[@]}"}; do
        if [[ $_envd_name == *=* ]]; then export "${_envd_name?}"; else unset "$_envd_name"; fi
        unset "ENVD_WAS_${_envd_name%%=*}"
    done
    _envd_before='' _envd_kept=()
}
_envd_label() {
    if [[ $_envd_shown == "($1) " && $PS1 == *"$_envd_shown"* || ! ${PS1-} ]]; then return 0; fi
    if [[ $_envd_shown ]]; then PS1=${PS1/"$_envd_shown"/} _envd_shown=; fi
    if [[ ! ${VIRTUAL_ENV_DISABLE_PROMPT-} ]]; then _envd_shown="($1) " && PS1="($1) ${PS1/"($1) "/}"; fi
}
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

# Undoing.
_envd_leave() { "${_envd_undo:-:}" || _envd_leave_touched; }
_envd_leave_touched() {
    _envd_source_leaving
    local _envd_name IFS=:
    for _envd_name in ${ENVD_LISTS-}; do _envd_swap "$_envd_name" ''; done
    _envd_restore
    if [[ $_envd_shown && ${PS1-} ]]; then PS1=${PS1/"$_envd_shown"/}; fi
    _envd_shown='' _envd_active='' _envd_undo='' _envd_kept=()
    unset ENVD_ROOT ENVD_GENERATION ENVD_LISTS
}
_envd_swap() { # NAME ENTRIES: what we added to a list becomes ENTRIES, where its first was, else in front
    local _envd_added=ENVD_ADDED_$1 _envd_was=ENVD_WAS_$1 _envd_new=$2 _envd_list=:${!1:+${!1}:} _envd_entry IFS=:
    if [[ ! ${!_envd_added+x} && ${!1+x} ]]; then export "$_envd_was="; fi
    for _envd_entry in ${!_envd_added-}; do
        if [[ $_envd_list == *":$_envd_entry:"* ]]; then
            _envd_list=${_envd_list%%":$_envd_entry:"*}:${_envd_new:+$_envd_new:}${_envd_list#*":$_envd_entry:"}
            _envd_new=
        fi
    done
    if [[ $_envd_new ]]; then _envd_list=:$_envd_new$_envd_list; fi
    _envd_list=${_envd_list#:} _envd_list=${_envd_list%:}
    if [[ $2 || ${!1+x} ]]; then
        if [[ $_envd_list || ${!_envd_was+x} ]]; then export "$1=$_envd_list"; else unset "$1"; fi
    fi
    if [[ $2 ]]; then export "$_envd_added=$2"; else unset "$_envd_added" "$_envd_was"; fi
}
_envd_restore() { # scalars; those that the user changed go into _envd_kept, with their values
    local _envd_name _envd_set _envd_was IFS=:
    for _envd_name in ${ENVD_SCALARS-}; do
        _envd_set=ENVD_SET_$_envd_name _envd_was=ENVD_WAS_$_envd_name
        if [[ ${!_envd_set+x}${!_envd_set-} == "${!_envd_name+x}${!_envd_name-}" ]]; then
            if [[ ! ${!_envd_was+x} ]]; then unset "$_envd_name" "$_envd_set"; continue; fi
            export "$_envd_name=${!_envd_was}"
        else
            _envd_kept+=("$_envd_name${!_envd_name+=${!_envd_name}}")
        fi
        unset "$_envd_set" "$_envd_was"
    done
    unset ENVD_SCALARS
}

# Installing.
_envd_wrap() { # NAME: cd, pushd or popd, above a function of the user's own
    local _envd_text _envd_call="builtin $1"
    if builtin declare -F "$1" >/dev/null; then
        _envd_text=$(builtin declare -f "$1")
        if [[ $_envd_text == *_envd_look* ]]; then return 0; fi
        builtin eval "_envd_user_$_envd_text"
        _envd_call=_envd_user_$1
    fi
    builtin eval "function $1 { $_envd_call \"\$@\" && _envd_look; }"
}
_envd_install() {
    _envd_wrap cd && _envd_wrap pushd && _envd_wrap popd
    function envd {
        case "$# ${1-}" in
            "1 deactivate") _envd_leave; _envd_paused=1 _envd_places=() ;;
            "1 activate") _envd_paused=; _envd_search ;;
            *) if [[ -x $_envd_program ]]; then "$_envd_program" "$@"; else command envd "$@"; fi ;;
        esac
    }
    if [[ ${PROMPT_COMMAND[*]-} == *_envd_prompt* ]]; then return 0; fi
    if [[ ${BASH_VERSINFO[0]}${BASH_VERSINFO[1]} -ge 51 ]]; then
        PROMPT_COMMAND=(_envd_prompt ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
    else
        # shellcheck disable=SC2178,SC2128 # before 5.1 it is a string
        PROMPT_COMMAND=_envd_prompt${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
    fi
}
if [[ ! ${ENVD_DISABLE-} ]]; then _envd_install; fi
