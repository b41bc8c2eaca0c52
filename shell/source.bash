# shellcheck shell=bash
# Conda's activate.d and deactivate.d for bash: `envd-hook switch` prints this before it calls it.
_envd_source() { # SCRIPTS: with colons between; wherever they go, the shell comes back
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
