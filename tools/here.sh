# shellcheck shell=bash
# run_here TOOLS PROGRAM JOB RESULT [OPTION...]: runs a sweep with one rank on every core granted on this machine (with two
# if MOONSWEEP_THREADS_PER_CORE is 2), and restarts it after a crash. This file is sourced.
#
# TOOLS: the folder of this file. OPTION: further options of `moonsweep run`. The function returns the exit status of the
# sweep; 75 if this shell was signalled to end before the sweep started.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

# shellcheck source=tools/supervise.sh
. "$(dirname "${BASH_SOURCE[0]}")/supervise.sh"

run_here() {
    local tools=$1 program=$2 job=$3 result=$4 ranks
    shift 4
    ranks=$("$tools/cores.sh") || return
    supervise "$program" "$result" "$tools/launch.sh" "$ranks" "$program" run "$job" -o "$result" "$@"
}
