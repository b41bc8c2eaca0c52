# The part of envd's hook for fish that finds out what is due: after news of the daemon, and in places that are not
# remembered. It stands after envd.fish in what `envd hook fish` prints.

function _envd_look
    if test -f "$_envd_now" -a -d $_envd_process -a -n "$_envd_ready"
        set -g _envd_alive $_envd_now $_envd_process
        return 0
    end
    set -g _envd_line ''
    test -f $_envd_dir/state; and read _envd_line <$_envd_dir/state
    if test -z "$_envd_ready"
        _envd_begin; or return 0
    else if test "$_envd_line" = "$_envd_state"
        test -d $_envd_process; and return 0
        set -g _envd_process /
        _envd_run hello fish
        return 0
    else
        _envd_follow
    end
    _envd_search
    test -z "$_envd_awaited"; or _envd_heard
end
function _envd_forget
    for _envd_kind in stays outdoors takes leaves swaps ins outs turns ways
        set -g _envd_$_envd_kind
    end
end
function _envd_follow # the state in _envd_line
    set -g _envd_state $_envd_line
    set -g _envd_now $_envd_dir/now/$_envd_line
    _envd_forget
    set -g _envd_process /proc/none
    string match -qr '^\S+ (?<_envd_found>\d+) ' -- $_envd_line; and set _envd_process /proc/$_envd_found
    # A daemon that knows this shell not; what greets says hello by itself.
    test "$_envd_greeted" = $fish_pid -a "$_envd_process" != "$_envd_met" -a -d $_envd_process; or return 0
    set -g _envd_met $_envd_process
    _envd_run hello fish
end
function _envd_begin
    test -z "$_envd_paused"; or return 1
    if test "$_envd_greeted" = $fish_pid
        test -n "$_envd_line"; or not test -f $_envd_dir/state; or read _envd_line <$_envd_dir/state
        _envd_follow
    else
        # What was inherited is entered again: a login shell may have set PATH anew.
        set -g _envd_greeted $fish_pid
        set -g _envd_process /
        set -g _envd_long ''
        set -q ENVD_UNDO; and set -gx ENVD_ROOT "$ENVD_ROOT"
        _envd_run hello fish
        test -f $_envd_dir/state; and read _envd_line <$_envd_dir/state
        string match -qr '^\S+ (?<_envd_found>\d+) ' -- $_envd_line; and set -g _envd_met /proc/$_envd_found
        _envd_follow
        test -d $_envd_process; or set -g _envd_process /
    end
    set -g _envd_ready 1
    return 0
end
# Finds what is due here, and remembers the move.
function _envd_search
    test -n "$_envd_ready"; or _envd_begin; or return 0
    # A variable of a function or block hides the shell's own from us: at the next prompt it is gone.
    set -ql PATH $_envd_scalars
    if test $status != 5
        set -g _envd_now /
        set -g _envd_alive /proc/none
        set -g _envd_state -
        return 0
    end
    # As in _envd_moved.
    set -l _envd_move \
        "$PWD//$ENVD_ROOT//$_envd_long$PATH[1]#$VIRTUAL_ENV#$VIRTUAL_ENV_PROMPT#$UV_PROJECT_ENVIRONMENT#"
    set -g _envd_kind ''
    # What is remembered is matched as a pattern, one by one.
    _envd_find; and test -n "$_envd_kind"; and not string match -qr '[*?\\\\]' -- $_envd_move; or return 0
    test (builtin count $_envd_stays $_envd_outdoors $_envd_takes $_envd_leaves $_envd_swaps $_envd_ins $_envd_outs \
        $_envd_turns $_envd_ways) -lt 250
    or _envd_forget
    if not builtin contains -- $_envd_kind _envd_takes _envd_swaps _envd_ins _envd_turns
        set -q _envd_above[1]; or return 0
        # What lies above a project is watched by the daemon, which tells a new state.
        for _envd_way in $_envd_above
            test -d $_envd_dir/roots$_envd_way; or builtin contains -- $_envd_way $_envd_ways
            or set -ga _envd_ways $_envd_way
        end
    end
    # The last in front: each pattern before the one that matches costs.
    builtin contains -- $_envd_move $$_envd_kind; or set -gp $_envd_kind $_envd_move
    return 0
end
# Upwards, for an answer; past the first directory that matters below the home directory. True where what was done may be
# remembered, as _envd_kind.
function _envd_find
    set -l _envd_tree $_envd_dir/roots
    test -O $_envd_dir -a ! -L $_envd_dir; or set _envd_tree /dev/null
    # A newline at the end gets lost.
    set -l _envd_real "$(builtin pwd -P 2>/dev/null)"
    test "$_envd_real" -ef .; or set _envd_real $PWD
    string match -q '/*' -- "$ENVD_SHELL"; and not string match -qr '/\.\.?(/|$)' -- "$ENVD_SHELL"
    and test -f $_envd_tree"$ENVD_SHELL"/enter.fish; and set _envd_real $ENVD_SHELL
    set -l _envd_found ''
    set -g _envd_above
    set -g _envd_at ''
    set -l _envd_up $_envd_real
    while string match -qr '(?s)^(?<_envd_next>.*)/[^/]+$' -- $_envd_up
        set -ga _envd_above $_envd_up
        if test -z "$_envd_at"
            not test -f $_envd_tree$_envd_up/enter.fish -a -O $_envd_tree$_envd_up/enter.fish; or set -g _envd_at $_envd_up
            test -n "$_envd_found$_envd_at"
            or not builtin path filter -q -- $_envd_tree$_envd_up/asked $_envd_up/$_envd_names
            or set _envd_found $_envd_up
        end
        set _envd_up $_envd_next
    end
    test -n "$_envd_at" -o ! -f $_envd_tree/enter.fish -o ! -O $_envd_tree/enter.fish; or set -g _envd_at /
    if test -n "$_envd_at"
        if set -q ENVD_ROOT; and test "$ENVD_ROOT" != "$_envd_at"; and _envd_undo _envd_swaps _envd_turns
            # From outdoors on it may be a move that is known, or is one to remember.
            set -l _envd_left $_envd_kind
            _envd_moved
            set -g _envd_kind ''
            test "$ENVD_ROOT" != "$PWD"; or set -g _envd_kind $_envd_left
        else
            _envd_debug "reads $_envd_tree$_envd_at/enter.fish, for $PWD"
            builtin source $_envd_tree$_envd_at/enter.fish
        end
    else
        _envd_debug "finds no answer for $PWD"
        set -g _envd_kind _envd_outdoors
        _envd_leave
        if test -n "$_envd_found"
            _envd_ask
            return 1
        end
    end
    test "$_envd_real" = "$PWD"
end
function _envd_ask --no-scope-shadowing # for what lies in _envd_found, if it is not at the home directory or above
    test $_envd_found -ef "$HOME"; and return 0
    test (string sub -l (string length -- $_envd_found/ | string collect) -- $HOME/ | string collect) = $_envd_found/
    and return 0
    if not test -f $_envd_tree$_envd_found/asked
        _envd_run ask fish
        return 0
    end
    set -l _envd_text ''
    read _envd_text <$_envd_tree$_envd_found/asked
    test -z "$_envd_text"; or _envd_notice $_envd_text $_envd_text
end
