# The part of envd's hook for fish that people see: what it shows them, and the command. It stands last in what
# `envd hook fish` prints.

# What people and the daemon are told.
function _envd_notice # ID TEXT
    builtin contains -- $argv[1] $_envd_seen; and return 0
    set -ga _envd_seen $argv[1]
    string match -q 'building-*' -- $argv[1]; and set -g _envd_awaited $argv[1]
    builtin printf '%s%s\n' "$_envd_break" $argv[2] >&2
end
function _envd_heard # of the build that this shell was told of
    test -f $_envd_dir/news/$_envd_awaited; or return 0
    read _envd_line <$_envd_dir/news/$_envd_awaited
    set -g _envd_awaited ''
    builtin printf '%s%s\n' "$_envd_break" $_envd_line >&2
end
function _envd_debug
    test -z "$ENVD_DEBUG"; or builtin printf 'envd: %s\n' (string replace -ar '[[:cntrl:]]' '?' -- $argv) >&2
end
function _envd_hello # NAME…: variables that the daemon waits for
    set -l _envd_daemon
    string match -qr '^(?<_envd_daemon>.*) ' -- $_envd_state
    builtin contains -- "$_envd_daemon $argv" $_envd_seen; and return 0
    set -ga _envd_seen "$_envd_daemon $argv"
    _envd_run hello fish $argv
end
function _envd_label # NAME: "(NAME) " before the prompt, or nothing
    set -g _envd_shown $argv[1]
    test -n "$_envd_shown"; and not functions -q _envd_user_prompt; or return 0
    status is-interactive; and functions -q fish_prompt; or return 0
    functions -c fish_prompt _envd_user_prompt
    function fish_prompt
        # The user's prompt comes first, for it looks at $status and $pipestatus.
        set -l _envd_text (_envd_user_prompt | string collect -N)
        set -l _envd_name
        if set -q ENVD_ROOT; and test -z "$VIRTUAL_ENV_DISABLE_PROMPT"
            if test -n "$_envd_long"
                test -z "$_envd_shown"; or set _envd_name "($_envd_shown) "
            else
                string match -qr '^(?<_envd_name>.*) ' -- $ENVD_PROMPT; and set _envd_name "($_envd_name) "
            end
        end
        builtin printf '%s%s' "$_envd_name" "$_envd_text"
    end
end
function _envd_unwrap # the prompt; a prompt that the user made meanwhile stays
    if functions -q _envd_user_prompt; and functions fish_prompt | string match -q '*_envd_user_prompt*'
        functions -e fish_prompt
        functions -c _envd_user_prompt fish_prompt
        functions -e _envd_user_prompt
    end
end

# Another fish set this at a change of `state`: a prompt that waits is drawn again (`fish.idle` in config.toml).
function _envd_on_woken --on-variable _envd_woken
    status is-interactive; and test -n "$_envd_ready" -a (status current-command) = fish; or return 0
    # What is said goes below the line that is being typed.
    set -g _envd_break \n
    _envd_on_prompt
    set -g _envd_break ''
    commandline -f repaint
end

# What they type.
function _envd_pause
    _envd_forget
    set -g _envd_paused 1
    set -g _envd_ready ''
    set -g _envd_now /
    set -g _envd_alive /proc/none
    set -eg ENVD_SHELL
end
function _envd_resume
    _envd_forget
    set -g _envd_paused ''
    _envd_search
end
function _envd_pin # DIRECTORY|GENERATION
    set -l _envd_lines ($_envd_program activate --shell fish $argv); or return
    set -g _envd_out false
    set -g _envd_long pinned
    builtin printf '%s\n' $_envd_lines | builtin source
end
function envd
    switch "$argv"
        case deactivate
            _envd_leave
            _envd_pause
            _envd_unwrap
        case activate
            set -eg ENVD_SHELL
            _envd_resume
        case '*'
            if test (builtin count $argv) = 2 -a "$argv[1]" = activate; and not string match -q -- '-*' $argv[2]
                _envd_pin $argv[2]
            else if test -x $_envd_program
                $_envd_program $argv
            else
                command envd $argv
            end
    end
end
