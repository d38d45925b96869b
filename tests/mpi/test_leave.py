"""A sweep is left soon in every phase: while the data is made, while a network is evaluated, and in wide networks."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import signal
from pathlib import Path

import h5py
import pytest

from lib import job_file, processes, result_file, waiting

ENDS = {
    "complete": "0 ",
    "asked": "75 .*stopped.*",
    "late": "75 .*stopped.*",
    "limit": r"75 .*stopped \(late\)",
    "failed": "71 rank 2 on .*: not enough memory for the test.*",
}


@pytest.mark.parametrize("case", ENDS)
@pytest.mark.other_mpis
def test_ranks_that_work_for_themselves_leave_together(build, case):
    """In all cases but the first, ranks work until they are told to leave: without that they never end."""
    done = processes.run(build / "tests" / "mpi" / "leave_ranks", case, ranks=3)
    lines = sorted(done.stdout.splitlines())
    assert [line.partition(" ")[0] for line in lines] == ["0", "1", "2"]
    assert len({line.partition(" ")[2] for line in lines}) == 1, "the ranks disagree"
    assert re.fullmatch(ENDS[case], lines[0].partition(" ")[2]), lines


def catches(pid, number):
    """Whether a process has a handler for a signal."""
    mask = re.search(r"^SigCgt:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[1]
    return int(mask, 16) >> (number - 1) & 1


@pytest.mark.parametrize("resumed", [False, True], ids=["new", "resumed"])
def test_a_signal_to_one_rank_ends_the_making_of_the_data(start, moonsweep, tmp_path, resumed):
    """The data would take each rank many seconds, during which rank 1 is told to stop."""
    job, output = job_file.write(tmp_path, samples=100_000_000), tmp_path / "out.h5"
    if resumed:
        moonsweep("run", job_file.write(tmp_path, "small"), "-o", output)
    before = output.read_bytes() if resumed else None
    sweep = start("run", job, "-o", output, ranks=2)
    waiting.until(lambda: 1 in processes.ranks_of(sweep), running=sweep)
    rank = processes.ranks_of(sweep)[1]
    waiting.until(lambda: catches(rank, signal.SIGUSR1), running=sweep)
    os.kill(rank, signal.SIGUSR1)
    errors = processes.end_of(sweep, 75)
    assert (
        f"{job}: stopped by a signal while the data was made, nothing was written; run the same command again" in errors
    )
    assert sorted(path.name for path in tmp_path.glob("out.h5*")) == (["out.h5"] if resumed else [])
    assert before is None or output.read_bytes() == before


def iterations_of_checkpoints(output):
    with h5py.File(output) as file:
        iterations, trajectories = file["checkpoint/iteration"][:], file["checkpoint/trajectory"][:]
        return iterations[trajectories >= 0].tolist()


# Nine tenths of the time are spent in evaluations: the dev set is large, and every other count is one of the grid.
EVALUATED = {
    "samples": 400_000,
    "dev_fraction": 0.95,
    "n_h": "[120, 110]",
    "activation": "[tanh]",
    "iterations": list(range(2, 42, 2)),
}


def test_a_sweep_that_is_stopped_during_evaluations_has_no_checkpoint_at_a_count_of_the_grid(
    start, moonsweep, undisturbed, tmp_path
):
    job, expected = undisturbed(**EVALUATED)
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, "-q", ranks=2)
    waiting.until(lambda: result_file.finals(output) > 0, running=sweep)
    processes.stop(sweep)
    assert all(iteration % 2 == 1 for iteration in iterations_of_checkpoints(output))
    moonsweep("verify", output)
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []


@pytest.mark.long
def test_the_time_limit_ends_the_making_of_the_data(moonsweep, tmp_path):
    """The data would take many seconds more than the ten that a run has even if its limit is shorter."""
    job, output = job_file.write(tmp_path, samples=100_000_000), tmp_path / "out.h5"
    done = moonsweep("run", job, "-o", output, "--time-limit", "0.01", ranks=2, status=75)
    assert f"{job}: stopped by its time limit while the data was made, nothing was written" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [job.name]
