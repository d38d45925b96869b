# shellcheck shell=bash
# forward [--stop FUNCTION] [--watch FUNCTION] COMMAND...: runs a command, and stops it cleanly when this shell is
# signalled to end. This file is sourced.
#
# USR1 stops a sweep cleanly: what was trained is committed. The shell passes it on. It also passes on XCPU and the
# first TERM, INT or HUP, as USR1, because mpirun gives its ranks less than a second after these. A TERM, INT or HUP
# that comes after any of these signals is passed on as TERM, for ranks that do not stop. Instead of passing a signal on,
# the FUNCTION of --stop is called with the number of the command's process and USR1 or TERM. The FUNCTION of --watch is
# called once with that number; it runs beside the command, without output, and is killed when the command has ended.
# The command runs without input, in a separate session so that the terminal's Ctrl-C does not reach it directly. If it
# is killed, the remaining processes of its session are ended. Ctrl-Z (TSTP) suspends all processes of the command and
# then this shell; they are resumed when the shell is resumed (fg, bg).
# Signals that were ignored when this shell started stay ignored, as with nohup. The caller's traps are set again at the
# end.
# Returns the command's exit status, or 75 if USR1 was passed on and ended it: then it had not come as far as to handle
# signals, and nothing was written. $forward_signalled says whether this shell was signalled to end in the meantime, and
# $forward_terminated whether one of the signals was TERM, INT or HUP.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

forward() {
    local child='' status signalled=true next=USR1 stop='' watch='' watcher='' traps
    while [ "$1" = --stop ] || [ "$1" = --watch ]; do
        printf -v "${1#--}" %s "$2"
        shift 2
    done
    traps=$(trap -p USR1 XCPU TERM INT HUP)
    # shellcheck disable=SC2034  # read by the caller
    forward_signalled=false forward_terminated=false
    # The traps are set before the command starts, because a signal may arrive as soon as it runs.
    trap 'forward_signalled=true; pass_on USR1' USR1 XCPU
    trap 'forward_signalled=true forward_terminated=true; pass_on "$next"' TERM INT HUP
    trap suspend TSTP
    setsid "$@" </dev/null &
    child=$!
    [ -z "$watch" ] || begin_watch
    ! $forward_signalled || pass_on USR1
    # `wait` returns early when this shell receives a signal; called again, it continues to wait or repeats the status.
    while $signalled; do
        signalled=false status=0
        wait "$child" || status=$?
    done
    # Nobody waits for the watcher, so that bash does not report how it ended.
    [ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null || true
    # From here on Ctrl-Z stops this shell and its children as usual.
    trap - TSTP
    [ "$status" -lt 128 ] || end_session "$child"
    if $forward_signalled && [ "$status" -eq 138 ]; then status=75; fi
    trap - USR1 XCPU TERM INT HUP
    eval "$traps"
    return "$status"
}

# begin_watch: starts the function $watch beside forward's command. Signals that end the command must not end it earlier.
begin_watch() {
    (
        trap '' USR1 XCPU TERM INT HUP
        "$watch" "$child"
    ) </dev/null >/dev/null 2>&1 &
    watcher=$!
    disown "$watcher"
}

# pass_on SIGNAL: sends it to the command of forward.
pass_on() {
    signalled=true
    [ -n "$child" ] || return 0
    # Until then the child is a copy of this shell, in which a signal is lost.
    until is_separate; do sleep 0.01; done
    if [ -n "$stop" ]; then "$stop" "$child" "$1"; else kill "-$1" "$child" 2>/dev/null || true; fi
    next=TERM
}

# is_separate: whether forward's command has its own session, or has ended. It has no variables: another signal may come
# meanwhile, whose trap would see them instead of the caller's.
is_separate() {
    ! process "/proc/$child/stat" | grep -qv " $child$"
}

# suspend: stops all processes of forward's command, then this shell; resumes them when the shell is resumed.
# STOP is sent to each process: a terminal's TSTP does not reach other sessions, and launchers react to it differently
# (the ranks of MPICH's launcher continue).
suspend() {
    signalled=true
    # A second Ctrl-Z must not stop the commands below: this shell would wait for them and never stop itself.
    trap '' TSTP
    # Twice, since a process may have started another one after the list was made and before it was stopped.
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

# end_session SESSION: ends its processes by TERM, which takes ranks about 0.2 s, and kills those that remain after 1 s.
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

# processes: prints number, state, parent and session of every process that has not ended, one process per line.
processes() {
    local file
    for file in /proc/[0-9]*/stat; do process "$file"; done
}

# process FILE: prints the same of the process with that /proc/NUMBER/stat, or nothing.
process() {
    local line state parent session
    { read -r line <"$1"; } 2>/dev/null || return 0
    # The fields after the name, which may contain any characters: state, parent, group, session.
    read -r state parent _ session _ <<<"${line##*) }"
    [ "$state" = Z ] || echo "${line%% *} $state $parent $session"
}

# session_members SESSION: prints the numbers of its processes, one per line.
session_members() {
    processes | awk -v session="$1" '$4 == session { print $1 }'
}

# tree PROCESS: prints its number and those of all its descendants, one per line, parents before their children.
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
