#!/usr/bin/env bash
# Submits a sweep with as many tasks, nodes, memory and time as it needs, by what `moonsweep plan` says.
#
#   submit.sh JOB.yaml [OUT.h5] [--within TIME | --ranks N] [--after] [--yes] [-- OPTION OF sbatch...]
#
# OUT.h5          default: the job file's name with .h5, in the current folder
# --within TIME   as many ranks as end the sweep within this time, such as 30m, 2h or 1-12:00:00 (1h). If no number is
#                 enough, as many as make sense
# --ranks N       this number of ranks
# --after         when the sweep is finished, another job puts the figures and the report of its result into the folder
#                 OUT-figures
# --yes           submits the job. Otherwise the command is only shown
#
# Times are measured on this machine for about a second, so it should be like the nodes; the time limit contains a
# reserve of a half and ten minutes. What follows `--` comes after our options of sbatch and takes precedence: for example
# `-- --partition=long --time=2:00:00`. The settings of a site are in site.conf beside this script, or in the file that
# MOONSWEEP_SITE_CONF names. With MOONSWEEP_THREADS_PER_CORE=2 there are two ranks on each core that has two hyperthreads.
# The exit status is that of moonsweep plan, or of sbatch.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail

reserve_s=600

# fail STATUS MESSAGE...
fail() {
    local status=$1
    shift
    echo "submit.sh: $*" >&2
    exit "$status"
}

# read_site_settings FILE: executes the file with the settings of the site. Variables that are set already keep their
# values. sweep.sbatch has the same function, because Slurm copies that script without the files beside it.
read_site_settings() {
    local name
    local -A given=()
    for name in "${!MOONSWEEP_@}"; do given[$name]=${!name}; done
    # shellcheck disable=SC1090
    . "$1" || fail 78 "the settings of the site, $1, could not be read"
    for name in "${!given[@]}"; do printf -v "$name" %s "${given[$name]}"; done
}

# find_program: prints the path of the program.
find_program() {
    local built
    [ -z "${MOONSWEEP_PROGRAM:-}" ] || { echo "$MOONSWEEP_PROGRAM"; return; }
    command -v moonsweep && return
    for built in "$here"/../../../bin/moonsweep {.,"$here/.."}/build{,-local}/moonsweep; do
        [ ! -x "$built" ] || { realpath "$built"; return; }
    done
    fail 66 "there is no program moonsweep on the PATH or beside this script; load its module, or set" \
        "MOONSWEEP_PROGRAM"
}

# figure NAME: prints a figure of the plan.
figure() {
    awk -v name="$1" 'NF == 2 && $1 == name { value = $2 } END { print value }' <<<"$plan"
}

# ask_plan OPTION...: sets plan to what `moonsweep plan` says, and ranks to their number.
ask_plan() {
    local status=0
    plan=$("$program" plan "$job" "$@" 2>"$messages") || status=$?
    [ "$status" -ne 64 ] || ! grep -q -e '--within: no number of ranks' "$messages" || return 1
    [ "$status" -eq 0 ] || { cat "$messages" >&2; exit "$status"; }
    ranks=$(figure ranks)
}

# choose_ranks: asks for the plan with the number of ranks to propose.
choose_ranks() {
    local most
    if [ -n "$ranks" ]; then
        ask_plan --ranks "$ranks"
        return
    fi
    if ! ask_plan --within "${within:-1h}"; then
        ask_plan --ranks 1
        most=$(figure useful_ranks)
        echo "submit.sh: no number of ranks is enough for ${within:-1h}; more than $most do not help" >&2
        ask_plan --ranks "$most"
    fi
    [ "$ranks" -gt "$cores_of_all" ] || return 0
    echo "submit.sh: all nodes together have $cores_of_all $units, fewer than the $ranks ranks that would be needed" >&2
    ask_plan --ranks "$cores_of_all"
}

