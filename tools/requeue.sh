# shellcheck shell=bash
# Requeues a Slurm job whose sweep has work left. This file is sourced, after supervise.sh.
#
# attempt_begins PROGRAM RESULT MOST: call it before the sweep. MOST: how many times the job may be restarted.
# attempt_ends STATUS: call it when the sweep has ended with STATUS. The job is requeued if
# - STATUS is that of a sweep that can be resumed (is_crash), and `PROGRAM status` says that RESULT has work left;
# - no TERM, INT or HUP has ended the sweep, as `scancel` does, and nobody used `moonsweep stop`;
# - the job was restarted fewer than MOST times;
# - this attempt, or the one before, has stored an iteration;
# - Slurm has not started a later attempt, because it believes that the node of this one has failed.
#
# An attempt is one execution of the batch script. If an attempt has stored nothing, RESULT.iter says so to the next one: it
# contains the job's number and the number of stored iterations.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

attempt_begins() {
    attempt_program=$1 attempt_result=$2 attempt_most=$3
    attempt_number=$(($(restarts_of_job) + 1))
    attempt_before=0
    [ ! -e "$2" ] || attempt_before=$(field iterations_done "$("$1" status --format csv "$2" 2>/dev/null)")
    forward_terminated=false
}

attempt_ends() {
    local status=$1 reason note=$attempt_result.iter
    # Another signal must not end the attempt twice.
    trap '' USR1 XCPU
    is_crash "$status" || { rm -f "$note"; return 0; }
    if reason=$(why_not_requeued); then
        rm -f "$note"
        attempt_message "attempt $attempt_number ended with $(status_text "$status"); the job is not requeued, because $reason"
        return
    fi
    attempt_message "attempt $attempt_number ended with $(status_text "$status") and work left; the job is requeued" \
        "and resumes in attempt $((attempt_number + 1))"
    requeue_job
}

# why_not_requeued: prints why the job must end, or fails if it is to be requeued. Then RESULT.iter is up to date.
why_not_requeued() {
    local stored
    if $forward_terminated; then
        echo "a signal ended it"
    elif [ ! -e "$attempt_result" ]; then
        echo "there is no $attempt_result yet$(advice_on_limit)"
    elif ! stored=$(stored_iterations "$attempt_program" "$attempt_result"); then
        echo "no work is left in $attempt_result, or a stop was requested, or another run is active on it"
    elif [ "$(restarts_of_job)" -ge "$attempt_number" ]; then
        echo "Slurm has started a later attempt"
    elif [ "$attempt_number" -gt "$attempt_most" ]; then
        echo "it was restarted $(counted "$((attempt_number - 1))" time), and --max-restarts is $attempt_most"
    elif [ "$stored" -gt "${attempt_before:-0}" ]; then
        rm -f "$note"
        return 1
    elif [ "$(cat "$note" 2>/dev/null)" = "$(job_id) $stored" ]; then
        echo "two attempts have stored no new iteration$(advice_on_limit)"
    elif ! echo "$(job_id) $stored" >"$note"; then
        echo "$note cannot be written"
    else
        return 1
    fi
}

# advice_on_limit: prints how long the time limit should be at least, if the job has one: twice the time that this
# attempt had, the rest of the limit, and a minute, since Slurm's signal may come earlier by that much.
advice_on_limit() {
    local start end now
    [ "$status" -eq 75 ] || return 0
    read -r start end < <(squeue --noheader --job "$SLURM_JOB_ID" --format='%S %e' 2>/dev/null) || return 0
    start=$(date -d "$start" +%s 2>/dev/null) && end=$(date -d "$end" +%s 2>/dev/null) || return 0
    now=$(date +%s)
    echo ": the time limit is too short; it should be at least $(((2 * (now - start) + end - now + 119) / 60)) minutes (--time)"
}

# job_id: prints the job's number; in an array, that of this task only.
job_id() {
    if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
        echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "$SLURM_JOB_ID"
    fi
}

# restarts_of_job: prints how many times Slurm has restarted the job. In the environment, SLURM_RESTART_COUNT may be that of
# the job that submitted this one.
restarts_of_job() {
    local count
    count=$(scontrol --oneliner show job "$(job_id)" 2>/dev/null | sed -n 's/.* Restarts=\([0-9]*\).*/\1/p') || true
    echo "${count:-${SLURM_RESTART_COUNT:-0}}"
}

requeue_job() {
    local error
    error=$(scontrol requeue "$(job_id)" 2>&1) ||
        attempt_message "Slurm does not requeue job $(job_id) (${error:-no reason given}); submit the same command again to resume"
}

attempt_message() {
    echo "sweep.sbatch: $(date '+%F %T'): $*" >&2
}
