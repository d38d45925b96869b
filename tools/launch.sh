#!/usr/bin/env bash
# Starts a program on ranks of this machine: runs mpirun with the options that laptops, containers and root need.
#
#   tools/launch.sh RANKS PROGRAM [ARGUMENT...]
#
# It is the mpirun that belongs to the program's MPI, or $MOONSWEEP_MPIRUN (tools/mpirun.sh). All options are set by
# environment variables, which other implementations of MPI ignore. USR1, XCPU, and the first TERM, INT or HUP stop a
# sweep cleanly; Ctrl-Z suspends it (tools/forward.sh). The exit status is that of mpirun, which is the program's; it is
# 75, as for a sweep that was stopped, if one of these signals comes before the program can handle it. An mpirun that
# still runs $MOONSWEEP_LAUNCHER_SECONDS (5) or more after the end of its last rank is ended.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail
# Nothing has been started.
trap 'exit 75' USR1 XCPU TERM INT HUP
# shellcheck source=tools/forward.sh
. "$(dirname "$0")/forward.sh"
# shellcheck source=tools/mpirun.sh
. "$(dirname "$0")/mpirun.sh"
[ $# -ge 2 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
ranks=$1
shift
if [[ ! $ranks =~ ^[1-9][0-9]*$ ]]; then
    echo "tools/launch.sh: '$ranks' is not a number of ranks; it must be 1 or more" >&2
    exit 64
fi
command -v "$1" >/dev/null || { echo "tools/launch.sh: there is no program $1" >&2; exit 66; }
patience=${MOONSWEEP_LAUNCHER_SECONDS:-5}
if [[ ! $patience =~ ^[0-9]{1,6}(\.[0-9]+)?$ ]]; then
    echo "tools/launch.sh: MOONSWEEP_LAUNCHER_SECONDS is '$patience'; it must be a number of seconds" >&2
    exit 64
fi
find_mpirun "$1"

# At a lower limit mpirun is killed, or tries without end to write its messages.
largest=$(ulimit -f) needed=4096
if [ "$largest" != unlimited ] && [ "$largest" -lt "$needed" ]; then
    echo "tools/launch.sh: the file size is limited to $largest KiB (ulimit -f)," \
        "but MPI needs files of $needed KiB to start" >&2
    exit 73
fi

# This folder contains what MPI leaves when it is killed. Its name is short because it contains sockets.
session=''
trap 'rm -rf "$session"' EXIT
session=$(mktemp -d "${TMPDIR:-/tmp}/ms.XXXXXX")
export TMPDIR=$session

# mpirun refuses to run as root unless both variables are set.
if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
# Shared memory is a file in this folder: a container's /dev/shm has 64 MB, and files left there are never removed.
export OMPI_MCA_btl_vader_backing_directory=$session OMPI_MCA_btl_sm_backing_directory=$session
# Copying between processes needs permission to trace them, which containers do not grant; the messages are small.
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_smsc=^cma,knem,xpmem
# The kernel distributes the ranks over the cores; bound ranks of two jobs would share the first cores.
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
# More ranks than cores are allowed.
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
# Open MPI 4 looks for a program that starts ranks on other machines, and does not start if it finds none.
if ! command -v ssh >/dev/null && ! command -v rsh >/dev/null; then
    export OMPI_MCA_plm_rsh_agent=${OMPI_MCA_plm_rsh_agent:-false}
fi

# stop_ranks MPIRUN SIGNAL: after USR1, sends it to the ranks that have started; those that start later end with 75.
# mpirun forwards signals as well, but not to ranks that it is just starting. After TERM, ends the ranks that do not
# stop: Open MPI's mpirun kills them when it receives TERM, MPICH's when it receives INT for the second time.
# shellcheck disable=SC2317  # called by forward
stop_ranks() {
    local pid
    if [ "$2" = TERM ]; then
        if [ "$mpi" = MPICH ]; then
            kill -INT "$1" 2>/dev/null || true
            # Until then the second one may be merged with the first.
            sleep 0.3
            kill -INT "$1" 2>/dev/null || true
        else
            kill -TERM "$1" 2>/dev/null || true
        fi
        return
    fi
    rm -f "$session/wanted"
    for pid in $(tree "$1"); do
        [ ! -e "$session/ranks/$pid" ] || kill -USR1 "$pid" 2>/dev/null || true
    done
}

# Under mpirun the program may be unable to find out whether its standard error is a terminal.
progress=plain
if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${NO_COLOR:-}" ]; then progress=live; fi
export MOONSWEEP_PROGRESS=${MOONSWEEP_PROGRESS:-$progress}

# copy NAME: makes the pipe $session/NAME and copies it to standard output, in a separate session, as long as that can be
# written to, and then reads to its end. For MPICH's mpiexec, which kills its ranks when it cannot write their output: when
# the terminal is closed, or the reader has gone.
copiers=()
copy() {
    mkfifo "$session/$1"
    # shellcheck disable=SC2016  # expanded by that shell
    setsid sh -c 'exec <"$0"; cat; exec cat >/dev/null' "$session/$1" 2>/dev/null &
    copiers+=($!)
}

# start_ranks: each rank creates a file in $session/ranks, and executes the program if $session/wanted still exists.
# That file is removed when the ranks are to stop, and with the whole folder when this script ends. $session/executed
# says that a rank has come to the program. The rank's file contains the name of the running system, to which moonsweep
# adds its exit status. mpirun prints nothing about ranks that end with another status than 0, since the program itself
# prints the error; the variable is unset for the ranks, because otherwise their MPI would not print why it cannot start.
: >"$session/wanted"
start_ranks() {
    rm -rf "$session/ranks"
    mkdir "$session/ranks"
    # shellcheck disable=SC2016  # expanded by the shell of the ranks
    forward --stop stop_ranks --watch end_hung_launcher "$mpirun" -n "$ranks" sh -c '
        unset OMPI_MCA_orte_execute_quiet
        export MOONSWEEP_STATUS_FILE="$0/ranks/$$"
        cat /proc/sys/kernel/random/boot_id >"$MOONSWEEP_STATUS_FILE"
        [ -e "$0/wanted" ] || exit 75
        : >"$0/executed"
        exec "$@"' "$session" "$@"
}

# end_hung_launcher MPIRUN: ends mpirun if it outlives all of its ranks. Open MPI 4.1's does so in rare cases: it waits in
# PMIx_server_finalize for ever. What the ranks printed has been passed on by then. While mpirun is suspended (Ctrl-Z)
# nothing is done.
# shellcheck disable=SC2317  # called by forward
end_hung_launcher() {
    local here state observed=0
    here=$(cat /proc/sys/kernel/random/boot_id)
    # Nobody writes to this pipe: reading from it waits without another process.
    mkfifo "$session/silence"
    exec 3<>"$session/silence"
    until read -r -t "$patience" -u 3; do
        read -r _ state _ < <(process "/proc/$1/stat") || return 0
        if [[ $state = [Tt] ]] || ! all_ranks_ended "$here"; then
            observed=0
            continue
        fi
        observed=$((observed + 1))
        case $observed in
        1) ;;
        2)
            # Before the signal: mpirun, and then this function, may end at once.
            : >"$session/hung"
            kill -TERM "$1" || { rm -f "$session/hung"; return 0; }
            ;;
        *) kill -KILL "$1" || return 0 ;;
        esac
    done
}

