# envd's hook for fish 3.6 and later: envd hook fish | source. The contract stands in Sources/EnvdShell/Answer.swift.
# In fish each command costs, each sourced line twice that, and a command substitution most; then each word that a list
# expands to, and each character of a pattern. So a move that was made once is remembered while the state is the same,
# and found again by one `switch`; the plain case, which PlainFishAnswer describes, has one `read` that sets all its
# variables, and one command undoes it as long as nothing was touched. Everything else goes through what published
# answers call.
# Lists are split as local path variables, which also join with colons; `string match` sets what its groups name.

test -z "$ENVD_DISABLE"; or return 0
set -g _envd_hook_program @ENVD_HOOK@
set -g _envd_program @ENVD@
set -g _envd_line ''
set -g _envd_state -
set -g _envd_now /
# Moves that were made under this state, each written as all that it rests on: those that change nothing, inside a
# project and outdoors; into, out of and between projects whose answers are plain.
set -g _envd_stays
set -g _envd_outdoors
set -g _envd_takes
set -g _envd_leaves
set -g _envd_swaps
# Directories on the way to those places: none of them may be a link.
set -g _envd_ways
# What a plain answer sets, in the order of plain.fish; the hook itself has it in words, which cost less.
set -g _envd_plain ENVD_ROOT ENVD_GENERATION ENVD_LISTS ENVD_SCALARS ENVD_ADDED_PATH \
    VIRTUAL_ENV ENVD_SET_VIRTUAL_ENV VIRTUAL_ENV_PROMPT ENVD_SET_VIRTUAL_ENV_PROMPT \
    UV_PROJECT_ENVIRONMENT ENVD_SET_UV_PROJECT_ENVIRONMENT
# What it sets or hides, and the user may have set.
set -g _envd_scalars VIRTUAL_ENV VIRTUAL_ENV_PROMPT UV_PROJECT_ENVIRONMENT PYTHONHOME
set -g _envd_process /
# What is there while nothing changed since a prompt found all well: the state's name and the process.
set -g _envd_alive /proc/none
set -g _envd_ready ''
set -g _envd_met ''
set -g _envd_awaited ''
set -g _envd_paused ''
# The manifests' names stand here alone.
set -g _envd_names envd.toml pyproject.toml Pipfile pylock.toml requirements.txt requirements.in requirements setup.py setup.cfg environment.yml environment.yaml conda.yml conda.yaml conda-lock.yml
# Six directories from the root on, and a seventh that only says that there are more.
set -g _envd_parents '(?s)^'
for _envd_depth in 1 2 3 4 5 6 7
    set _envd_parents "$_envd_parents(?=(?<_envd_$_envd_depth>(?:/[^/]+){$_envd_depth})|)"
end
set -g _envd_before
set -g _envd_kept
set -q _envd_wrapped; or set -g _envd_wrapped ''
set -q _envd_shown; or set -g _envd_shown ''
set -q _envd_long; or set -g _envd_long ''
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

# The hook itself: where the working directory changed, or the state (or the process in it is gone). What is remembered
# was reached without links. That a project's own directory is another one now, the daemon sees, and tells a new state;
# that a manifest appeared above a place without one is seen with the next state.
function _envd_moved --on-variable PWD
    switch "$PWD//$ENVD_ROOT//$_envd_long$PATH[1]#$VIRTUAL_ENV#$VIRTUAL_ENV_PROMPT#$UV_PROJECT_ENVIRONMENT#"
        case $_envd_takes
            # Where one of the scalars is set, if only to nothing, it names what is no file. A PATH of the caller's own
            # may hide the shell's: of that only the first entry is written.
            not builtin path is -vf $_envd_now /dev/null/$$_envd_scalars
            and read -gxd '#' ENVD_ROOT ENVD_GENERATION ENVD_LISTS ENVD_SCALARS ENVD_ADDED_PATH \
                VIRTUAL_ENV ENVD_SET_VIRTUAL_ENV VIRTUAL_ENV_PROMPT ENVD_SET_VIRTUAL_ENV_PROMPT \
                UV_PROJECT_ENVIRONMENT ENVD_SET_UV_PROJECT_ENVIRONMENT <$_envd_dir/roots$PWD/plain.fish
            and set -gx PATH[1] "$ENVD_ADDED_PATH:$PATH[1]"
            or _envd_search
        case $_envd_leaves
            test -f $_envd_now
            and not builtin path is $_envd_names
            and not builtin path is -l $_envd_ways
            and set -eg ENVD_ROOT ENVD_GENERATION ENVD_LISTS ENVD_SCALARS ENVD_ADDED_PATH \
                VIRTUAL_ENV ENVD_SET_VIRTUAL_ENV VIRTUAL_ENV_PROMPT ENVD_SET_VIRTUAL_ENV_PROMPT \
                UV_PROJECT_ENVIRONMENT ENVD_SET_UV_PROJECT_ENVIRONMENT PATH[1]
            or _envd_search
        case $_envd_stays
            test -f $_envd_now; and not builtin path is -l $_envd_ways; or _envd_search
        case $_envd_swaps
            set -eg $_envd_plain PATH[1]
            _envd_moved
        case $_envd_outdoors
            test -f $_envd_now; and not builtin path is $_envd_names; and not builtin path is -l $_envd_ways
            or _envd_search
        case '*'
            _envd_search
    end
