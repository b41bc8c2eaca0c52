# envd's hook for fish 3.6 and later: envd hook fish | source. The contract stands in Sources/EnvdShell/Answer.swift;
# what it searches and asks, where nothing is remembered, in search.fish, what it shows in prompt.fish: all are printed.
# In fish each command costs, each sourced line twice that, and a command substitution most; then each word that a list
# expands to, and each character of a pattern. So a move that was made once is remembered while the state is the same,
# and found again by one `switch`; the plain case, which PlainFishAnswer describes, has one `read` that sets all its
# variables, and one command undoes it as long as nothing was touched. For what PlainFishWays describes two functions do
# that, which come with the answer. Everything else goes the long way.

test -z "$ENVD_DISABLE"; or return 0
set -g _envd_hook_program @ENVD_HOOK@
set -g _envd_program @ENVD@
# The line of `state` as read now, and as acted upon, and the file that is there while it is so.
set -g _envd_line ''; set -g _envd_state -; set -g _envd_now /
# Moves that were made under this state, each written as all that it rests on: those that change nothing, inside a
# project and outdoors; into, out of and between projects whose answers are plain; the same by functions. The
# directories on the way to those places: none of them may be a link.
set -g _envd_stays; set -g _envd_outdoors; set -g _envd_takes; set -g _envd_leaves; set -g _envd_swaps
set -g _envd_ins; set -g _envd_outs; set -g _envd_turns; set -g _envd_ways
# What a plain answer sets, in the order of plain.fish; below it stands in words, which cost less. What it sets or hides
# and the user may have set.
set -g _envd_plain ENVD_ROOT ENVD_UNDO ENVD_PROMPT VIRTUAL_ENV VIRTUAL_ENV_PROMPT UV_PROJECT_ENVIRONMENT
set -g _envd_scalars VIRTUAL_ENV VIRTUAL_ENV_PROMPT UV_PROJECT_ENVIRONMENT PYTHONHOME
# The daemon's process; the one that was greeted; what is there while nothing changed since a prompt found all well.
set -g _envd_process /; set -q _envd_met; or set -g _envd_met ''; set -g _envd_alive /proc/none
set -g _envd_ready ''; set -g _envd_awaited ''; set -q _envd_paused; or set -g _envd_paused ''
# The manifests' names stand here alone. A short way out looks again only for those that most projects have: each costs,
# and the others are seen with the next state.
set -g _envd_often pyproject.toml requirements.txt environment.yml envd.toml
set -g _envd_names envd.toml pyproject.toml Pipfile pylock.toml requirements.txt requirements.in requirements setup.py setup.cfg environment.yml environment.yaml conda.yml conda.yaml conda-lock.yml
# The version of what was entered, if not by one line; the function that is the short way out of it; the name that the
# prompt shows for it.
set -q _envd_long; or set -g _envd_long ''
set -q _envd_out; or set -g _envd_out false
set -q _envd_shown; or set -g _envd_shown ''
set -q _envd_seen; or set -g _envd_seen
set -q _envd_greeted; or set -g _envd_greeted ''
if string match -q '/*' -- "$XDG_RUNTIME_DIR"
    set -g _envd_dir $XDG_RUNTIME_DIR/envd
else if test -O /run/user/$EUID
    set -g _envd_dir /run/user/$EUID/envd
else
    set -g _envd_dir (test -n "$TMPDIR"; and echo $TMPDIR; or echo /tmp)/envd-$EUID
end

