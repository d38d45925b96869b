#!/usr/bin/env bash
# Prints how many cores this process may use: how many ranks a sweep should have here.
#
#   tools/cores.sh [ROOT]      ROOT: where the system's /proc and /sys are looked for (for tests)
#
# The least of
# - the physical cores among the processors of the affinity mask (cpusets, taskset and batch systems set it). Two
#   hardware threads of one core share its arithmetic units, which is all that training uses, so they count once;
# - the processor time that the control groups grant, all enclosing ones counted, rounded down: a rank that is
#   throttled makes the others wait at the end and spoils every time that is measured.
# At least 1.
set -euo pipefail
root=${1:-}

# allowed_processors: their numbers, one a line.
allowed_processors() {
    local range
    for range in $(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$root/proc/self/status" | tr ',' ' '); do
        seq "${range%-*}" "${range#*-}"
    done
}

# physical_cores: processors that are threads of one core have the same list of siblings.
physical_cores() {
    local processor siblings
    allowed_processors | while read -r processor; do
        siblings=$root/sys/devices/system/cpu/cpu$processor/topology/thread_siblings_list
        if [ -r "$siblings" ]; then cat "$siblings"; else echo "$processor"; fi
    done | sort -u | wc -l
}

# quotas: "quota period" of every control group around this process, in microseconds, one a line.
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
        # Inside a container the group's own path may not be visible: what is mounted then is the group itself.
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

cores=$(physical_cores)
while read -r quota period; do
    # Without a limit it reads "max" or -1.
    if [ "$quota" != max ] && [ "$quota" -gt 0 ] && [ $((quota / period)) -lt "$cores" ]; then
        cores=$((quota / period))
    fi
done < <(quotas)
echo $((cores > 1 ? cores : 1))