end
function _envd_forget
    set -g _envd_stays
    set -g _envd_outdoors
    set -g _envd_takes
    set -g _envd_leaves
    set -g _envd_swaps
    set -g _envd_ways
end
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
        _envd_greet
    end
    set -g _envd_ready 1
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
    # As in _envd_moved; what it is where nothing of ours is set, and where a plain answer is active and untouched.
    set -l _envd_move \
        "$PWD//$ENVD_ROOT//$_envd_long$PATH[1]#$VIRTUAL_ENV#$VIRTUAL_ENV_PROMPT#$UV_PROJECT_ENVIRONMENT#"
    set -l _envd_free "$PWD////$PATH[1]####"
    set -l _envd_whole "$PWD//$ENVD_ROOT//$ENVD_ADDED_PATH#$ENVD_SET_VIRTUAL_ENV#$ENVD_SET_VIRTUAL_ENV_PROMPT#" \
        "$ENVD_SET_UV_PROJECT_ENVIRONMENT#"
    set -l _envd_from "$ENVD_ROOT#$ENVD_GENERATION"
    set -q PATH[1]; or set _envd_free ''
    # What is remembered is matched as a pattern, one by one.
    _envd_find; and not string match -qr '[*?\\\\]' -- $_envd_move; or return 0
    test (builtin count $_envd_stays $_envd_outdoors $_envd_takes $_envd_leaves $_envd_swaps $_envd_ways) -lt 250
    or _envd_forget
    set -l _envd_kind
    if test "$_envd_from" = "$ENVD_ROOT#$ENVD_GENERATION"
        set _envd_kind _envd_outdoors
        test -z "$ENVD_ROOT"; or set _envd_kind _envd_stays
    else if test -z "$ENVD_ROOT"
        test "$_envd_move" = "$_envd_whole[1]$_envd_whole[2]"; and set _envd_kind _envd_leaves
    else if test "$ENVD_ROOT" = "$PWD" -a -f $_envd_dir/roots$PWD/plain.fish
        if test "$_envd_move" = "$_envd_free"
            set _envd_kind _envd_takes
        else if test "$_envd_move" = "$_envd_whole[1]$_envd_whole[2]" -a "$_envd_from" != '#'
            set _envd_kind _envd_swaps
        end
    end
    test -n "$_envd_kind"; or return 0
    if not builtin contains -- $_envd_kind _envd_takes _envd_swaps
        set -q _envd_above[1]; or return 0
        for _envd_way in $_envd_above
            builtin contains -- $_envd_way $_envd_ways; or set -ga _envd_ways $_envd_way
        end
    end
    # The last in front: each pattern before the one that matches costs.
    builtin contains -- $_envd_move $$_envd_kind; or set -gp $_envd_kind $_envd_move
    return 0
