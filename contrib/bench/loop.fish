# As loop.bash, in fish: its hooks hear of a command line, of a change of $PWD and of a prompt.
set -g hook $argv[1]
set -g project $argv[2]
set -g outside $argv[3]
set -g asking $argv[4]
set -g numbers (seq 5000)
test $hook = bare; or eval $hook | source

function go
    emit fish_preexec
    cd $argv[1]
    emit fish_postexec
    emit fish_prompt
end

while read -d ' ' request count from
    switch $request
        case enter
            go $project
            emit fish_prompt
        case leave
            go $outside
            emit fish_prompt
        case prompt
            for i in $numbers[1..$count]
                emit fish_prompt
            end
        case switch
            for i in $numbers[1..$count]
                go $project
                go $outside
            end
        case true
            for i in $numbers[1..$count]
                set unused (/bin/true)
            end
        case ask
            for i in $numbers[$from..(math $from + $count - 1)]
                go $asking/$i
                go $outside
            end
    end
    set -q VIRTUAL_ENV; and echo $VIRTUAL_ENV; or echo none
end
