#!/usr/bin/env bash
# Starts a program on ranks of this machine: runs mpirun with the options that laptops, containers and root need.
#
#   tools/launch.sh RANKS PROGRAM [ARGUMENT...]
#
# All options are set by environment variables, which other implementations of MPI ignore. USR1, XCPU, and the first
# TERM, INT or HUP stop a sweep cleanly; Ctrl-Z suspends it (tools/forward.sh). The exit status is that of mpirun, which
# is the program's; it is 75, as for a sweep that was stopped, if one of these signals comes before the program can
# handle it.
set -euo pipefail
# Nothing has been started.
trap 'exit 75' USR1 XCPU TERM INT HUP
# shellcheck source=tools/forward.sh
. "$(dirname "$0")/forward.sh"
[ $# -ge 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
ranks=$1
shift
if [[ ! $ranks =~ ^[1-9][0-9]*$ ]]; then
    echo "tools/launch.sh: '$ranks' is not a number of ranks; it must be 1 or more" >&2
    exit 64
fi
command -v "$1" >/dev/null || { echo "tools/launch.sh: there is no program $1" >&2; exit 66; }

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

# stop_ranks MPIRUN: sends USR1 to the ranks that have started; those that start later end with 75. mpirun forwards
# signals as well, but not to ranks that it is just starting.
# shellcheck disable=SC2317  # called by forward
stop_ranks() {
    local pid
    rm -f "$session/wanted"
    for pid in $(tree "$1"); do
        [ ! -e "$session/ranks/$pid" ] || kill -USR1 "$pid" 2>/dev/null || true
    done
}

# start_ranks: each rank creates a file in $session/ranks, and executes the program if $session/wanted still exists.
# That file is removed when the ranks are to stop, and with the whole folder when this script ends. mpirun prints
# nothing about ranks that end with another status than 0, since the program itself prints the error; the variable is
# unset for the ranks, because otherwise their MPI would not print why it cannot start.
mkdir "$session/ranks"
: >"$session/wanted"
start_ranks() {
    # shellcheck disable=SC2016  # expanded by the shell of the ranks
    forward --stop stop_ranks mpirun -n "$ranks" sh -c '
        unset OMPI_MCA_orte_execute_quiet
        : >"$0/ranks/$$"
        [ -e "$0/wanted" ] || exit 75
        exec "$@"' "$session" "$@"
}

status=0
OMPI_MCA_orte_execute_quiet=1 start_ranks "$@" || status=$?
# If ranks are missing, mpirun itself failed without a message: it is run again and may print the reason.
started=("$session"/ranks/*)
if [ "$status" -ne 0 ] && [ "$status" -ne 137 ] && ! $forward_signalled && [ ! -e "${started[ranks - 1]:-}" ]; then
    status=0
    start_ranks "$@" || status=$?
fi
exit "$status"