end
# Upwards: all that could matter is looked for at once, six levels deep, and one by one only where there is something.
# True where a project is active or nothing is there, and no link led here.
function _envd_find
    set -l _envd_tree $_envd_dir/roots
    test -O $_envd_dir -a ! -L $_envd_dir; or set _envd_tree /dev/null
    # A newline at the end gets lost.
    set -l _envd_at "$(builtin pwd -P 2>/dev/null)"
    test "$_envd_at" -ef .; or set _envd_at $PWD
    set -l _envd_real $_envd_at
    string match -qr $_envd_parents -- $_envd_at
    set -l _envd_ups $_envd_1 $_envd_2 $_envd_3 $_envd_4 $_envd_5 $_envd_6
    set -g _envd_above $_envd_ups
    test -z "$_envd_7"; or set -g _envd_above
    set -l _envd_found $_envd_tree$_envd_ups/{enter.fish,asked} $_envd_ups/$_envd_names
    if test -z "$_envd_7"; and set -q _envd_found[1]; and not builtin path filter -q -- $_envd_found
        set -q ENVD_ROOT; and _envd_leave
        test "$_envd_real" = "$PWD"
        return
    end
    test $_envd_at != /; or set _envd_at ''
    while test -n "$_envd_at"
        and not builtin path filter -q -- $_envd_tree$_envd_at/{enter.fish,asked} $_envd_at/$_envd_names
        string match -qr '(?s)^(?<_envd_at>.*)/.*$' -- $_envd_at
    end
    set _envd_found $_envd_at
    while test -n "$_envd_at" -a ! -f $_envd_tree$_envd_at/enter.fish
        string match -qr '(?s)^(?<_envd_at>.*)/.*$' -- $_envd_at
    end
    if test -f $_envd_tree$_envd_at/enter.fish
        if set -q ENVD_ROOT; and test "$ENVD_ROOT" != "$_envd_at"
            # From outdoors on it may be a move that is known, or is one to remember.
            _envd_leave
            set -q ENVD_ROOT; or _envd_moved
        else
            builtin source $_envd_tree$_envd_at/enter.fish
        end
        test "$_envd_real" = "$PWD" -a -n "$ENVD_ROOT"
        return
    end
    set -q ENVD_ROOT; and _envd_leave
    test -z "$_envd_found"; or _envd_ask
    return 1
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
function _envd_greet
    set -g _envd_greeted $fish_pid
    set -g _envd_process /
    # What was inherited is entered again: a login shell may have set PATH anew. Names must be names.
    set -q ENVD_ROOT; and set -gx ENVD_GENERATION ''
    if string match -qr ':[0-9]|[^A-Za-z0-9_:]' -- ":$ENVD_LISTS:$ENVD_SCALARS"
        set -eg ENVD_LISTS
        set -eg ENVD_SCALARS
    end
    _envd_run hello fish
    test -f $_envd_dir/state; and read _envd_line <$_envd_dir/state
    string match -qr '^\S+ (?<_envd_found>\d+) ' -- $_envd_line; and set -g _envd_met /proc/$_envd_found
    _envd_follow
    test -d $_envd_process; or set -g _envd_process /
end
function _envd_run
    set -l _envd_command $_envd_hook_program
    test -z "$ENVD_HOOK"; or set _envd_command $ENVD_HOOK
    test -x $_envd_command; and $_envd_command $argv </dev/null 2>/dev/null | builtin source
    return 0
end

# What published answers call.
function _envd_enter # ROOT GENERATION LISTS SCALARS: true when what follows has to be applied
    if set -q ENVD_ROOT
        test "$ENVD_ROOT" = "$argv[1]" -a "$ENVD_GENERATION" = "$argv[2]"; and return 1
        if test "$ENVD_ROOT" = "$argv[1]"
            set -eg ENVD_SCRIPTS
            set -l --path _envd_names "$ENVD_LISTS"
            set -g _envd_before $_envd_names
            _envd_restore
        else
            _envd_leave
        end
    end
    set -g _envd_long long:
    set -gx ENVD_ROOT $argv[1]
    set -gx ENVD_GENERATION $argv[2]
    set -gx ENVD_LISTS $argv[3]
    set -gx ENVD_SCALARS $argv[4]
    set -l --path _envd_names $argv[4]
    for _envd_name in $_envd_names
        set -q $_envd_name; and set -gx ENVD_WAS_$_envd_name "$$_envd_name"
    end
    return 0
end
function _envd_add # NAME ENTRIES
    if set -q _envd_before[1]
        _envd_swap $argv[1] $argv[2]
        return 0
    end
    test -n "$argv[2]"; or return 0
    set -gx ENVD_ADDED_$argv[1] $argv[2]
    if test -n "$$argv[1]"
        set -gx $argv[1] $argv[2]:"$$argv[1]"
    else
        set -q $argv[1]; and set -gx ENVD_WAS_$argv[1] ''
        set -gx $argv[1] $argv[2]
    end
