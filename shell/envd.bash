# shellcheck shell=bash
# envd's hook for bash 4.4 and later: eval "$(envd hook bash)". The contract stands in Sources/EnvdShell/Answer.swift;
# what it searches and asks, where nothing is remembered, in search.bash, which is printed with it.
# Builtins alone, and no subshell, where nothing has to be asked. bash copies a function's body at each call, so what
# runs often is small. Every function ends with 0 under `set -eu`.

_envd_hook_program=@ENVD_HOOK@
_envd_program=@ENVD@
_envd_state=- _envd_now=/ _envd_process=/ _envd_last='' _envd_status=0 _envd_awaited='' _envd_source=''
_envd_active='' _envd_undo='' _envd_version='' _envd_inside='' _envd_outside=''
# Directories without links that were looked at under this state: to what enters their project, or leaves.
declare -gA _envd_places=() _envd_seen
# What is kept where the hook is loaded again.
_envd_shown=${_envd_shown-} _envd_greeted=${_envd_greeted-} _envd_met=${_envd_met-} _envd_paused=${_envd_paused-}
if [[ ${XDG_RUNTIME_DIR-} == /* ]]; then _envd_dir=$XDG_RUNTIME_DIR/envd
elif [[ -O /run/user/$UID ]]; then _envd_dir=/run/user/$UID/envd
else _envd_dir=${TMPDIR:-/tmp}/envd-$UID; fi

# At each prompt, and after each change of directory.
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
    [[ ! ${ENVD_ROOT+x} ]] || "${_envd_undo:-false}" || _envd_switch
}
_envd_another() { # the same project, one from another, or one that is not plain
    if [[ -f $_envd_now && ${_envd_places[$PWD]-} == _envd_in_* ]] && _envd_straight; then
        _envd_last=$PWD
        if [[ ${_envd_places[$PWD]} == "$_envd_active" ]]; then return 0; fi
        if [[ $_envd_undo ]] && "$_envd_undo" && "${_envd_places[$PWD]}"; then return 0; fi
    fi
    _envd_search
}
_envd_manifest() { # DIRECTORY: the manifests' names stand here alone
    [[ -e $1/envd.toml || -e $1/pyproject.toml || -e $1/Pipfile || -e $1/pylock.toml || -e $1/requirements.txt ||
        -e $1/requirements.in || -e $1/requirements || -e $1/setup.py || -e $1/setup.cfg || -e $1/environment.yml ||
        -e $1/environment.yaml || -e $1/conda.yml || -e $1/conda.yaml || -e $1/conda-lock.yml ]]
}

# The long ways.
_envd_take() { # IN VERSION ID NAME…: what a published answer calls
    _envd_id=$1
    if [[ $_envd_version == "$2" && ${ENVD_ROOT+x} ]]; then return 0; fi
    # shellcheck disable=SC2015 # where the short way out fails, the long one does both
    [[ $_envd_undo ]] && "$_envd_undo" || :
    "${1:-false}" || _envd_switch "${@:3}"
    _envd_version=$2
    _envd_debug "is in ${ENVD_ROOT-no project}${_envd_undo:+, by the short way}"
}
_envd_leave() { [[ ! ${ENVD_ROOT+x} ]] || "${_envd_undo:-false}" || _envd_switch; }
_envd_switch() { # [ID [NAME…]]: NAMEs may not be exported
    local _envd_names=("${@:2}")
    _envd_active='' _envd_undo='' _envd_version=''
    _envd_run switch bash "${1-}"
}
_envd_run() { # VERB SHELL…
    local _envd_text
    _envd_debug "runs envd-hook $*"
    if _envd_text=$(
        [[ ${ENVD_DEBUG-} ]] || exec 2>/dev/null
        builtin export PATH ${_envd_names[@]+"${_envd_names[@]}"}
        # Without exec bash forks twice.
        builtin exec "${ENVD_HOOK:-$_envd_hook_program}" "$@" </dev/null
    ); then
        builtin eval "$_envd_text"
    fi
}
_envd_debug() { [[ ! ${ENVD_DEBUG-} ]] || builtin printf 'envd: %s\n' "${*//[[:cntrl:]]/?}" >&2; }
_envd_label() { # NAME: "(NAME) " before the prompt, or nothing
    local _envd_label=${1:+"($1) "}
    if [[ ! ${PS1-} || ${PS1@a} == *r* ]]; then return 0; fi
    if [[ $_envd_label && $_envd_label == "$_envd_shown" && $PS1 == *"$_envd_shown"* ]]; then return 0; fi
    PS1=${PS1/"$_envd_shown"/} _envd_shown=
    if [[ $_envd_label && ! ${VIRTUAL_ENV_DISABLE_PROMPT-} ]]; then
        _envd_shown=$_envd_label PS1=$_envd_label${PS1/"$_envd_label"/}
    fi
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
        case "$# ${1-} ${2-}" in
            "1 deactivate ") _envd_leave && _envd_pause ;;
            "1 activate ") unset ENVD_SHELL && _envd_resume ;;
            "2 activate -"*) command "$_envd_program" "$@" ;;
            "2 activate "*) _envd_pin "$2" ;;
            *) if [[ -x $_envd_program ]]; then "$_envd_program" "$@"; else command envd "$@"; fi ;;
        esac
    }
    _envd_listen
}
_envd_listen() { # at each prompt, also where somebody put PROMPT_COMMAND anew
    if [[ ${PROMPT_COMMAND[*]-} == *_envd_prompt* ]]; then return 0; fi
    if [[ ${BASH_VERSINFO[0]}${BASH_VERSINFO[1]} -ge 51 ]]; then
        PROMPT_COMMAND=(_envd_prompt ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
    else
        # shellcheck disable=SC2178,SC2128 # before 5.1 it is a string
        PROMPT_COMMAND=_envd_prompt${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
    fi
}
if [[ ! ${ENVD_DISABLE-} && $- != *r* ]]; then _envd_install; fi
