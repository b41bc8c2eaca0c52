# envd's hook for zsh 5.3 and later: eval "$(envd hook zsh)". The contract stands in Sources/EnvdShell/Answer.swift;
# what it searches and asks, where nothing is remembered, in search.zsh, which is printed with it.
# Builtins alone, and no subshell, where nothing has to be asked. What runs at each prompt works under any options;
# the rest sets its own.

typeset -g _envd_hook_program=@ENVD_HOOK@
typeset -g _envd_program=@ENVD@
typeset -g _envd_state=- _envd_now=/ _envd_process=/ _envd_last= _envd_awaited= _envd_source=
typeset -g _envd_active= _envd_undo= _envd_version= _envd_inside= _envd_outside=
# Directories without links that were looked at under this state: to what enters their project, or leaves.
typeset -gA _envd_places _envd_seen; _envd_places=()
# What is kept where the hook is loaded again.
typeset -g _envd_shown=${_envd_shown-} _envd_greeted=${_envd_greeted-} _envd_met=${_envd_met-}
typeset -g _envd_paused=${_envd_paused-} _envd_wake=${_envd_wake-}
if [[ ${XDG_RUNTIME_DIR-} == /* ]]; then typeset -g _envd_dir=$XDG_RUNTIME_DIR/envd
elif [[ -O /run/user/$UID ]]; then typeset -g _envd_dir=/run/user/$UID/envd
else typeset -g _envd_dir=${TMPDIR:-/tmp}/envd-$UID; fi

# At each prompt, and after each change of directory.
_envd_prompt() {
    [[ $PWD == "$_envd_last" && -f $_envd_now && -d $_envd_process ]] || _envd_news
}
_envd_look() {
    # No link leads here, at any place of the path.
    [[ -f $_envd_now && ${PWD:A} == "$PWD" ]] && "${_envd_places[$PWD]-false}" || _envd_another
}
_envd_outdoors() { # no project is here
    if _envd_manifest . || _envd_manifest ..; then return 1; fi
    typeset -g _envd_last=$PWD
    [[ -z ${ENVD_ROOT+x} ]] || "${_envd_undo:-false}" || _envd_switch
}
_envd_another() { # the same project, one from another, or one that is not plain
    if [[ -f $_envd_now && ${PWD:A} == "$PWD" && ${_envd_places[$PWD]-} == _envd_in_* ]]; then
        typeset -g _envd_last=$PWD
        if [[ ${_envd_places[$PWD]} == "$_envd_active" ]]; then return 0; fi
        if [[ -n $_envd_undo ]] && "$_envd_undo" && "${_envd_places[$PWD]}"; then return 0; fi
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
    if [[ $_envd_version == "$2" && -n ${ENVD_ROOT+x} ]]; then return 0; fi
    # Where the short way out fails, the long one does both.
    [[ -n $_envd_undo ]] && "$_envd_undo" || :
    "${1:-false}" || _envd_switch "${@:3}"
    typeset -g _envd_version=$2
    _envd_debug "is in ${ENVD_ROOT-no project}${_envd_undo:+, by the short way}"
}
_envd_leave() { [[ -z ${ENVD_ROOT+x} ]] || "${_envd_undo:-false}" || _envd_switch; }
_envd_switch() { # [ID [NAME…]]: NAMEs may not be exported
    emulate -L zsh
    local -a _envd_names; _envd_names=("${@:2}")
    typeset -g _envd_active= _envd_undo= _envd_version=
    _envd_run switch zsh "${1-}"
}
_envd_run() { # VERB SHELL…
    emulate -L zsh
    local _envd_text
    _envd_debug "runs envd-hook $*"
    if _envd_text=$(
        [[ -n ${ENVD_DEBUG-} ]] || exec 2>/dev/null
        builtin export PATH $_envd_names
        exec "${ENVD_HOOK:-$_envd_hook_program}" "$@" </dev/null
    ); then
        builtin eval "$_envd_text"
    fi
    return 0
}
_envd_debug() { [[ -z ${ENVD_DEBUG-} ]] || builtin print -r -- "envd: ${*//[[:cntrl:]]/?}" >&2; }
_envd_label() { # NAME: "(NAME) " before the prompt, or nothing
    local _envd_label=${1:+"($1) "}
    if [[ -z ${PS1-} || ${(t)PS1} == *readonly* ]]; then return 0; fi
    if [[ -n $_envd_label && $_envd_label == "$_envd_shown" && $PS1 == *"$_envd_shown"* ]]; then return 0; fi
    typeset -g PS1=${PS1/"$_envd_shown"/} _envd_shown=
    if [[ -n $_envd_label && -z ${VIRTUAL_ENV_DISABLE_PROMPT-} ]]; then
        typeset -g _envd_shown=$_envd_label PS1=$_envd_label${PS1/"$_envd_label"/}
    fi
}

# Installing.
_envd_install() {
    emulate -L zsh
    typeset -ga precmd_functions chpwd_functions
    if (( ! ${precmd_functions[(Ie)_envd_prompt]} )); then precmd_functions=(_envd_prompt $precmd_functions); fi
    if (( ! ${chpwd_functions[(Ie)_envd_look]} )); then chpwd_functions=(_envd_look $chpwd_functions); fi
    function envd {
        emulate -L zsh
        case "$# ${1-} ${2-}" in
            ("1 deactivate ") _envd_leave && _envd_pause ;;
            ("1 activate ") unset ENVD_SHELL && _envd_resume ;;
            ("2 activate -"*) "$_envd_program" "$@" ;;
            ("2 activate "*) _envd_pin "$2" ;;
            (*) if [[ -x $_envd_program ]]; then "$_envd_program" "$@"; else command envd "$@"; fi ;;
        esac
    }
}
if [[ -z ${ENVD_DISABLE-} && ! -o restricted ]]; then _envd_install; fi
