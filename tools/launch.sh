#!/usr/bin/env bash
# Starts a program on ranks of this machine: mpirun with the options that laptops, containers and root need.
#
#   tools/launch.sh RANKS PROGRAM [ARGUMENT...]
#
# Everything is asked for by environment variables, which every MPI but the one they are meant for ignores. USR1, XCPU,
# and the first TERM, INT or HUP, stop a sweep in good order; Ctrl-Z suspends it (tools/forward.sh). The exit status is
# mpirun's, which is the program's.
set -euo pipefail
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

# What MPI leaves when it is killed goes away with this folder. Its name is short: sockets live in it.
session=$(mktemp -d "${TMPDIR:-/tmp}/ms.XXXXXX")
trap 'rm -rf "$session"' EXIT
export TMPDIR=$session

# mpirun refuses to run as root unless told twice.
if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
# Shared memory is a file in our folder: a container's /dev/shm has 64 MB, and what is left there stays for ever.
export OMPI_MCA_btl_vader_backing_directory=$session OMPI_MCA_btl_sm_backing_directory=$session
# Copying between processes takes the right to trace them, which containers withhold; our messages are small.
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_smsc=^cma,knem,xpmem
# The kernel spreads the ranks over the cores; bound, those of two jobs would share the first cores.
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
# Whoever asks for more ranks than cores gets them.
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
# Open MPI 4 looks for what starts ranks on other machines, and does not start at all where there is none.
if ! command -v ssh >/dev/null && ! command -v rsh >/dev/null; then
    export OMPI_MCA_plm_rsh_agent=${OMPI_MCA_plm_rsh_agent:-false}
fi

# start_ranks: each rank leaves a file in $session/ranks before it becomes the program. mpirun keeps quiet about ranks
# that end with another status than 0, since the program says itself what went wrong; the ranks' own MPI does not keep
# quiet, or it would not say why it cannot start.
mkdir "$session/ranks"
start_ranks() {
    # shellcheck disable=SC2016  # it is the ranks' shell that expands this
    forward mpirun -n "$ranks" sh -c 'unset OMPI_MCA_orte_execute_quiet; : >"$0/$$"; exec "$@"' "$session/ranks" "$@"
}

status=0
OMPI_MCA_orte_execute_quiet=1 start_ranks "$@" || status=$?
# If ranks are missing, it was mpirun that failed, and quietly so: it is asked again, and may say why.
started=("$session"/ranks/*)
if [ "$status" -ne 0 ] && [ "$status" -ne 137 ] && ! $forward_told && [ ! -e "${started[ranks - 1]:-}" ]; then
    status=0
    start_ranks "$@" || status=$?
fi
exit "$status"
