# shellcheck shell=bash
# forward COMMAND...: runs a command and stops it in good order when this shell is told to end. To be sourced.
#
# USR1 is the signal that stops a sweep in good order: what was trained is committed. It is passed on, and so, as USR1,
# are the first TERM, INT or HUP: on those mpirun leaves its ranks less than a second. One that comes after any of these
# is passed on as TERM, for ranks that do not stop.
# The command has a session of its own, or the terminal's Ctrl-C would reach it directly, and no input.
# Returns the command's exit status.
forward() {
    local child status told=true next=USR1
    setsid "$@" </dev/null &
    child=$!
    trap 'told=true; kill -USR1 "$child" 2>/dev/null || true; next=TERM' USR1
    trap 'told=true; kill "-$next" "$child" 2>/dev/null || true; next=TERM' TERM INT HUP
    # `wait` returns early when this shell is told something; asked again, it waits on or repeats the status.
    while $told; do
        told=false status=0
        wait "$child" || status=$?
    done
    trap - USR1 TERM INT HUP
    return "$status"
}
