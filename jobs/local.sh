#!/usr/bin/env bash
# Runs a sweep on this machine: installs missing packages, builds the program, trains on all granted cores, and shows
# the results.
#
#   jobs/local.sh [--no-report] [JOB.yaml [OUT.h5]]
#
# --no-report  makes neither figures nor the report
# JOB.yaml   default: jobs/moons420.yaml, the article's sweep
# OUT.h5     default: the job file's name with .h5, in the current folder; if it contains part of the same job, the
#            sweep is resumed
#
# There is one rank on each core; with MOONSWEEP_THREADS_PER_CORE=2, one on each of the two hyperthreads of a core. The
# program is built in build-local/. A report with interactive figures (OUT-report.html) and a folder of figures are
# written beside OUT.h5. Ctrl-C stops the sweep cleanly, and a second Ctrl-C stops it immediately. Ctrl-Z suspends it,
# and fg or bg resumes it. Closing the terminal stops it cleanly, except under `nohup jobs/local.sh ...`. A sweep that
# dies, for example because a rank was killed, is restarted automatically, at most $MOONSWEEP_RESTARTS times (5;
# tools/supervise.sh). The exit status is that of the program: 0 when everything is done, 75 when it was stopped cleanly
# and the same command resumes it.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail

wants_report=true
if [ "${1:-}" = --no-report ]; then
    wants_report=false
    shift
fi
case ${1:-} in
-*)
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    [ ! -e "$1" ] || echo "jobs/local.sh: name the job file ./$1, because $1 may be an option" >&2
    exit 64
    ;;
esac
if [[ ${2:-} == -o || ${2:-} == --* || $# -gt 2 ]]; then
    echo "jobs/local.sh: the job file is followed by the name of the result only: jobs/local.sh JOB.yaml OUT.h5" >&2
    exit 64
fi
here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/here.sh
. "$here/tools/here.sh"
job=${1:-$here/jobs/moons420.yaml}
result=${2:-$(basename "$job" .yaml).h5}
# The programs below would take a name that begins with a dash for an option.
case $result in -*) result=./$result ;; esac
figures=${result%.h5}-figures report=${result%.h5}-report.html
# This build has no tests. build/ is reserved for developers, who run `meson setup build` themselves.
build=$here/build-local
program=$build/moonsweep

# quietly LOG COMMAND...: writes the command's output to LOG, and shows its end if the command fails.
quietly() {
    local log=$1 status=0
    shift
    "$@" >"$log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || tail -n 40 "$log" >&2
    return "$status"
}

# stopped: ends this script as a sweep that was stopped. If the terminal has been closed the message cannot be written,
# which must not change the exit status.
stopped() {
    echo "stopped with work left; run the same command again to resume: jobs/local.sh $job $result" >&2 || true
    exit 75
}
trap stopped USR1 XCPU

# Only one build at a time: two sweeps may be started from one checkout.
if ! { mkdir -p "$build" && true 9>>"$build/.lock"; } 2>/dev/null; then
    echo "jobs/local.sh: the program is built in $build, which cannot be written; remove it if another user made it," \
        "or use your own copy of the checkout: git clone $here" >&2
    exit 77
fi
"$here/tools/setup.sh" build analysis
cores=$("$here/tools/cores.sh")
exec 9>>"$build/.lock"
flock 9
if [ ! -f "$build/build.ninja" ]; then
    echo "building the program in $build" >&2
    quietly "$build/setup.log" meson setup -Dtests=disabled "$build" "$here"
fi
if ! quietly "$build/build.log" ninja -j "$cores" -C "$build" moonsweep; then
    echo "jobs/local.sh: the program could not be built" >&2
    exit 70
fi
exec 9>&-

status=0
trap stopped USR1 XCPU TERM INT HUP
run_here "$here/tools" "$program" "$job" "$result" || status=$?
[ "$status" -ne 75 ] || stopped
trap - USR1 XCPU TERM INT HUP
[ "$status" -eq 0 ] || exit "$status"

echo
echo "The quickest configurations with a training accuracy above 95% and at most 1 point between training and dev:"
"$program" show "$result" --min-train 95 --max-gap 1 --sort train_cpu_seconds --limit 10

echo
if ! $wants_report; then
    echo "result: $result"
    exit
fi
quietly "$build/analysis.log" "$here/analysis/setup.sh"
quietly "$build/figures.log" "$here/analysis/.venv/bin/python" -m moonsweep figures "$result" -o "$figures" --format png
quietly "$build/report.log" "$here/analysis/.venv/bin/python" -m moonsweep report "$result" -o "$report"
echo "result: $result   figures: $figures/   report: $report"
