# envd's hook for fish 3.5 and later: envd hook fish | source. The contract stands in Sources/EnvdShell/Answer.swift.
# Builtins alone, where nothing has to be asked. Lists are handled as local path variables: these join with colons.

set -g _envd_hook_program @ENVD_HOOK@
set -g _envd_program @ENVD@
set -g _envd_manifests pyproject.toml requirements.txt
set -g _envd_state -
set -g _envd_pwd ''
set -g _envd_woken -
set -g _envd_paused ''
set -q _envd_shown; or set -g _envd_shown ''
set -q _envd_seen; or set -g _envd_seen
set -q _envd_greeted; or set -g _envd_greeted ''
if string match -q '/*' -- "$XDG_RUNTIME_DIR"
    set -g _envd_dir $XDG_RUNTIME_DIR/envd
else if test -O /run/user/$EUID
    set -g _envd_dir /run/user/$EUID/envd
else if test -n "$TMPDIR"
    set -g _envd_dir $TMPDIR/envd-$EUID
else
    set -g _envd_dir /tmp/envd-$EUID
end

# The hook itself: at each prompt, and after each change of directory.
function _envd_look
    test -z "$_envd_paused"; or return 0
    if test "$_envd_greeted" != $fish_pid
        set -g _envd_greeted $fish_pid
        # What was inherited is entered again: a login shell may have set PATH anew.
        set -q ENVD_ROOT; and set -gx ENVD_GENERATION ''
        _envd_run hello fish
        _envd_read
        set -g _envd_woken $_envd_line
    else
        _envd_read
    end
    if test "$_envd_line" = "$_envd_state" -a "$PWD" = "$_envd_pwd"
        if test "$_envd_woken" != "$_envd_line" -a ! -d "$_envd_process"
            set -g _envd_woken $_envd_line
            _envd_run hello fish
        end
        return 0
    end
    test "$PWD" = "$_envd_pwd"; or _envd_resolve
    set -g _envd_state $_envd_line
    set -g _envd_pwd $PWD
    set -l _envd_words (string split ' ' -- $_envd_line) none none
    set -g _envd_process /proc/$_envd_words[2]
    set -l _envd_trusted
    if test -O $_envd_dir -a ! -L $_envd_dir
        set _envd_trusted yes
        for _envd_at in $_envd_here
            if test -f $_envd_dir/roots{$_envd_at}enter.fish
                source $_envd_dir/roots{$_envd_at}enter.fish
                return 0
            end
        end
    end
    _envd_leave
    for _envd_at in $_envd_here
        if test $_envd_at = / -o $_envd_at -ef "$HOME"
            return 0
        end
        if test -n "$_envd_trusted" -a -f $_envd_dir/roots{$_envd_at}asked
            read -l _envd_text <$_envd_dir/roots{$_envd_at}asked
            test -z "$_envd_text"; or _envd_notice $_envd_text $_envd_text
            return 0
        end
        for _envd_name in $_envd_manifests
            if test -e $_envd_at$_envd_name
                _envd_run ask fish
                return 0
            end
        end
    end
end
function _envd_read
    set -g _envd_line ''
    if test -O $_envd_dir -a ! -L $_envd_dir -a -f $_envd_dir/state
        read -g _envd_line <$_envd_dir/state
    end
end
# The working directory without links and all above it, each with a slash behind it.
function _envd_resolve
    set -l _envd_at $PWD
    set -g _envd_here
    for _envd_pass in 1 2
        test $_envd_at = /; or set _envd_at $_envd_at/
        set _envd_here $_envd_at
        while test $_envd_at != /
            set _envd_at "$(string replace -r '[^/]*/$' '' -- $_envd_at)"
            set -a _envd_here $_envd_at
        end
        path is -l -- (string trim -r -c / -- $_envd_here); or return 0
        set _envd_at "$(pwd -P)"
    end
end
function _envd_run
    set -l _envd_command $_envd_hook_program
    test -z "$ENVD_HOOK"; or set _envd_command $ENVD_HOOK
    test -x $_envd_command; and $_envd_command $argv </dev/null 2>/dev/null | source
end
function _envd_moved
    set -g _envd_pwd ''
    _envd_look
end

# What published answers call.
function _envd_enter # ROOT GENERATION: true when what follows has to be applied
    set -g _envd_kept
    set -g _envd_before
    if test "$ENVD_ROOT" = "$argv[1]"
        test "$ENVD_GENERATION" = "$argv[2]"; and return 1
        set _envd_before (string split ' ' -- $ENVD_LISTS)
        _envd_restore
        set -eg ENVD_LISTS
    else
        _envd_leave
        set _envd_kept
    end
    set -gx ENVD_ROOT $argv[1]
    set -gx ENVD_GENERATION $argv[2]
    return 0
end
function _envd_add
    _envd_swap $argv[1] $argv[2]
    set -gx ENVD_LISTS (string trim -- "$ENVD_LISTS $argv[1]")
end
function _envd_set
    set -gx ENVD_SET_$argv[1] $argv[2]
    set -gx ENVD_SCALARS (string trim -- "$ENVD_SCALARS $argv[1]")
    contains -- $argv[1] $_envd_kept; and return 0
    set -q $argv[1]; and set -gx ENVD_WAS_$argv[1] "$$argv[1]"
    set -gx $argv[1] $argv[2]
