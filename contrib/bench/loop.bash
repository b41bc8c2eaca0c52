# shellcheck shell=bash
# Serves contrib/bench/shells.py: loops of what a person's bash does, on request. Sourced by an interactive bash.
#
#     loop.bash HOOK PROJECT OUTSIDE ASKING      HOOK: bare, or a command that prints the hook
#
# Requests come as lines, each is answered by one line when it is done, and times are taken outside.
hook=$1 project=$2 outside=$3 asking=$4
set --
PROMPT_COMMAND=()
if [[ $hook != bare ]]; then eval "$($hook)"; fi

show_prompt() {
    local each
    for each in "${PROMPT_COMMAND[@]}"; do eval "$each"; done
}

while read -r request count from; do
    case $request in
        enter) cd "$project" && show_prompt && show_prompt ;;
        leave) cd "$outside" && show_prompt && show_prompt ;;
        prompt) for ((i = 0; i < count; i++)); do show_prompt; done ;;
        switch) for ((i = 0; i < count; i++)); do cd "$project" && show_prompt && cd "$outside" && show_prompt; done ;;
        true) for ((i = 0; i < count; i++)); do : "$(/bin/true)"; done ;;
        ask) for ((i = from; i < from + count; i++)); do cd "$asking/$i" && show_prompt && cd "$outside" && show_prompt; done ;;
    esac
    echo "${VIRTUAL_ENV-none}"
done