end
function _envd_append # NAME ENTRIES: at the end of a list, those that it has not got
    set -l --path _envd_new $argv[2]
    set -l _envd_added ENVD_ADDED_$argv[1]
    for _envd_entry in $_envd_new
        set -l --path _envd_list
        test -z "$$argv[1]"; or set _envd_list "$$argv[1]"
        builtin contains -- $_envd_entry $_envd_list; and continue
        set -q $_envd_added; or not set -q $argv[1]; or set -gx ENVD_WAS_$argv[1] ''
        set -l --path _envd_old
        set -q $_envd_added; and set _envd_old "$$_envd_added"
        set -a _envd_old $_envd_entry
        set -a _envd_list $_envd_entry
        set -gx $_envd_added "$_envd_old"
        set -gx $argv[1] "$_envd_list"
    end
end
function _envd_set # NAME VALUE: a scalar that is worked out here
    set -q $argv[1]; and set -gx ENVD_WAS_$argv[1] "$$argv[1]"
    set -gx $argv[1] $argv[2]
    set -gx ENVD_SET_$argv[1] $argv[2]
    set -gx ENVD_SCALARS $ENVD_SCALARS:$argv[1]
end
function _envd_extend # NAME BEFORE AFTER OTHERWISE: a scalar made of what it is
    if test -n "$$argv[1]"
        _envd_set $argv[1] $argv[2]"$$argv[1]"$argv[3]
    else
        _envd_set $argv[1] $argv[4]
    end
end
function _envd_conda # VARIABLES: counts as `conda activate --stack` does, unless the user's own conda did meanwhile
    builtin contains CONDA_SHLVL $_envd_kept; and return 0
    set -l _envd_level 0
    string match -qr '^[1-9][0-9]?$' -- "$CONDA_SHLVL"; and set _envd_level $CONDA_SHLVL
    if test $_envd_level != 0 -a -n "$CONDA_PREFIX"
        _envd_set CONDA_PREFIX_$_envd_level "$CONDA_PREFIX"
        _envd_set CONDA_STACKED_(math $_envd_level + 1) true
    end
    set -l --path _envd_names $argv[1]
    for _envd_name in $_envd_names
        test -n "$_envd_name"; and set -q $_envd_name; or continue
        _envd_set __CONDA_SHLVL_{$_envd_level}_$_envd_name "$$_envd_name"
    end
    _envd_set CONDA_SHLVL (math $_envd_level + 1)
end
function _envd_entered
    set -q _envd_before[1]; or set -q _envd_kept[1]; and _envd_changed
    return 0
end
function _envd_changed # from an older generation: lists that this one has not, and what the user changed
    set -l --path _envd_names "$ENVD_LISTS"
    for _envd_name in $_envd_before
        builtin contains -- $_envd_name $_envd_names; or _envd_swap $_envd_name ''
    end
    for _envd_name in $_envd_kept
        set -l _envd_value _envd_kept_$_envd_name
        if set -q $_envd_value
            set -gx $_envd_name "$$_envd_value"
            set -eg $_envd_value
        else
            set -eg $_envd_name
        end
        set -eg ENVD_WAS_$_envd_name
    end
    set -g _envd_before
    set -g _envd_kept
end
function _envd_label
    set -g _envd_shown "($argv[1]) "
    set -g _envd_wrapped 1
    functions -q _envd_user_prompt; and return 0
    status is-interactive; and functions -q fish_prompt; or return 0
    functions -c fish_prompt _envd_user_prompt
    # The user's prompt comes first, for it looks at $status and $pipestatus.
    function fish_prompt
        set -l _envd_label
        if set -q ENVD_ROOT; and test -z "$VIRTUAL_ENV_DISABLE_PROMPT"
            set _envd_label $_envd_shown
            test -n "$_envd_long"; or set _envd_label "($ENVD_SET_VIRTUAL_ENV_PROMPT) "
        end
        builtin printf '%s%s' "$_envd_label" (_envd_user_prompt | string collect -N)
    end
end
function _envd_notice # ID TEXT
    builtin contains -- $argv[1] $_envd_seen; and return 0
    set -ga _envd_seen $argv[1]
    string match -q 'building-*' -- $argv[1]; and set -g _envd_awaited $argv[1]
    builtin printf '%s\n' $argv[2] >&2