# look_at_partition: sets cores to the smallest number of cores of a node, cores_of_all to those of all nodes, and
# longest_s to the longest time of a job (0: not limited), in the partition of the settings or the default one, which sinfo
# marks. With two ranks on a core these are hyperthreads.
look_at_partition() {
    local lines
    lines=$(sinfo --noheader --Node --format='%P %X %Y %Z %l' ${MOONSWEEP_PARTITION:+--partition="$MOONSWEEP_PARTITION"}) ||
        fail 69 "sinfo failed, so the cores of the nodes are not known"
    read -r cores cores_of_all longest_s < <(awk -v named="${MOONSWEEP_PARTITION:+1}" -v threads="$threads" '
        named || $1 ~ /\*$/ {
            cores = $2 * $3 * ($4 < threads ? $4 : threads); all += cores; limit = $5
            if (!least || cores < least) least = cores
        }
        END {
            days = 0
            if (split(limit, dash, "-") == 2) { days = dash[1]; limit = dash[2] }
            n = split(limit, part, ":")
            seconds = n == 3 ? 3600 * part[1] + 60 * part[2] + part[3] : n == 2 ? 60 * part[1] + part[2] : 0
            print least + 0, all + 0, 86400 * days + seconds
        }' <<<"$lines")
    [ "$cores" -gt 0 ] || fail 69 "sinfo names no nodes of ${MOONSWEEP_PARTITION:-a default partition;" \
        "set MOONSWEEP_PARTITION in site.conf}"
}

# integer NUMBER: prints a number that may have a fraction or an exponent, rounded up.
integer() {
    awk -v x="$1" 'BEGIN { n = int(x); printf "%.0f\n", n < x ? n + 1 : n }'
}

# time_limit: prints seconds, rounded up to minutes, as sbatch reads them.
time_limit() {
    local minutes=$((($1 + 59) / 60))
    printf '%d-%02d:%02d:00\n' $((minutes / 1440)) $((minutes / 60 % 24)) $((minutes % 60))
}

# quoted WORD...: prints words as the shell reads them.
quoted() {
    printf '%q ' "$@"
    echo
}

# ---- arguments ------------------------------------------------------------------------------------------------------

[ $# -gt 0 ] || set -- --help
names=() within='' ranks='' after=false yes=false
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --within | --ranks)
        [ -n "${2-}" ] || fail 64 "$1 needs a value"
        printf -v "${1#--}" %s "$2"
        shift
        ;;
    --within=?* | --ranks=?*) name=${1%%=*} && printf -v "${name#--}" %s "${1#*=}" ;;
    --after) after=true ;;
    --yes) yes=true ;;
    --) shift; break ;;
    --*) fail 64 "unknown option $1; options of sbatch follow --" ;;
    *) names+=("$1") ;;
    esac
    shift
done
if [ ${#names[@]} -eq 0 ] || [ ${#names[@]} -gt 2 ]; then
    fail 64 "a job file is needed, and at most one result: submit.sh JOB.yaml [OUT.h5]; there are ${#names[@]} names"
fi
[ -z "$within" ] || [ -z "$ranks" ] || fail 64 "--within and --ranks exclude each other"
job=${names[0]} result=${names[1]:-$(basename -- "${names[0]}" .yaml).h5}
# The programs below would take a name that begins with a dash for an option.
case $job in -*) job=./$job ;; esac
case $result in -*) result=./$result ;; esac
[ -d "$(dirname "$result")" ] || fail 66 "there is no folder $(dirname "$result") for $result"

# ---- what the sweep needs -------------------------------------------------------------------------------------------

