# shellcheck shell=bash
# Finds the launcher that belongs to the MPI of a program. This file is sourced.
#
# Programs of Open MPI 4, Open MPI 5 and MPICH need the mpirun (mpiexec) of the same MPI: under another one each rank
# runs alone, and moonsweep refuses to. On a machine with several MPIs, `mpirun` may be any of them.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

# find_mpirun PROGRAM: sets $mpirun to the command that starts PROGRAM on ranks, and $mpi to what mpi_of_launcher prints
# of it. The command is $MOONSWEEP_MPIRUN; or, if PROGRAM is moonsweep, the first launcher of the same MPI on the PATH or
# beside the library of MPI; or mpirun. Fails with a message if there is none.
find_mpirun() {
    local program=$1 wanted='' launcher
    if [ -n "${MOONSWEEP_MPIRUN:-}" ]; then
        mpirun_exists "$MOONSWEEP_MPIRUN" || {
            echo "$(basename "$0"): there is no launcher $MOONSWEEP_MPIRUN, which MOONSWEEP_MPIRUN names" >&2
            return 66
        }
        mpirun=$MOONSWEEP_MPIRUN
        mpi=$(mpi_of_launcher "$mpirun")
        return
    fi
    case $(basename "$program") in
    moonsweep) wanted=$(mpi_of_program "$program") ;;
    esac
    while read -r launcher; do
        mpirun_exists "$launcher" || continue
        # shellcheck disable=SC2034  # read by the caller
        mpirun=$launcher mpi=$(mpi_of_launcher "$launcher")
        [ -n "$wanted" ] && [ "$mpi" != "$wanted" ] || return 0
    done < <(mpirun_candidates "$program" "$wanted")
    echo "$(basename "$0"): there is no launcher (mpirun or mpiexec) of ${wanted:-any MPI} on the PATH;" \
        "MOONSWEEP_MPIRUN=/path/of/mpirun names one" >&2
    return 66
}

mpirun_exists() {
    command -v "$1" >/dev/null
}

# mpirun_candidates PROGRAM MPI: prints the names that launchers have, one per line: first those that every MPI uses,
# then those that Debian adds, then the launcher of the installation whose library PROGRAM uses.
mpirun_candidates() {
    local library
    printf '%s\n' mpirun mpiexec
    [ -n "$2" ] || return 0
    printf '%s\n' mpirun.openmpi mpiexec.mpich mpiexec.hydra
    library=$(ldd "$(command -v "$1")" 2>/dev/null | awk '$1 ~ /^libmpi/ && $3 ~ /^\// { print $3 }') || return 0
    printf '%s\n' "${library%/*/*}/bin/mpirun"
}

# mpi_of_program PROGRAM: prints the name of its MPI as mpi_of_launcher does, or nothing if it is another one.
mpi_of_program() {
    "$1" --version 2>/dev/null </dev/null | sed -n 's/^MPI \(Open MPI\) v\([0-9]*\).*/\1 \2/p; s/^MPI \(MPICH\) .*/\1/p'
}

# mpi_of_launcher LAUNCHER: prints Open MPI with the first number of its version, MPICH for any launcher of MPICH
# (hydra, which does not depend on the version), or nothing.
mpi_of_launcher() {
    "$1" --version 2>/dev/null </dev/null |
        sed -n 's/^[a-z]* (\(Open MPI\)) \([0-9]*\).*/\1 \2/p; s/^HYDRA build details.*/MPICH/p'
}