end
function _envd_hide
    if not contains -- $argv[1] $_envd_kept
        set -q $argv[1]; or return 0
        set -gx ENVD_WAS_$argv[1] "$$argv[1]"
        set -eg $argv[1]
    end
    set -gx ENVD_SCALARS (string trim -- "$ENVD_SCALARS $argv[1]")
end
function _envd_entered # lists that the generation before had and this one has not
    for _envd_name in $_envd_before
        contains -- $_envd_name (string split ' ' -- $ENVD_LISTS); or _envd_swap $_envd_name ''
    end
end
function _envd_label
    test "$_envd_shown" = "($argv[1]) "; or _envd_unlabel
    if test -n "$VIRTUAL_ENV_DISABLE_PROMPT"; or not status is-interactive
        return 0
    end
    set -g _envd_shown "($argv[1]) "
    if not functions -q _envd_user_prompt; and functions -q fish_prompt
        functions -c fish_prompt _envd_user_prompt
        # The user's prompt comes first, for it looks at $status and $pipestatus.
        function fish_prompt
            printf '%s%s' "$_envd_shown" (_envd_user_prompt | string collect -N)
        end
    end
end
function _envd_notice # ID TEXT
    contains -- $argv[1] $_envd_seen; and return 0
    set -ga _envd_seen $argv[1]
    printf '%s\n' $argv[2] >&2
end
function _envd_hello # NAME…: variables that the daemon waits for
    contains -- "$_envd_process $argv" $_envd_seen; and return 0
    set -ga _envd_seen "$_envd_process $argv"
    _envd_run hello fish $argv
end

# Undoing.
function _envd_leave
    set -q ENVD_ROOT; or return 0
    for _envd_name in (string split ' ' -- $ENVD_LISTS)
        _envd_swap $_envd_name ''
    end
    _envd_restore
    _envd_unlabel
    set -eg ENVD_ROOT
    set -eg ENVD_GENERATION
    set -eg ENVD_LISTS
end
function _envd_swap # NAME ENTRIES: what we added to a list becomes ENTRIES, where its first was, else in front
    string match -qr '^[A-Za-z_][A-Za-z0-9_]*$' -- $argv[1]; or return 0
    set -l _envd_added ENVD_ADDED_$argv[1]
    set -l _envd_was ENVD_WAS_$argv[1]
    set -l --path _envd_list
    set -l --path _envd_new
    set -l --path _envd_old
    set -q $_envd_added; and set _envd_old "$$_envd_added"
    set -q $argv[1]; and test -n "$$argv[1]"; and set _envd_list "$$argv[1]"
    test -n "$argv[2]"; and set _envd_new $argv[2]
    set -q $_envd_added; or not set -q $argv[1]; or set -gx $_envd_was ''
    for _envd_entry in $_envd_old
        if set -l _envd_place (contains -i -- $_envd_entry $_envd_list)
            set -l --path _envd_rest $_envd_list[$_envd_place..]
            set -e _envd_rest[1]
            set -e _envd_list[$_envd_place..]
            set -a _envd_list $_envd_new $_envd_rest
            set _envd_new
        end
    end
    set -p _envd_list $_envd_new
    if test -n "$argv[2]"; or set -q $argv[1]
        if set -q _envd_list[1]; or set -q $_envd_was
            set -gx $argv[1] "$_envd_list"
        else
            set -eg $argv[1]
        end
    end
    if test -n "$argv[2]"
        set -gx $_envd_added $argv[2]
    else
        set -eg $_envd_added
        set -eg $_envd_was
    end
    return 0
end
function _envd_restore # scalars; those that the user changed are named in _envd_kept
    set -g _envd_kept
    for _envd_name in (string split ' ' -- $ENVD_SCALARS)
        string match -qr '^[A-Za-z_][A-Za-z0-9_]*$' -- $_envd_name; or continue
        set -l _envd_set ENVD_SET_$_envd_name
        set -l _envd_was ENVD_WAS_$_envd_name
        if test (set -q $_envd_set; echo $status)"$$_envd_set" != (set -q $_envd_name; echo $status)"$$_envd_name"
            set -a _envd_kept $_envd_name
        else if set -q $_envd_was
            set -gx $_envd_name "$$_envd_was"
        else
            set -eg $_envd_name
        end
        set -eg $_envd_set
        set -eg $_envd_was
    end
    set -eg ENVD_SCALARS
end
function _envd_unlabel
    if functions -q _envd_user_prompt; and functions fish_prompt | string match -q '*_envd_user_prompt*'
        functions -e fish_prompt
        functions -c _envd_user_prompt fish_prompt
        functions -e _envd_user_prompt
    end
    set -g _envd_shown ''
end

# Installing.
if test -z "$ENVD_DISABLE"
    function _envd_on_prompt --on-event fish_prompt
        _envd_look
    end
    function _envd_on_move --on-variable PWD
        _envd_moved
    end
    function envd
        switch "$argv"
            case deactivate
                _envd_leave
                set -g _envd_paused 1
            case activate
                set -g _envd_paused ''
                _envd_moved
            case '*'
                if test -x $_envd_program
                    $_envd_program $argv
                else
                    command envd $argv
                end
        end
    end
end
