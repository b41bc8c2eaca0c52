# As loop.bash, in zsh: its hooks are functions that the shell calls before a prompt and after a change of directory.
hook=$1 project=$2 outside=$3 asking=$4
set --
typeset -ga precmd_functions
if [[ $hook != bare ]]; then eval "$(${=hook})"; fi

show_prompt() {
    local each
    for each in $precmd_functions; do $each; done
}

while read -r request count from; do
    case $request in
        enter) cd $project && show_prompt && show_prompt ;;
        leave) cd $outside && show_prompt && show_prompt ;;
        prompt) for ((i = 0; i < count; i++)); do show_prompt; done ;;
        switch) for ((i = 0; i < count; i++)); do cd $project && show_prompt && cd $outside && show_prompt; done ;;
        true) for ((i = 0; i < count; i++)); do : "$(/bin/true)"; done ;;
        ask) for ((i = from; i < from + count; i++)); do cd $asking/$i && show_prompt && cd $outside && show_prompt; done ;;
    esac
    print -r -- ${VIRTUAL_ENV-none}
done
