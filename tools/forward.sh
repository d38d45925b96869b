# shellcheck shell=bash
# forward COMMAND...: runs a command and stops it in good order when this shell is told to end. To be sourced.
#
# USR1 is the signal that stops a sweep in good order: what was trained is committed. It is passed on, and so, as USR1,
# are XCPU and the first TERM, INT or HUP: on those mpirun leaves its ranks less than a second. One that comes after any
# of these is passed on as TERM, for ranks that do not stop.
# The command has a session of its own, or the terminal's Ctrl-C would reach it directly, and no input. If it is killed,
# what it leaves of its session is ended. Ctrl-Z (TSTP) suspends the command with all its processes, and then this
# shell; when the shell is resumed (fg, bg), so are they.
# Signals that were ignored when this shell started stay ignored, as with nohup.
# Returns the command's exit status; $forward_told says whether this shell was told to end meanwhile.
forward() {
    local child='' status told=true next=USR1
    # shellcheck disable=SC2034  # it is for the caller
    forward_told=false
    # Before the command starts: it may be told to end as soon as it is there.
    trap 'forward_told=true; pass_on USR1' USR1 XCPU
    trap 'forward_told=true; pass_on "$next"' TERM INT HUP
    trap suspend TSTP
    setsid "$@" </dev/null &
    child=$!
    ! $forward_told || pass_on USR1
    # `wait` returns early when this shell is told something; asked again, it waits on or repeats the status.
    while $told; do
        told=false status=0
        wait "$child" || status=$?
    done
    # From here on Ctrl-Z stops this shell and what it runs, as it does any other command.
    trap - TSTP
    [ "$status" -lt 128 ] || end_session "$child"
    trap - USR1 XCPU TERM INT HUP
    return "$status"
}

# pass_on SIGNAL: sends it to forward's command.
pass_on() {
    told=true
    [ -n "$child" ] || return 0
    kill "-$1" "$child" 2>/dev/null || true
    next=TERM
}

# suspend: stops forward's command with all its processes, then this shell; resumes them when the shell is resumed.
# They are stopped by STOP, one by one: a terminal's TSTP does not reach other sessions, and launchers differ in what
# they make of one (MPICH's has its ranks go on).
suspend() {
    told=true
    # What is run here must not be stopped by another Ctrl-Z: this shell would wait for it and never stop itself.
    trap '' TSTP
    # Twice: a process may have started another one between the look and its stop.
    signal_tree STOP
    signal_tree STOP
    kill -STOP "$BASHPID"
    signal_tree CONT
    trap suspend TSTP
}

# signal_tree SIGNAL: sends it to forward's command and all processes below it.
signal_tree() {
    local pids
    [ -n "$child" ] || return 0
    mapfile -t pids < <(tree "$child")
    kill "-$1" "${pids[@]}" 2>/dev/null || true
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

# processes: number, state, parent and session of every process that has not ended, a line each.
processes() {
    local file line state parent session
    for file in /proc/[0-9]*/stat; do
        { read -r line <"$file"; } 2>/dev/null || continue
        # Behind the name, which may hold anything: state, parent, group, session.
        read -r state parent _ session _ <<<"${line##*) }"
        [ "$state" = Z ] || echo "${line%% *} $state $parent $session"
    done
}

# session_members SESSION: the numbers of its processes, one a line.
session_members() {
    processes | awk -v session="$1" '$4 == session { print $1 }'
}

# tree PROCESS: its number and those of all processes below it, one a line, parents before their children.
tree() {
    processes | awk -v top="$1" '
        { children[$3] = children[$3] " " $1 }
        function show(process, list, count, i) {
            print process
            count = split(children[process], list)
            for (i = 1; i <= count; i++) show(list[i])
        }
        END { show(top) }'
}
