# shellcheck shell=bash
# forward COMMAND...: runs a command and stops it in good order when this shell is told to end. To be sourced.
#
# USR1 is the signal that stops a sweep in good order: what was trained is committed. It is passed on, and so, as USR1,
# are the first TERM, INT or HUP: on those mpirun leaves its ranks less than a second. One that comes after any of these
# is passed on as TERM, for ranks that do not stop.
# The command has a session of its own, or the terminal's Ctrl-C would reach it directly, and no input. If it is killed,
# what it leaves of its session is ended.
# Returns the command's exit status; $forward_told says whether this shell was told to end meanwhile.
forward() {
    local child='' status told=true next=USR1
    # shellcheck disable=SC2034  # it is for the caller
    forward_told=false
    # Before the command starts: it may be told to end as soon as it is there.
    trap 'forward_told=true; pass_on USR1' USR1
    trap 'forward_told=true; pass_on "$next"' TERM INT HUP
    setsid "$@" </dev/null &
    child=$!
    ! $forward_told || pass_on USR1
    # `wait` returns early when this shell is told something; asked again, it waits on or repeats the status.
    while $told; do
        told=false status=0
        wait "$child" || status=$?
    done
    [ "$status" -lt 128 ] || end_session "$child"
    trap - USR1 TERM INT HUP
    return "$status"
}

# pass_on SIGNAL: sends it to forward's command.
pass_on() {
    told=true
    [ -n "$child" ] || return 0
    kill "-$1" "$child" 2>/dev/null || true
    next=TERM
}

# end_session SESSION: ends its processes in good order, which ranks need some 0.2 s for, and those that remain at once.
end_session() {
    local turn pids
    for ((turn = 0; turn < 20; turn++)); do
        mapfile -t pids < <(session_members "$1")
        [ ${#pids[@]} -gt 0 ] || return 0
        case $turn in
        0) kill -TERM "${pids[@]}" 2>/dev/null || true ;;
        10) kill -KILL "${pids[@]}" 2>/dev/null || true ;;
        esac
        sleep 0.1
    done
}

# session_members SESSION: the numbers of its processes, one a line.
session_members() {
    local file line state session
    for file in /proc/[0-9]*/stat; do
        { read -r line <"$file"; } 2>/dev/null || continue
        # Behind the name, which may hold anything: state, parent, group, session.
        read -r state _ _ session _ <<<"${line##*) }"
        if [ "$session" = "$1" ] && [ "$state" != Z ]; then basename "${file%/stat}"; fi
    done
}
