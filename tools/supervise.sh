# shellcheck shell=bash
# supervise [--stopped-is-final] PROGRAM RESULT COMMAND...: runs a sweep, and starts it again after a death that can be
# carried on. To be sourced.
#
# Started again is a sweep that died with one of its ranks or with its launcher (status 1, 9, or 128 and above), or
# that stopped in good order (75, unless that is final), if `PROGRAM status` says that RESULT has work left. It is not
# - after an error of the program's own (64 to 78 but 75), which would come again;
# - after somebody stopped it: this shell was told to end, or `moonsweep stop` was given;
# - if no more iterations are kept than at the death before: what ended it would do so for ever;
# - more often than $MOONSWEEP_RESTARTS says (5 by default; 0: never).
# It says on standard error what it does. Returns the exit status of the last one that it ran.

# shellcheck source=tools/forward.sh
. "$(dirname "${BASH_SOURCE[0]}")/forward.sh"

supervise() {
    local stopped_is_final=false
    if [ "$1" = --stopped-is-final ]; then
        stopped_is_final=true
        shift
    fi
    local program=$1 result=$2 limit=${MOONSWEEP_RESTARTS:-5} restart=0 status kept before=''
    shift 2
    if [[ ! $limit =~ ^[0-9]+$ ]]; then
        supervise_says "MOONSWEEP_RESTARTS is '$limit'; it must be a number, of restarts"
        return 64
    fi
    while :; do
        status=0
        forward "$@" || status=$?
        if $forward_told || ! is_death "$status" || { $stopped_is_final && [ "$status" -eq 75 ]; } ||
            ! kept=$(kept_for_later "$program" "$result"); then
            return "$status"
        elif [ "$restart" -ge "$limit" ]; then
            supervise_says "the sweep ended with $(status_text "$status") after $(restarts "$restart"), the limit"
            return "$status"
        elif [ "$kept" = "$before" ]; then
            supervise_says "the sweep ended with $(status_text "$status") and has not come further since it did before:" \
                "it is not started again"
            return "$status"
        fi
        before=$kept restart=$((restart + 1))
        supervise_says "the sweep ended with $(status_text "$status") and goes on: restart $restart of $limit"
    done
}

supervise_says() {
    echo "$(basename "$0"): $*" >&2
}

# restarts COUNT: "1 restart", "2 restarts".
restarts() {
    if [ "$1" -eq 1 ]; then echo "1 restart"; else echo "$1 restarts"; fi
}

# is_death STATUS: whether it may be that of a sweep that can be carried on. 1 is mpirun's, whatever ended it; 9 is that
# of other launchers for a rank that was killed.
is_death() {
    [ "$1" -eq 75 ] || [ "$1" -eq 1 ] || [ "$1" -eq 9 ] || [ "$1" -ge 128 ]
}

# status_text STATUS: in words.
status_text() {
    if [ "$1" -gt 128 ] && kill -l "$(($1 - 128))" >/dev/null 2>&1; then
        echo "status $1 (SIG$(kill -l "$(($1 - 128))"))"
    else
        echo "status $1"
    fi
}

# kept_for_later PROGRAM RESULT: prints how many iterations RESULT keeps, if it has work left that nobody is at and
# that nobody asked to leave; fails otherwise.
kept_for_later() {
    local program=$1 result=$2 said status turn
    # Ranks may outlive their launcher for a second or two; until then they hold the lock.
    for ((turn = 0; turn < 100; turn++)); do
        status=0
        said=$("$program" status --exit-code "$result" 2>/dev/null) || status=$?
        [ "$status" -eq 75 ] || return 1
        said=${said#"$result: "}
        case $said in
        *"; running ("* | *"; a run is just beginning or ending"*) sleep 0.1 ;;
        *", asked to stop"*) return 1 ;;
        *)
            # "... pending; KEPT of ALL iterations; ..."
            said=${said#*pending; }
            echo "${said%% *}"
            return
            ;;
        esac
    done
    supervise_says "a run is still at work on the result: $said"
    return 1
}
