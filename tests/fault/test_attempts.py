"""Attempts at one job of Slurm: a later one takes over the lock that an earlier one still holds, on a node that Slurm
has given up. What lives there finds out, and does no harm. The environment is that of Slurm; there is no cluster."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import shutil
import signal
import subprocess

import pytest

from fault import stop_at
from fault.promises import Places
from fault.write_log import Kind
from lib import processes, result_file, waiting
from lib.folder import names

# A second or two of work in four trajectories.
LONG = {"samples": 1000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 40000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]
# The same trajectories, of which each writes several checkpoints all the same.
SHORT = {**LONG, "iterations": "[100, 10000]"}
VERY_OFTEN = ["--checkpoint-seconds", "0.01"]
FIRST = {"SLURM_JOB_ID": "1234", "SLURM_RESTART_COUNT": None, "SLURM_CLUSTER_NAME": "alpha"}
SECOND = {**FIRST, "SLURM_RESTART_COUNT": "1"}


@pytest.fixture(scope="module")
def alone(undisturbed):
    """A job, and the result of an undisturbed run."""
    return undisturbed(**LONG)


@pytest.fixture(scope="module")
def short(undisturbed):
    return undisturbed(**SHORT)


def on_host(name):
    """Words before a command that give it a host of another name, if this machine permits that; otherwise none."""
    wrapper = ["unshare", "--uts", "sh", "-c", f'hostname {name} && exec "$@"', "sh"]
    can = shutil.which("unshare") and subprocess.run([*wrapper, "true"], capture_output=True).returncode == 0
    return wrapper if can else []


def wait_until_it_trains(output, run):
    waiting.until(lambda: result_file.checkpointed(output), running=run)


def test_a_later_attempt_takes_the_lock_over_and_the_earlier_one_ends(start, moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    wrapper = on_host("given-up")
    earlier = start("run", job, "-o", output, *OFTEN, env=FIRST, wrapper=wrapper)
    wait_until_it_trains(output, earlier)
    os.kill(earlier.pid, signal.SIGSTOP)  # so that it does not get to its end meanwhile
    name = "given-up" if wrapper else r"\S+"
    holder = rf"host {name}, process {earlier.pid}, job 1234, since \S+"
    refused = moonsweep("run", job, "-o", output, env={**SECOND, "SLURM_JOB_ID": "1235"}, status=69)
    assert re.search(rf"is being written by another run: {holder}\n", refused.stderr)
    assert moonsweep("run", job, "-o", output, env=FIRST, status=69).stderr == refused.stderr

    later = start("run", job, "-o", output, *OFTEN, env=SECOND)
    lock = output.with_name("out.h5.lock")
    waiting.until(lambda: lock.exists() and f", process {later.pid}," in lock.read_text(), running=later)
    os.kill(earlier.pid, signal.SIGCONT)
    errors = processes.end_of(earlier, 69)
    assert errors.splitlines()[-1].endswith("out.h5 has been taken over by another run; this one stops writing")
    said = processes.end_of(later)
    assert re.search(
        rf"out\.h5: its lock was taken over from an earlier attempt at this job of Slurm \({holder}\)\n", said
    )
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["out.h5"]


def test_an_earlier_attempt_that_goes_on_after_the_later_one_has_finished_changes_no_byte(
    start, moonsweep, alone, tmp_path
):
    job, expected = alone
    output = tmp_path / "out.h5"
    earlier = start("run", job, "-o", output, *OFTEN, env=FIRST, ranks=2)
    wait_until_it_trains(output, earlier)
    ranks = list(processes.ranks_of(earlier).values())
    for pid in ranks:
        os.kill(pid, signal.SIGSTOP)
    waiting.until(lambda: all(map(processes.is_stopped, ranks)))
    moonsweep("run", job, "-o", output, env=SECOND)
    before = output.read_bytes()
    processes.kill(ranks, signal.SIGCONT)
    assert "has been taken over by another run; this one stops writing" in processes.end_of(earlier, 69)
    assert output.read_bytes() == before
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["out.h5"]


# The writes before which a process is suspended after it has found its own id in the file, so that it makes this write,
# and others of the same group, when the later attempt has finished. A late write can leave what does not match its
# checksum only where it is a count of costs, which is then too small, or a row whose times had been written before.
HARMLESS = [
    ("cost", 2), ("train_accuracy", 1), ("checkpoint/W1", 2), ("checkpoint/checksum", 2), ("status", 1),
    ("leases/run", 1),
]  # fmt: skip
REPAIRED = [("cost_count", 2), ("W1", 1)]


def write_late(start, create, moonsweep, build, job, output, variable, nth):
    """Lets the first attempt make the nth write of a variable, and those of the same group, after the second attempt
    has completed the result."""
    create(job, output)
    call = stop_at.call(Kind.WRITE, nth, places=Places(output).extent(variable), is_over=False)
    suspended = stop_at.environment(build, output, call)
    earlier = start("run", job, "-o", output, *VERY_OFTEN, env={**FIRST, **suspended})
    waiting.until(lambda: processes.is_stopped(earlier.pid), running=earlier)
    moonsweep("run", job, "-o", output, env=SECOND)
    os.kill(earlier.pid, signal.SIGCONT)
    assert "has been taken over by another run; this one stops writing" in processes.end_of(earlier, 69)


@pytest.mark.parametrize(("variable", "nth"), HARMLESS)
def test_a_write_that_comes_late_has_the_same_bits(start, create, moonsweep, build, short, tmp_path, variable, nth):
    job, expected = short
    output = tmp_path / "out.h5"
    write_late(start, create, moonsweep, build, job, output, variable, nth)
    assert result_file.differences(output, expected) == []
    assert moonsweep("verify", output).returncode == 0


@pytest.mark.parametrize(("variable", "nth"), REPAIRED)
def test_a_count_or_time_that_is_written_late_is_noticed_and_repaired(
    start, create, moonsweep, build, short, tmp_path, variable, nth
):
    job, expected = short
    output = tmp_path / "out.h5"
    write_late(start, create, moonsweep, build, job, output, variable, nth)
    assert set(result_file.differences(output, expected)) <= {"cost_count"}
    moonsweep("verify", output, status=65)
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []
    assert moonsweep("verify", output).returncode == 0
