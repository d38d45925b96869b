#!/usr/bin/env bash
# Prints how many ranks a sweep should have here: the number of cores that this process may use, or with
# MOONSWEEP_THREADS_PER_CORE=2 of their hyperthreads, at most two of each core.
#
#   tools/cores.sh [ROOT]      ROOT: the folder that contains /proc and /sys (for tests)
#
# It is the smaller of
# - the number of physical cores among the processors of the affinity mask (set by cpusets, taskset and batch systems).
#   Two hyperthreads of a core share its arithmetic units, which limit training, so they count once unless
#   MOONSWEEP_THREADS_PER_CORE is 2 (`moonsweep kernels --pairs` measures what that gains);
# - the processor time granted by the control groups, including all enclosing ones, rounded down: a throttled rank makes
#   the others wait at the end and falsifies all measured times;
# but at least 1.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail
root=${1:-}
# shellcheck source=tools/threads_per_core.sh
. "$(dirname "$(readlink -f "$0")")/threads_per_core.sh"
read_threads_per_core tools/cores.sh

# allowed_processors: prints their numbers, one per line.
allowed_processors() {
    local range
    for range in $(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$root/proc/self/status" | tr ',' ' '); do
        seq "${range%-*}" "${range#*-}"
    done
}

# processors_to_use: prints how many of them ranks use. Processors that are threads of one core have the same list of
# siblings, of which at most $threads_per_core count.
processors_to_use() {
    local processor siblings
    allowed_processors | while read -r processor; do
        siblings=$root/sys/devices/system/cpu/cpu$processor/topology/thread_siblings_list
        if [ -r "$siblings" ]; then cat "$siblings"; else echo "$processor"; fi
    done | sort | uniq -c | awk -v most="$threads_per_core" '{ n += $1 < most ? $1 : most } END { print n + 0 }'
}

# quotas: prints "quota period" in microseconds for every control group that contains this process, one per line.
quotas() {
    local controllers folder top
    while IFS=: read -r _ controllers folder; do
        case ,$controllers, in
        ,,) top=$root/sys/fs/cgroup ;;
        *,cpu,*)
            top=$root/sys/fs/cgroup/cpu
            [ -d "$top" ] || top=$root/sys/fs/cgroup/$controllers
            ;;
        *) continue ;;
        esac
        # Inside a container the path of the group may not exist: the group itself is mounted instead.
        [ -d "$top$folder" ] || folder=/
        while :; do
            if [ -r "$top$folder/cpu.max" ]; then
                cat "$top$folder/cpu.max"
            elif [ -r "$top$folder/cpu.cfs_quota_us" ]; then
                echo "$(cat "$top$folder/cpu.cfs_quota_us") $(cat "$top$folder/cpu.cfs_period_us")"
            fi
            [ "$folder" != / ] || break
            folder=$(dirname "$folder")
        done
    done <"$root/proc/self/cgroup"
}

ranks=$(processors_to_use)
while read -r quota period; do
    # "max" or -1 means that there is no limit.
    if [ "$quota" != max ] && [ "$quota" -gt 0 ] && [ $((quota / period)) -lt "$ranks" ]; then
        ranks=$((quota / period))
    fi
done < <(quotas)
echo $((ranks > 1 ? ranks : 1))