# all_ranks_ended SYSTEM: whether all ranks have started and ended on the running system with that name. The ranks of
# mpirun's option -H, or of a list of hosts in its settings, may be on other machines, of which nothing is known here,
# even if they share the folder.
# shellcheck disable=SC2317  # called by end_hung_launcher
all_ranks_ended() {
    local file system ended=0
    for file in "$session"/ranks/*; do
        read -r system <"$file" || return 1
        [ "$system" = "$1" ] || return 1
        [ -z "$(process "/proc/${file##*/}/stat")" ] || return 1
        ended=$((ended + 1))
    done
    [ "$ended" -eq "$ranks" ]
}

# status_of_ranks: prints what the status of mpirun would have been: the first status of a rank other than 0, and 137 for a
# rank that has not said its status, since it was killed or is not of moonsweep.
status_of_ranks() {
    local file status
    for file in "$session"/ranks/*; do
        { read -r _ && read -r status; } <"$file" || status=137
        [ "$status" -eq 0 ] || break
    done
    echo "$status"
}

status=0
case $mpi in
MPICH)
    copy out
    copy err >&2
    start_ranks "$@" >"$session/out" 2>"$session/err" || status=$?
    # A signal ends `wait` early.
    for copier in "${copiers[@]}"; do
        while kill -0 "$copier" 2>/dev/null; do wait "$copier" || true; done
    done
    ;;
*) OMPI_MCA_orte_execute_quiet=1 start_ranks "$@" || status=$? ;;
esac
if [ -e "$session/hung" ]; then
    status=$(status_of_ranks)
    echo "tools/launch.sh: $mpirun did not end after its ranks, and was ended; their status is $status" >&2
fi
# Whatever mpirun made of the signal: the program has not begun.
if $forward_signalled && [ ! -e "$session/executed" ]; then status=75; fi
# If ranks are missing, Open MPI 4's mpirun itself failed without a message: it is run again and may print the reason.
started=("$session"/ranks/*)
if [ "$mpi" = "Open MPI 4" ] && [ "$status" -ne 0 ] && [ "$status" -ne 137 ] && ! $forward_signalled &&
    [ ! -e "${started[ranks - 1]:-}" ]; then
    status=0
    start_ranks "$@" || status=$?
fi
exit "$status"