here=$(dirname "$(readlink -f "$0")")
[ -e "$here/sweep.sbatch" ] || fail 66 "sweep.sbatch is not in $here, where this script is"
settings=${MOONSWEEP_SITE_CONF:-$here/site.conf}
if [ -n "${MOONSWEEP_SITE_CONF:-}" ] || [ -e "$settings" ]; then read_site_settings "$settings"; fi
threads=${MOONSWEEP_THREADS_PER_CORE:-1}
[[ $threads =~ ^[12]$ ]] || fail 64 "MOONSWEEP_THREADS_PER_CORE is '$threads'; it must be 1 or 2"
units=cores
[ "$threads" -eq 1 ] || units=hyperthreads
# For moonsweep plan, which measures on as many hyperthreads of each core.
export MOONSWEEP_THREADS_PER_CORE=$threads
program=$(find_program)
[ -x "$program" ] || fail 66 "there is no program $program; set MOONSWEEP_PROGRAM"
for command in sinfo sbatch; do
    [ -n "$(command -v $command)" ] || fail 69 "there is no $command on the PATH: submit on a machine of a Slurm cluster," \
        "or run the sweep here by moonsweep-local"
done
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
look_at_partition
choose_ranks
cat "$messages" >&2
nodes=$(((ranks + cores - 1) / cores))
on_node=$((ranks < cores ? ranks : cores))
# A node needs its ranks and the samples, and the first one what rank 0 needs besides; a half more is the reserve.
bytes=$(($(figure first_rank_bytes) + (on_node - 1) * $(figure rank_bytes) + $(figure samples_bytes)))
megabytes=$((bytes * 3 / 2 / 1048576 + 1))
wall_s=$(integer "$(figure wall_seconds)")
[ ${#wall_s} -le 9 ] || fail 64 "the sweep takes about $(figure wall_seconds) s on $ranks ranks, which is too long"
limit_s=$((wall_s * 3 / 2 + reserve_s))
if [ "$longest_s" -gt 0 ] && [ "$limit_s" -gt "$longest_s" ]; then
    limit_s=$longest_s
    echo "submit.sh: jobs of the partition end after $(time_limit "$longest_s"); the sweep goes on when its job is requeued" >&2
fi

# ---- submitting -----------------------------------------------------------------------------------------------------

# The job looks for the program on the PATH.
place=()
[ "$(command -v moonsweep)" = "$program" ] || place+=(MOONSWEEP_PROGRAM="$program")
command=(--nodes="$nodes" --ntasks="$ranks" --mem="${megabytes}M" --time="$(time_limit "$limit_s")")
if [ "$threads" -eq 2 ]; then
    place+=(MOONSWEEP_THREADS_PER_CORE=2)
    command+=(--hint=multithread)
fi
[ ${#place[@]} -eq 0 ] || place=(env "${place[@]}")
site=(${MOONSWEEP_PARTITION:+--partition="$MOONSWEEP_PARTITION"} ${MOONSWEEP_ACCOUNT:+--account="$MOONSWEEP_ACCOUNT"})
command+=("${site[@]}" "$@" "$here/sweep.sbatch" "$job" "$result")
figures=${result%.h5}-figures
report=(--kill-on-invalid-dep=yes "${site[@]}" "$here/report.sbatch" "$result" "$figures")
echo "$(figure core_seconds) core-seconds of training take about $(figure wall_seconds) s on $ranks ranks" \
    "($nodes x $cores $units); more than $(figure useful_ranks) ranks do not help."
[ ! -e "$result" ] || echo "$result exists: if it is of the same job, the sweep is resumed, which may take less."
quoted "${place[@]}" sbatch "${command[@]}"
! $after || quoted "${place[@]}" sbatch --dependency=afterok:JOBID "${report[@]}"
if ! $yes; then
    echo "Nothing has been submitted; add --yes to do so."
    exit 0
fi
# In a federation the name of the cluster follows the number of the job.
submitted=$("${place[@]}" sbatch --parsable "${command[@]}")
submitted=${submitted%%;*}
echo "submitted job $submitted; follow it with: moonsweep status --watch $(quoted "$result")"
if $after; then
    submitted=$("${place[@]}" sbatch --parsable --dependency="afterok:$submitted" "${report[@]}")
    echo "submitted job ${submitted%%;*} for figures and report, which will be in $figures"
fi
