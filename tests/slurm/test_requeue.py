"""slurm/sweep.sbatch requeues its job until the sweep is finished, and only then."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import subprocess

import pytest

from lib import job_file, processes, result_file, waiting
from slurm.cluster import log_of

# Takes hours.
ENDLESS = {"samples": 2000, "n_h": "[50]", "activation": "[tanh]", "iterations": "[100000000]"}


def attempts_in(log):
    """The numbers of the attempts that a log begins, each with its time."""
    return re.findall(r"^sweep.sbatch: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: attempt (\d+) of job ", log, re.MULTILINE)


@pytest.mark.parametrize("launcher", ["srun", pytest.param("mpirun", marks=pytest.mark.long)])
def test_a_sweep_that_is_signalled_is_requeued_until_it_is_finished(slurm, sweep, monkeypatch, launcher):
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_LAUNCHER", launcher)
    job = sweep.submit("--nodes=3", "--exclusive")
    sweep.wait_until_under_way()
    slurm.run("scancel", "--signal=USR1", "--batch", job)
    sweep.has_the_right_result()
    assert result_file.how_ended(sweep.result) == ["stopped", "finished"]
    # One log has all attempts.
    assert attempts_in(sweep.log()) == ["1", "2"]
    assert "with 6 ranks on the 6 cores granted on n[1-3]" in sweep.log() and f" by {launcher}" in sweep.log()
    assert slurm.show(job)["Restarts"] == "1"


@pytest.mark.long
def test_a_sweep_that_crashes_is_requeued(slurm, sweep, monkeypatch):
    if not slurm.own_names:
        pytest.skip("without root the nodes have no host names by which their processes are known")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_RESTARTS", "0")
    sweep.submit("--nodes=3", "--exclusive")
    sweep.wait_until_under_way()
    ranks = [pid for pid in slurm.processes_on("n3") if processes.name_of(pid) == "moonsweep"]
    processes.kill(ranks[:1])
    sweep.has_the_right_result()
    assert result_file.how_ended(sweep.result) == ["running", "finished"]
    assert re.search(r"attempt 1 ended with status \d+.* and work left; the job is requeued", sweep.log())


@pytest.mark.parametrize(
    ("cancel", "state"),
    [
        pytest.param([], "CANCELLED", id="job"),
        pytest.param(["--signal=TERM", "--batch"], "FAILED", id="script", marks=pytest.mark.long),
    ],
)
def test_a_sweep_that_is_cancelled_is_not_requeued_but_resumed_by_a_new_job(slurm, sweep, cancel, state):
    job = sweep.submit("--ntasks=2")
    sweep.wait_until_under_way()
    slurm.run("scancel", *cancel, job)
    assert slurm.finished(job) == state
    assert slurm.show(job)["Restarts"] == "0"
    if cancel:
        assert "not requeued, because a signal ended it" in sweep.log()
        assert result_file.how_ended(sweep.result) == ["stopped"]
    sweep.submit("--ntasks=2")
    sweep.has_the_right_result()


def test_a_sweep_that_is_to_stop_is_not_requeued(slurm, sweep, moonsweep):
    job = sweep.submit("--ntasks=2")
    sweep.wait_until_under_way()
    moonsweep("stop", sweep.result)
    assert slurm.finished(job) == "FAILED"
    assert slurm.show(job)["ExitCode"] == "75:0"
    assert "or a stop was requested" in sweep.log() and attempts_in(sweep.log()) == ["1"]


def stopped_by_itself(slurm, sweep, seconds, *options):
    """The log and the properties of a job whose attempts end after some seconds."""
    job_file.write(sweep.folder, "endless", **ENDLESS)
    arguments = [*options, "endless.yaml", "out.h5", "--", "--time-limit", seconds]
    job = slurm.submit(sweep.script, *arguments, options=["--ntasks=2", "--time=10"], cwd=sweep.folder)
    assert slurm.finished(job) == "FAILED"
    return log_of(sweep.folder, job), slurm.show(job)


def test_two_attempts_without_a_new_iteration_end_the_job(slurm, sweep):
    log, shown = stopped_by_itself(slurm, sweep, "0.0001", "--max-restarts", "3")
    assert (shown["ExitCode"], shown["Restarts"]) == ("75:0", "1")
    assert attempts_in(log) == ["1", "2"]
    # More than the limit of ten minutes.
    minutes = re.search(
        r"two attempts have stored no new iteration: the time limit is too short; it should be at least (\d+) minutes",
        log,
    )
    assert int(minutes[1]) > 10
    assert [file.name for file in sweep.folder.glob("out.h5*")] == ["out.h5"]


@pytest.mark.long
def test_a_job_is_restarted_at_most_as_often_as_permitted(slurm, sweep):
    log, shown = stopped_by_itself(slurm, sweep, "2", "--max-restarts", "1")
    assert (shown["ExitCode"], shown["Restarts"]) == ("75:0", "1")
    assert attempts_in(log) == ["1", "2"]
    assert "it was restarted 1 time, and --max-restarts is 1" in log
    log, shown = stopped_by_itself(slurm, sweep, "2", "--max-restarts=0")
    assert (shown["ExitCode"], shown["Restarts"]) == ("75:0", "0")


def test_a_job_that_must_not_be_requeued_says_how_to_resume(slurm, sweep):
    job_file.write(sweep.folder, "endless", **ENDLESS)
    arguments = ["endless.yaml", "out.h5", "--", "--time-limit", "0.0001"]
    job = slurm.submit(sweep.script, *arguments, options=["--no-requeue"], cwd=sweep.folder)
    assert slurm.finished(job) == "FAILED"
    log = log_of(sweep.folder, job)
    assert f"Slurm does not requeue job {job} (" in log and "submit the same command again" in log


# The batch script runs on the first node, and rank 0 with it.
@pytest.mark.parametrize("node", ["n3", pytest.param("n1", marks=pytest.mark.long)])
def test_the_sweep_of_a_killed_node_is_resumed_on_the_others(slurm, sweep, monkeypatch, node):
    if not slurm.own_names:
        pytest.skip("without root the nodes have no host names by which their processes are known")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_LAUNCHER", "mpirun")
    job = sweep.submit("--nodes=2-3", "--exclusive")
    sweep.wait_until_under_way()
    slurm.kill_node(node)
    try:
        sweep.has_the_right_result()
    finally:
        slurm.restore_node(node)
    assert slurm.show(job)["NodeList"] == {"n3": "n[1-2]", "n1": "n[2-3]"}[node]
    assert "with 6 ranks on" in sweep.log() and "with 4 ranks on" in sweep.log()


@pytest.mark.long
@pytest.mark.parametrize("partition", ["all", "grace"])
def test_a_sweep_that_gives_way_to_an_urgent_job_is_resumed_after_it(slurm, sweep, partition):
    """Slurm kills and requeues the job, or first gives its ranks time to stop, after which the script requeues it."""
    job = sweep.submit("--nodes=3", "--exclusive", f"--partition={partition}")
    sweep.wait_until_under_way()
    wait_for_release = f"until [ -e '{sweep.folder}/release' ]; do sleep 0.1; done"
    urgent = slurm.run(
        "sbatch", "--parsable", "--partition=urgent", "--nodes=3", "--exclusive", "--output=/dev/null",
        "--wrap", wait_for_release,
    ).stdout.strip()  # fmt: skip
    waiting.until(lambda: slurm.show(urgent)["JobState"] == "RUNNING", "the urgent job did not start")
    assert slurm.show(job)["JobState"] == "PENDING"
    (sweep.folder / "release").touch()
    sweep.has_the_right_result()
    assert slurm.finished(urgent) == "COMPLETED"
    assert attempts_in(sweep.log()) == ["1", "2"]
    assert result_file.runs(sweep.result) == 2


def test_only_the_signalled_task_of_an_array_is_requeued(slurm, sweep, moonsweep):
    small = job_file.write(sweep.folder, "small", iterations="[10, 20]")
    arguments = [sweep.job_file, "out.h5", small, "small.h5", "--", "--checkpoint-seconds", "0.1"]
    options = ["--array=1-2", "--ntasks=2", "--output=slurm-%a.out"]
    job = slurm.submit(sweep.script, *arguments, options=options, cwd=sweep.folder)
    sweep.job = f"{job}_1"
    waiting.until(sweep.under_way, "the sweep did not begin")
    assert slurm.finished(f"{job}_2") == "COMPLETED"
    slurm.run("scancel", "--signal=USR1", "--batch", f"{job}_1")
    assert slurm.finished(f"{job}_1") == "COMPLETED"
    assert result_file.differences(sweep.result, sweep.undisturbed) == []
    assert [slurm.show(f"{job}_{task}")["Restarts"] for task in (1, 2)] == ["1", "0"]
    # The results can be seen together.
    shown = moonsweep("show", "out.h5", "small.h5", "--format", "csv", cwd=sweep.folder).stdout.splitlines()
    assert len(shown) == 1 + 6 + 2
    assert "6 of 6 done" in moonsweep("status", "out.h5", "small.h5", cwd=sweep.folder).stdout


@pytest.mark.long
def test_an_attempt_that_slurm_has_given_up_does_not_requeue_the_next_one(slurm, sweep, script):
    """It runs outside the job, where Slurm cannot end it, as on a node that only Slurm believes to have failed."""
    (sweep.folder / "batch").write_text("#!/bin/sh\nenv -0 >environment\nsleep infinity\n")
    job = slurm.submit("batch", options=["--ntasks=2", "--requeue"], cwd=sweep.folder)
    environment = sweep.folder / "environment"
    waiting.until(lambda: environment.exists() and environment.read_bytes().endswith(b"\0"), "the job did not start")
    variables = dict(line.split("=", 1) for line in environment.read_text().split("\0") if "=" in line)
    attempt = subprocess.Popen(
        ["bash", script, sweep.job_file, "out.h5", "--", "--checkpoint-seconds", "0.3"],
        cwd=sweep.folder, env=variables, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        waiting.until(sweep.under_way, "the sweep did not begin", running=attempt)
        slurm.run("scontrol", "requeue", job)
        _, errors = attempt.communicate()
        assert "not requeued, because Slurm has started a later attempt" in errors
        waiting.until(lambda: slurm.show(job)["JobState"] == "RUNNING", "the next attempt did not start")
        assert slurm.show(job)["Restarts"] == "1"
    finally:
        processes.clean_up(attempt)
        slurm.run("scancel", job)
