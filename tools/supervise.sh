# shellcheck shell=bash
# supervise [--stopped-is-final] PROGRAM RESULT COMMAND...: runs a sweep, and restarts it after a crash from which it
# can resume. This file is sourced.
#
# A sweep is restarted if it died with one of its ranks or with its launcher (status 1, 9, or 128 and above), or stopped
# cleanly (75, unless --stopped-is-final), and `PROGRAM status` says that RESULT has work left. It is not restarted
# - after an error of the program itself (64 to 79 except 75), which would occur again;
# - after it was stopped deliberately: by a signal to this shell, or by `moonsweep stop`;
# - if no more iterations are stored than at the previous crash: it would crash for ever;
# - more than $MOONSWEEP_RESTARTS times (5 by default; 0: never).
# Restarts are reported on standard error. The function returns the exit status of the last run.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

# shellcheck source=tools/forward.sh
. "$(dirname "${BASH_SOURCE[0]}")/forward.sh"

supervise() {
    local stopped_is_final=false
    if [ "$1" = --stopped-is-final ]; then
        stopped_is_final=true
        shift
    fi
    local program=$1 result=$2 limit=${MOONSWEEP_RESTARTS:-5} restart=0 status stored before=''
    shift 2
    if [[ ! $limit =~ ^[0-9]+$ ]]; then
        supervise_message "MOONSWEEP_RESTARTS is '$limit'; it must be the number of restarts"
        return 64
    fi
    while :; do
        status=0
        forward "$@" || status=$?
        if [ "$status" -eq 0 ] && has_work_left "$program" "$result"; then status=75; fi
        if $forward_signalled || ! is_crash "$status" || { $stopped_is_final && [ "$status" -eq 75 ]; } ||
            ! stored=$(stored_iterations "$program" "$result"); then
            return "$status"
        elif [ "$restart" -ge "$limit" ]; then
            supervise_message "the sweep ended with $(status_text "$status") after $(counted "$restart" restart), the limit;" \
                "not restarting"
            return "$status"
        elif [ "$stored" = "$before" ]; then
            supervise_message "the sweep ended with $(status_text "$status"): no progress since the last crash;" \
                "not restarting"
            return "$status"
        fi
        before=$stored restart=$((restart + 1))
        supervise_message "the sweep ended with $(status_text "$status"); restart $restart of $limit"
    done
}

# $supervise_name replaces the name of the script, which Slurm copies under another name.
supervise_message() {
    echo "${supervise_name:-$(basename "$0")}: $*" >&2
}

# counted COUNT NOUN: "1 restart", "2 restarts".
counted() {
    if [ "$1" -eq 1 ]; then echo "1 $2"; else echo "$1 ${2}s"; fi
}

# is_crash STATUS: whether it may be the status of a sweep that can be resumed. mpirun ends with 1, whatever the reason;
# other launchers end with 9 if a rank was killed.
is_crash() {
    [ "$1" -eq 75 ] || [ "$1" -eq 1 ] || [ "$1" -eq 9 ] || [ "$1" -ge 128 ]
}

# has_work_left PROGRAM RESULT: whether configurations are pending and no run is active. Some launchers return 0 after a
# sweep that was stopped (MPICH's, now and then).
has_work_left() {
    local status=0
    "$1" status --exit-code "$2" >/dev/null 2>&1 || status=$?
    [ "$status" -eq 75 ]
}

# status_text STATUS: describes it in words.
status_text() {
    if [ "$1" -gt 128 ] && kill -l "$(($1 - 128))" >/dev/null 2>&1; then
        echo "status $1 (SIG$(kill -l "$(($1 - 128))"))"
    else
        echo "status $1"
    fi
}

# field NAME TABLE: prints a field of the first row of CSV. No field to its left may contain a comma.
field() {
    local names values i
    IFS=, read -r -a names <<<"$2"
    IFS=, read -r -a values <<<"${2#*$'\n'}"
    for i in "${!names[@]}"; do
        [ "${names[i]}" != "$1" ] || echo "${values[i]}"
    done
}

# stored_iterations PROGRAM RESULT: prints how many iterations RESULT contains, if it has work left, no run is active on
# it and nobody has requested a stop; fails otherwise.
stored_iterations() {
    local program=$1 result=$2 table status turn
    # Ranks may outlive their launcher for a second or two, and hold the lock until they end.
    for ((turn = 0; turn < 100; turn++)); do
        status=0
        table=$("$program" status --exit-code --format csv "$result" 2>/dev/null) || status=$?
        case $status in
        69) sleep 0.1 ;;
        75)
            [ "$(field asked_to_stop "$table")" -eq 0 ] || return 1
            field iterations_done "$table"
            return
            ;;
        *) return 1 ;;
        esac
    done
    supervise_message "another run is still active on the result: $("$program" status "$result")"
    return 1
}