# Where the working directory changed. What is remembered was reached without links. That a project's own directory is
# another one now, the daemon sees, and tells a new state; that a manifest appeared above a place without one is seen
# with the next state.
function _envd_moved --on-variable PWD
    switch "$PWD//$ENVD_ROOT//$_envd_long$PATH[1]#$VIRTUAL_ENV#$VIRTUAL_ENV_PROMPT#$UV_PROJECT_ENVIRONMENT#"
        case $_envd_takes
            # Where one of the scalars is set, if only to nothing, it names what is no file. A PATH of the caller's own
            # may hide the shell's: of that only the first entry is written.
            not builtin path is -vf $_envd_now /dev/null/$$_envd_scalars
            and read -gxd '#' ENVD_ROOT ENVD_UNDO ENVD_PROMPT VIRTUAL_ENV VIRTUAL_ENV_PROMPT UV_PROJECT_ENVIRONMENT \
                <$_envd_dir/roots$PWD/plain.fish
            and set -gx PATH[1] "$VIRTUAL_ENV/bin:$PATH[1]"
            or _envd_search
        case $_envd_leaves
            test -f $_envd_now
            and not builtin path is $_envd_often
            and not builtin path is -l $_envd_ways
            and set -eg ENVD_ROOT ENVD_UNDO ENVD_PROMPT VIRTUAL_ENV VIRTUAL_ENV_PROMPT UV_PROJECT_ENVIRONMENT PATH[1]
            or _envd_search
        case $_envd_stays
            test -f $_envd_now; and not builtin path is -l $_envd_ways; or _envd_search
        case $_envd_swaps
            set -eg $_envd_plain PATH[1]
            _envd_moved
        case $_envd_outdoors
            test -f $_envd_now; and not builtin path is $_envd_often; and not builtin path is -l $_envd_ways
            or _envd_search
        case $_envd_ins
            test -f $_envd_now; and read -l _envd_word _envd_in <$_envd_dir/roots$PWD/enter.fish
            and functions -q "$_envd_in"; and $_envd_in
            or _envd_search
        case $_envd_outs
            test -f $_envd_now; and not builtin path is $_envd_often; and not builtin path is -l $_envd_ways
            and $_envd_out
            or _envd_search
        case $_envd_turns
            $_envd_out; and _envd_moved; or _envd_search
        case '*'
            _envd_search
    end
end
# Where the state changed, or the process in it is gone.
function _envd_on_prompt --on-event fish_prompt
    builtin path is -v $_envd_alive; and _envd_look
end

# Where nothing is remembered.
function _envd_take # VERSION ID [IN]: what a published answer calls, for the root in _envd_at
    set -g _envd_kind _envd_stays
    test "$ENVD_ROOT#$_envd_long" = "$_envd_at#$argv[1]"; and return 0
    if test "$ENVD_ROOT" = "$_envd_at"; and _envd_untouched
        _envd_label $VIRTUAL_ENV_PROMPT
        return 0
    end
    set -g _envd_kind ''
    $_envd_out
    set -q ENVD_ROOT $_envd_scalars
    if test $status = 5 -a -f $_envd_dir/roots$_envd_at/plain.fish; and set -q PATH[1]
        read -gxd '#' $_envd_plain <$_envd_dir/roots$_envd_at/plain.fish
        set -gx PATH[1] "$VIRTUAL_ENV/bin:$PATH[1]"
        test "$_envd_at" = "$PWD"; and set -g _envd_kind _envd_takes
        _envd_label $VIRTUAL_ENV_PROMPT
    else if functions -q "$argv[3]"; and $argv[3]
        test "$_envd_at" = "$PWD"; and set -g _envd_kind _envd_ins
        _envd_label "$_envd_shown"
    else
        _envd_switch $argv[2]
        set -g _envd_long $argv[1]
    end
end
function _envd_untouched # what is active is as a plain answer has set it
    test -f $_envd_dir/roots$ENVD_ROOT/plain.fish; or return 1
    set -l _envd_lines "$ENVD_ROOT#$ENVD_UNDO#$ENVD_PROMPT#$VIRTUAL_ENV#$VIRTUAL_ENV_PROMPT#$UV_PROJECT_ENVIRONMENT"
    read -l _envd_line <$_envd_dir/roots$ENVD_ROOT/plain.fish
    test "$_envd_line#$PATH[1]" = "$_envd_lines#$VIRTUAL_ENV/bin"; and set -q VIRTUAL_ENV
end
function _envd_undo # PLAIN FUNCTION: the short way out, remembered as one of these; false where there is none
    if _envd_untouched
        set -eg $_envd_plain PATH[1]
        set -g _envd_kind $argv[1]
    else
        $_envd_out; and set -g _envd_kind $argv[2]
    end
end
function _envd_leave
    set -q ENVD_ROOT; or return 0
    _envd_undo _envd_leaves _envd_outs; and return 0
    set -g _envd_kind ''
    _envd_switch
end
function _envd_switch # [ID]
    _envd_run switch fish "$argv[1]"
    set -g _envd_long ''
    set -g _envd_out false
end
function _envd_run # VERB SHELL …
    set -l _envd_command $_envd_hook_program
    test -z "$ENVD_HOOK"; or set _envd_command $ENVD_HOOK
    _envd_debug "runs envd-hook $argv"
    if test -x $_envd_command -a -n "$ENVD_DEBUG"
        $_envd_command $argv </dev/null | builtin source
    else if test -x $_envd_command
        $_envd_command $argv </dev/null 2>/dev/null | builtin source
    end
    return 0
end
