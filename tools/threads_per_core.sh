# shellcheck shell=bash
# Reads how many hyperthreads of each core ranks use. This file is sourced.
#
# read_threads_per_core NAME: sets $threads_per_core to $MOONSWEEP_THREADS_PER_CORE, 1 or 2 (1 without it). Fails with a
# message of the script NAME if it is something else.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

read_threads_per_core() {
    # shellcheck disable=SC2034  # read by the caller
    threads_per_core=${MOONSWEEP_THREADS_PER_CORE:-1}
    case $threads_per_core in
    1 | 2) ;;
    *)
        echo "$1: MOONSWEEP_THREADS_PER_CORE is '$threads_per_core'; it must be 1 or 2" >&2
        return 64
        ;;
    esac
}
