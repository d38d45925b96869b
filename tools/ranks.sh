# shellcheck shell=bash
# Starts one rank on every core that a Slurm job was granted. This file is sourced.
#
# ranks_command: sets the array $ranks_command to the words that start a program on all ranks, $ranks to their number, and
# $ranks_launcher to the name of the launcher.
#
# $MOONSWEEP_LAUNCHER is srun or mpirun; without it, srun is used if it offers $SLURM_MPI_TYPE (pmix), otherwise mpirun.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

ranks_command() {
    local launcher=${MOONSWEEP_LAUNCHER:-} mpi=${SLURM_MPI_TYPE:-pmix}
    if [ -z "$launcher" ]; then
        launcher=mpirun
        ! grep -qw -e "$mpi" <<<"$(srun --mpi=list 2>&1)" || launcher=srun
    fi
    ranks=$(cores_granted) ranks_launcher=$launcher
    case $launcher in
    srun)
        # All granted cores are used, however they were requested, so srun must not see the shape of the request.
        unset SLURM_CPUS_PER_TASK SLURM_NTASKS_PER_NODE
        ranks_launcher="srun --mpi=$mpi"
        # If a rank dies, its MPI ends the others. Slurm ends them two minutes later if they wait for a rank that has died
        # before its MPI began. --kill-on-bad-exit would also kill ranks that are about to end with the right status.
        ranks_command=(srun --mpi="$mpi" --ntasks="$ranks" --cpus-per-task=1 --kill-on-bad-exit=0 --wait=120)
        ;;
    mpirun)
        command -v mpirun >/dev/null || {
            echo "sweep.sbatch: srun does not offer --mpi=$mpi, and there is no mpirun on the PATH; load the module of the" \
                "MPI that moonsweep was built with (MOONSWEEP_MODULES)" >&2
            return 69
        }
        # mpirun starts as many ranks on each node as Slurm says that there are tasks.
        export SLURM_TASKS_PER_NODE=$SLURM_JOB_CPUS_PER_NODE
        unset SLURM_CPUS_PER_TASK SLURM_NTASKS_PER_NODE
        # mpirun starts one process on each node by srun, which must not bind it and all its ranks to one core.
        export SLURM_CPU_BIND=none
        # Bound ranks of two jobs that share a node would share its first cores.
        export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
        ranks_command=(mpirun -n "$ranks")
        ;;
    *)
        echo "sweep.sbatch: MOONSWEEP_LAUNCHER is '$launcher'; it must be srun or mpirun" >&2
        return 78
        ;;
    esac
}

# cores_granted: prints the sum of a list like "32(x3),16". Without multithreading a processor is a core.
cores_granted() {
    local group cores nodes sum=0
    for group in ${SLURM_JOB_CPUS_PER_NODE//,/ }; do
        # "32(x3)" gives 32 and 3, "16" gives 16 and nothing.
        read -r cores nodes <<<"${group//[!0-9]/ }"
        sum=$((sum + cores * ${nodes:-1}))
    done
    echo "$sum"
}
