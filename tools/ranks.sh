# shellcheck shell=bash
# Starts one rank on every core that a Slurm job was granted, or two if $MOONSWEEP_THREADS_PER_CORE is 2. This file is
# sourced, after threads_per_core.sh.
#
# ranks_command: sets the array $ranks_command to the words that start a program on all ranks, $ranks to their number,
# $ranks_cores to that of the cores, and $ranks_launcher to the name of the launcher.
#
# $MOONSWEEP_LAUNCHER is srun or mpirun; without it, srun is used if it offers $SLURM_MPI_TYPE (pmix), otherwise mpirun.
#
# What Slurm calls a processor ($SLURM_JOB_CPUS_PER_NODE) is a core if the job was granted one hyperthread of each
# (--hint=nomultithread, --threads-per-core=1), and otherwise a hyperthread.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

ranks_command() {
    local launcher=${MOONSWEEP_LAUNCHER:-} mpi=${SLURM_MPI_TYPE:-pmix}
    if [ -z "$launcher" ]; then
        launcher=mpirun
        ! grep -qw -e "$mpi" <<<"$(srun --mpi=list 2>&1)" || launcher=srun
    fi
    ranks_launcher=$launcher
    count_ranks || return
    case $launcher in
    srun)
        # All granted cores are used, however they were requested, so srun must not see the shape of the request.
        unset SLURM_CPUS_PER_TASK SLURM_NTASKS_PER_NODE
        ranks_launcher="srun --mpi=$mpi"
        # If a rank dies, its MPI ends the others. Slurm ends them two minutes later if they wait for a rank that has died
        # before its MPI began. --kill-on-bad-exit would also kill ranks that are about to end with the right status.
        ranks_command=(srun --mpi="$mpi" --ntasks="$ranks" --cpus-per-task=1 --kill-on-bad-exit=0 --wait=120)
        if [ "$ranks" -lt "$(sum_of_nodes "$SLURM_JOB_CPUS_PER_NODE")" ]; then
            # srun must not put two ranks on one core while others have none. The job's request says the opposite.
            unset SLURM_THREADS_PER_CORE SLURM_NTASKS_PER_CORE
            ranks_command+=(--hint=nomultithread)
        fi
        ;;
    mpirun)
        command -v mpirun >/dev/null || {
            echo "sweep.sbatch: srun does not offer --mpi=$mpi, and there is no mpirun on the PATH; load the module of the" \
                "MPI that moonsweep was built with (MOONSWEEP_MODULES)" >&2
            return 69
        }
        # mpirun starts as many ranks on each node as Slurm says that there are tasks.
        export SLURM_TASKS_PER_NODE=$ranks_of_nodes
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

# count_ranks: sets $ranks, $ranks_cores, and $ranks_of_nodes to a list of the ranks of the nodes. Fails with a message if
# the job was not granted what two ranks on a core need.
count_ranks() {
    local on_node counted used
    read_threads_per_core sweep.sbatch || return
    on_node=$(threads_of_nodes) counted=$on_node
    if [ "${SLURM_HINT:-}" = nomultithread ] || [ "${SLURM_THREADS_PER_CORE:-}" = 1 ]; then counted=1; fi
    if [ "$threads_per_core" -gt "$counted" ] && [ "$on_node" -gt "$counted" ]; then
        echo "sweep.sbatch: MOONSWEEP_THREADS_PER_CORE is 2, but the job was granted one hyperthread of each core; submit it" \
            "with 'sbatch --hint=multithread'" >&2
        return 64
    fi
    used=$((threads_per_core < counted ? threads_per_core : counted))
    ranks_of_nodes=$(share_of_nodes "$used" "$counted")
    ranks=$(sum_of_nodes "$ranks_of_nodes")
    # shellcheck disable=SC2034  # read by sweep.sbatch
    ranks_cores=$(sum_of_nodes "$(share_of_nodes 1 "$counted")")
}

# threads_of_nodes: prints how many hyperthreads a core of the job's nodes has, the smallest number if they differ.
threads_of_nodes() {
    sinfo --noheader --Node ${SLURM_JOB_NODELIST:+--nodes="$SLURM_JOB_NODELIST"} --format=%Z 2>/dev/null |
        awk '!least || $1 < least { least = $1 } END { print least ? least : 1 }'
}

# share_of_nodes USED COUNTED: prints $SLURM_JOB_CPUS_PER_NODE, a list like "32(x3),16", with each number of processors
# multiplied by USED / COUNTED and rounded up.
share_of_nodes() {
    local group cpus list=''
    for group in ${SLURM_JOB_CPUS_PER_NODE//,/ }; do
        cpus=${group%%(*}
        list+=,$(((cpus * $1 + $2 - 1) / $2))${group#"$cpus"}
    done
    echo "${list#,}"
}

# sum_of_nodes LIST: prints the sum of such a list.
sum_of_nodes() {
    local group each nodes sum=0
    for group in ${1//,/ }; do
        # "32(x3)" gives 32 and 3, "16" gives 16 and nothing.
        read -r each nodes <<<"${group//[!0-9]/ }"
        sum=$((sum + each * ${nodes:-1}))
    done
    echo "$sum"
}
