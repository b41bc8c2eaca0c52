# Conda's activate.d and deactivate.d for zsh: `envd-hook switch` prints this before it calls it.
_envd_source() { # SCRIPTS: with colons between; wherever they go, the shell comes back
    emulate -L zsh
    local _envd_script _envd_failed _envd_home=$PWD _envd_paused=1 IFS=$IFS OLDPWD=$OLDPWD
    local -A _envd_places
    for _envd_script in ${(s.:.)1}; do
        if [[ ! -f $_envd_script ]]; then continue; fi
        set --
        _envd_failed=0
        builtin source "$_envd_script" || _envd_failed=$?
        if [[ $_envd_failed != 0 ]]; then
            _envd_notice "$_envd_script" "envd: $_envd_script ended with status $_envd_failed"
        fi
    done
    if [[ $PWD != "$_envd_home" ]]; then builtin cd -q "$_envd_home" || :; fi
}
