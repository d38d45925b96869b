"""Two runs on one file: one trains, the other is told which run does, and no other file is left."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import fcntl
import os
import re
import signal
import socket
import struct
import time

import pytest

from lib import job_file, processes, result_file, waiting
from lib.folder import names

# A second or more of work in four trajectories, and more than any test waits for.
LONG = {"samples": 2000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 50000]"}
ENDLESS = {**LONG, "iterations": "[100, 1000000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]
# The files that a killed run may leave: docs/file-format.md, rule 4.
DOCUMENTED = {"out.h5", *(f"out.h5.{end}" for end in ["lock", "part"])}
SHORT = {"samples": 500, "n_h": "[1, 2, 3]", "iterations": "[10, 2000]"}


@pytest.fixture(scope="module")
def alone(undisturbed):
    """{kind: (job, result)} of single, undisturbed runs."""
    return {"long": undisturbed(**LONG), "short": undisturbed(**SHORT)}


def wait_for_status(moonsweep, output, words):
    """Waits until the output of `moonsweep status` contains some words, and returns it."""
    return waiting.until(lambda: output.exists() and words in (line := moonsweep("status", output).stdout) and line)


# ---- runs that start at once ---------------------------------------------------------------------------------


def leave_nothing(output, start, job):
    return 0


def leave_part(output, start, job):
    """Leaves the files of a run that was killed while it created the result."""
    output.with_name("out.h5.part").write_bytes(b"half of a file")
    output.with_name("out.h5.lock").write_text("host gone, process 1, job none, since 2026-01-02T03:04:05Z\n")
    return 0


def leave_result(output, start, job):
    """Leaves the files of a run that was killed while it trained."""
    run = start("run", job, "-o", output, *OFTEN)
    waiting.until(lambda: output.exists() and result_file.runs(output) == 1)
    run.kill()
    run.wait()
    return 1


@pytest.mark.parametrize("left, kind", [(leave_nothing, "short"), (leave_part, "short"), (leave_result, "long")])
@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.long) for turn in range(1, 30))])
def test_of_several_runs_that_start_at_once_one_trains(start, alone, tmp_path, left, kind, turn):
    job, expected = alone[kind]
    output = tmp_path / "out.h5"
    runs_before = left(output, start, job)
    runs = [start("run", job, "-o", output) for _ in range(5)]
    errors = {run.pid: run.communicate()[1] for run in runs}
    assert {run.returncode for run in runs} <= {0, 69}, errors
    # A run that gets the lock after the sweep is complete has nothing to do.
    trained = [pid for pid in errors if "core-seconds of training" in errors[pid]]
    assert len(trained) == 1, errors
    assert result_file.runs(output) == runs_before + 1
    for run in runs:
        if run.returncode == 69:
            (holder,) = re.findall(
                r"host .*, process (\d+), job none, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", errors[run.pid]
            )
            assert int(holder) in errors
        elif run.pid not in trained:
            assert "nothing to do" in errors[run.pid]
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["out.h5"]


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.long) for case in range(1, 20))])
def test_a_run_killed_at_any_time_leaves_only_documented_files_and_the_next_removes_them(
    start, moonsweep, alone, tmp_path, case
):
    job, expected = alone["short"]
    output = tmp_path / "out.h5"
    for delay_ms in range(case, 400, 100):
        run = start("run", job, "-o", output, "--force")
        time.sleep(delay_ms / 1000)
        run.kill()
        run.wait()
        assert set(names(tmp_path)) <= DOCUMENTED
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["out.h5"]


def test_a_run_with_nothing_to_do_removes_leftover_files_too(moonsweep, alone, tmp_path):
    job, _ = alone["short"]
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output)
    leave_part(output, None, job)
    assert "nothing to do" in moonsweep("run", job, "-o", output).stderr
    assert names(tmp_path) == ["out.h5"]


# ---- the lock ------------------------------------------------------------------------------------------------


def hold(path):
    """Locks a lock file like a run that has not written its name to it yet, and returns the open file."""
    file = path.open("a+")
    whole = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    fcntl.fcntl(file, fcntl.F_OFD_SETLK, whole)
    return file


def test_the_name_of_an_earlier_holder_is_not_reported(moonsweep, alone, tmp_path):
    lock = tmp_path / "out.h5.lock"
    lock.write_text("host gone, process 1, job none, since 2026-01-02T03:04:05Z\n")
    with hold(lock):
        refused = moonsweep("run", alone["short"][0], "-o", tmp_path / "out.h5", status=69)
    assert refused.stderr.endswith("out.h5 is being written by another run\n")


def test_the_batch_job_of_the_holder_is_reported(start, moonsweep, tmp_path):
    job = job_file.write(tmp_path, **ENDLESS)
    output = tmp_path / "out.h5"
    run = start("run", job, "-o", output, env={"PBS_JOBID": "4711.server"})
    line = wait_for_status(moonsweep, output, "; running (")
    holder = rf"host {socket.gethostname()}, process {run.pid}, job 4711\.server, since 20\d\d-[^)]*Z"
    assert re.search(rf"; running \({holder}\)$", line.rstrip())
    refused = moonsweep("run", job, "-o", output, status=69)
    assert re.search(rf"out\.h5 is being written by another run: {holder}$", refused.stderr.rstrip())


def test_a_file_system_without_locks_is_refused_unless_told_otherwise(start, moonsweep, build, alone, tmp_path):
    job, expected = alone["long"]
    output = tmp_path / "out.h5"
    lockless = {"LD_PRELOAD": str(build / "tests" / "fault" / "libno_locks.so")}
    refused = moonsweep("run", job, "-o", output, env=lockless, status=73)
    assert "this file system has no locks (No locks available)" in refused.stderr and "--no-lock" in refused.stderr
    assert names(tmp_path) == []

    run = start("run", job, "-o", output, "--no-lock", env=lockless)
    waiting.until(lambda: output.exists() and result_file.runs(output) == 1)
    line = moonsweep("status", output, env=lockless).stdout
    assert f"; killed, or running where this host sees no lock (host {socket.gethostname()}, process {run.pid}" in line
    asked = moonsweep("stop", output, env=lockless).stderr
    assert "was asked to stop, if it still exists: no lock of it is visible on this host (host" in asked
    processes.end_of(run, 75)
    moonsweep("run", job, "-o", output, "--no-lock", env=lockless)
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["out.h5"]


@pytest.mark.parametrize("since", ["1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z"])
def test_a_run_whose_clock_is_wrong_is_active_and_can_be_stopped(start, moonsweep, tmp_path, since):
    job = job_file.write(tmp_path, **ENDLESS)
    output, lock = tmp_path / "out.h5", tmp_path / "out.h5.lock"
    run = start("run", job, "-o", output, *OFTEN)
    wait_for_status(moonsweep, output, "; running (")
    with lock.open("r+") as file:  # the same file, which remains locked
        text = re.sub("since [^\n]*", f"since {since}", file.read())
        file.seek(0)
        file.write(text)
    assert f", since {since})" in moonsweep("status", output).stdout
    assert "its run was asked to stop; " in moonsweep("stop", output).stderr
    assert "stopped on request" in processes.end_of(run, 75)


def test_a_request_to_stop_says_if_it_cannot_tell_which_run_holds_the_lock(start, moonsweep, tmp_path):
    job = job_file.write(tmp_path, **ENDLESS)
    output = tmp_path / "out.h5"
    run = start("run", job, "-o", output, *OFTEN)
    wait_for_status(moonsweep, output, "; running (")
    os.truncate(tmp_path / "out.h5.lock", 0)  # as on a full disk
    assert "; running, or another run is just starting" in moonsweep("status", output).stdout
    assert "was asked to stop, if it is still active: the lock file does not say" in moonsweep("stop", output).stderr
    assert "stopped on request" in processes.end_of(run, 75)


def test_a_run_that_is_starting_is_not_asked_to_stop(moonsweep, undisturbed, tmp_path):
    _, finished = undisturbed()
    output = tmp_path / "out.h5"
    output.write_bytes(finished.read_bytes())
    with hold(tmp_path / "out.h5.lock"):
        asked = moonsweep("stop", output, status=69)
    assert "a run is just starting or ending on it and was not asked to stop; try again" in asked.stderr
    assert output.read_bytes() == finished.read_bytes()


# ---- other files with the names of ours ----------------------------------------------------------------------


def test_the_lock_of_another_result_with_a_similar_name_is_not_removed(
    start, moonsweep, alone, tmp_path, tmp_path_factory
):
    long, short = job_file.write(tmp_path_factory.mktemp("job"), **ENDLESS), alone["short"][0]
    other = tmp_path / "sweep-2024-11"
    run = start("run", long, "-o", other, *OFTEN)
    wait_for_status(moonsweep, other, "; running (")
    lefts = ["sweep-2024-11.part", "sweep-1-2.lock", "sweep-1-2.part", "sweep.lock.part"]
    for left in lefts:
        (tmp_path / left).write_text("of another program")
    moonsweep("run", short, "-o", tmp_path / "sweep")
    assert names(tmp_path) == sorted(["sweep", "sweep-2024-11", "sweep-2024-11.lock", *lefts])
    assert "is being written by another run" in moonsweep("run", long, "-o", other, status=69).stderr
    assert "stopped on request" in (moonsweep("stop", other), processes.end_of(run, 75))[1]


@pytest.mark.parametrize("suffix", ["lock", "part"])
@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_a_link_with_the_name_of_another_file_of_the_run_is_refused(refused, alone, tmp_path, suffix, link):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    link(precious, tmp_path / f"out.h5.{suffix}")
    words = [f"out.h5.{suffix}", "symbolic link" if link is os.symlink else "has another name (a hard link)"]
    refused(73, "run", alone["short"][0], "-o", tmp_path / "out.h5", words=words)
    assert precious.read_text() == "precious"
    assert names(tmp_path) == sorted([f"out.h5.{suffix}", "precious"])


# ---- a killed run --------------------------------------------------------------------------------------------


def test_stopping_a_killed_run_does_nothing(start, moonsweep, alone, tmp_path):
    job, expected = alone["long"]
    output = tmp_path / "out.h5"
    run = start("run", job, "-o", output, *OFTEN)
    wait_for_status(moonsweep, output, "; running (")
    run.kill()
    run.wait()
    assert re.search(rf"; killed \(host .*, process {run.pid}, .*\)$", moonsweep("status", output).stdout.rstrip())
    assert "nothing to stop: its run was killed" in moonsweep("stop", output).stderr
    assert moonsweep("status", output).stdout.rstrip().endswith(", asked to stop")
    # The request was for the killed run, so the next run does not stop.
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []
    assert "; killed" not in moonsweep("status", output).stdout
    assert "no sweep is running on it; nothing was asked to stop" in moonsweep("stop", output, status=69).stderr


# ---- a replaced run ------------------------------------------------------------------------------------------


def test_a_run_whose_lock_was_removed_ends_when_another_takes_over(start, moonsweep, alone, tmp_path):
    job, expected = alone["long"]
    output = tmp_path / "out.h5"
    first = start("run", job, "-o", output, *OFTEN)
    wait_for_status(moonsweep, output, "; running (")
    output.with_name("out.h5.lock").unlink()
    second = start("run", job, "-o", output, *OFTEN)
    errors = processes.end_of(first, 69)
    assert errors.splitlines()[-1].endswith("out.h5 has been taken over by another run; this one stops writing")
    # The first run did not remove the lock of the second.
    assert second.poll() is None and output.with_name("out.h5.lock").exists()
    processes.end_of(second)
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["out.h5"]


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.long) for case in range(1, 20))])
def test_a_rank_that_continues_after_its_run_was_replaced_writes_nothing(start, moonsweep, alone, tmp_path, case):
    job, expected = alone["long"]
    output = tmp_path / "out.h5"
    # Each rank is in a separate session, so that it is not ended with mpirun: as on a node that lost its network.
    launcher = start("run", job, "-o", output, *OFTEN, wrapper=["setsid", "--wait"], ranks=2)
    waiting.until(lambda: result_file.checkpointed(output), running=launcher)
    time.sleep(case / 100)
    ranks = processes.ranks_of(launcher)
    try:
        os.kill(ranks[1], signal.SIGSTOP)
        os.kill(processes.mpirun_of(launcher), signal.SIGKILL)
        waiting.until(lambda: processes.is_gone(ranks[0]))
        moonsweep("run", job, "-o", output, ranks=2)
        assert processes.is_stopped(ranks[1])
        before = output.read_bytes()
        os.kill(ranks[1], signal.SIGCONT)
        waiting.until(lambda: processes.is_gone(ranks[1]))
        assert output.read_bytes() == before
        assert result_file.differences(output, expected) == []
    finally:
        processes.kill(ranks.values())
        launcher.communicate()