end
function _envd_heard # of the build that this shell was told of
    test -f $_envd_dir/news/$_envd_awaited; or return 0
    read _envd_line <$_envd_dir/news/$_envd_awaited
    set -g _envd_awaited ''
    builtin printf '%s\n' $_envd_line >&2
end
function _envd_hello # NAME…: variables that the daemon waits for
    set -l _envd_daemon
    string match -qr '^(?<_envd_daemon>.*) ' -- $_envd_state
    builtin contains -- "$_envd_daemon $argv" $_envd_seen; and return 0
    set -ga _envd_seen "$_envd_daemon $argv"
    _envd_run hello fish $argv
end

# Undoing.
function _envd_leave
    set -q ENVD_ROOT; or return 0
    set -l --path _envd_names "$ENVD_LISTS"
    for _envd_name in $_envd_names
        test -n "$_envd_name"; or continue
        set -l _envd_added ENVD_ADDED_$_envd_name
        set -l --path _envd_list "$$_envd_name"
        if test "$_envd_list[1]" = "$$_envd_added"; and set -q _envd_list[2]
            # Untouched, and one entry: the short way.
            set -gx $_envd_name "$_envd_list[2..]"
            set -eg $_envd_added ENVD_WAS_$_envd_name
        else
            _envd_swap $_envd_name ''
        end
    end
    _envd_restore
    for _envd_name in $_envd_kept
        set -eg _envd_kept_$_envd_name
    end
    set -g _envd_kept
    set -g _envd_shown ''
    set -g _envd_long ''
    set -eg ENVD_ROOT ENVD_GENERATION ENVD_LISTS ENVD_SCRIPTS
    return 0
end
function _envd_swap # NAME ENTRIES: what we added to a list becomes ENTRIES, where its first was, else in front
    set -l _envd_added ENVD_ADDED_$argv[1]
    set -l _envd_was ENVD_WAS_$argv[1]
    set -l --path _envd_list
    set -l --path _envd_new
    set -l --path _envd_old
    set -q $_envd_added; and set _envd_old "$$_envd_added"
    test -z "$$argv[1]"; or set _envd_list "$$argv[1]"
    test -z "$argv[2]"; or set _envd_new $argv[2]
    set -q $_envd_added; or not set -q $argv[1]; or set -gx $_envd_was ''
    for _envd_entry in $_envd_old
        if test "$_envd_list[1]" = $_envd_entry
            set _envd_list $_envd_new $_envd_list[2..]
            set _envd_new
        else if builtin contains -- $_envd_entry $_envd_list
            set -l _envd_place (builtin contains -i -- $_envd_entry $_envd_list)
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
function _envd_restore # scalars; those that the user changed go into _envd_kept, with their values beside it
    set -l --path _envd_names "$ENVD_SCALARS"
    for _envd_name in $_envd_names
        test -n "$_envd_name"; or continue
        set -l _envd_set ENVD_SET_$_envd_name
        if test "$$_envd_set" != "$$_envd_name"; or begin; set -q $_envd_name; and not set -q $_envd_set; end
            set -a _envd_kept $_envd_name
            set -q $_envd_name; and set -g _envd_kept_$_envd_name "$$_envd_name"
        else if set -q ENVD_WAS_$_envd_name
            set -l _envd_was ENVD_WAS_$_envd_name
            set -gx $_envd_name "$$_envd_was"
        else
            set -eg $_envd_name
        end
        set -eg $_envd_set ENVD_WAS_$_envd_name
    end
    set -eg ENVD_SCALARS
end
function _envd_unwrap # the prompt; a prompt that the user made meanwhile stays
    set -g _envd_wrapped ''
    if functions -q _envd_user_prompt; and functions fish_prompt | string match -q '*_envd_user_prompt*'
        functions -e fish_prompt
        functions -c _envd_user_prompt fish_prompt
        functions -e _envd_user_prompt
    end
end

function _envd_on_prompt --on-event fish_prompt
    builtin path is -v $_envd_alive; and _envd_look
end
function envd
    switch "$argv"
        case deactivate
            _envd_leave
            _envd_unwrap
            set -g _envd_paused 1
            set -g _envd_ready ''
            set -g _envd_now /
        case activate
            set -g _envd_paused ''
            _envd_look
        case '*'
            if test -x $_envd_program
                $_envd_program $argv
            else
                command envd $argv
            end
    end
end
