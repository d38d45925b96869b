"""Interrupted trajectories resume from their checkpoints, to the bits of an uninterrupted sweep."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import random
import time

import h5py
import numpy as np
import pytest

from lib import checksums, processes, result_file, waiting

# Two trajectories of about half a second and two short ones, checkpointed far more often than usual.
LONG = {"samples": 2000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 50000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]


@pytest.fixture(scope="module", params=["float64", "float32"])
def alone(request, undisturbed):
    """The job, and its result from an uninterrupted run of a single process."""
    return undisturbed(precision=request.param, **LONG)


def checkpoints(path):
    """{trajectory: the largest iteration of its checkpoints} for checkpoints that match their checksums and costs."""
    found = {}
    with h5py.File(path) as file:
        for checkpoint in checksums.checkpoints(file):
            if checkpoint.is_valid:
                before = found.get(checkpoint.trajectory, 0)
                found[checkpoint.trajectory] = max(checkpoint.iteration, before)
    return found


@pytest.fixture
def kill_when(start):
    """Runs a sweep until a condition is true and kills every rank at once."""

    def run(job, output, ranks, condition):
        sweep = start("run", job, "-o", output, *OFTEN, ranks=ranks)
        waiting.until(condition, running=sweep)
        processes.kill_ranks(sweep)

    return run


def test_a_killed_sweep_resumes_from_its_checkpoints_with_any_number_of_ranks(kill_when, moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    kill_when(job, output, 2, lambda: len(result_file.checkpointed(output)) == 2)
    kept = checkpoints(output)
    assert kept
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(output, expected) == []
    # The next run resumed from exactly the checkpoints that the kill left.
    begun = result_file.begun_at(output, run=1)
    assert {trajectory: begun[trajectory] for trajectory in kept} == kept
    assert result_file.how_ended(output) == ["running", "finished"]
    with h5py.File(output) as file:
        assert list(file["runs/ranks"][:2]) == [2, 3]
        assert (file["cost_count"][:] == 50000).all()


def test_training_times_are_summed_over_the_runs(kill_when, moonsweep, alone, tmp_path):
    job, _ = alone
    output = tmp_path / "out.h5"

    def is_nearly_trained():
        """From then on, a run that counts only its training has fewer seconds than the run before it."""
        return result_file.checkpointed(output) and max(checkpoints(output).values(), default=0) > 35000

    kill_when(job, output, 1, is_nearly_trained)
    with h5py.File(output) as file:
        trajectory = int(file["checkpoint/trajectory"][0])
        of_trajectory = file["checkpoint/trajectory"][:] == trajectory
        before = file["checkpoint/seconds"][:][of_trajectory].max()
        cpu_before = file["checkpoint/cpu_seconds"][:][of_trajectory].max()
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        config = 2 * trajectory + 1
        lease = int(
            np.flatnonzero((file["leases/run"][:] == 1) & (file["leases/first_trajectory"][:] == trajectory))[0]
        )
        wall = file["leases/finished"][lease] - file["leases/started"][lease]
        seconds, cpu_seconds = file["train_seconds"][config], file["train_cpu_seconds"][config]
        assert 0 < before < seconds < before + wall
        # One thread trains it, and cannot use more processor time than wall time.
        assert 0 < cpu_before < cpu_seconds < cpu_before + wall


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.long) for case in range(1, 25))])
def test_repeated_kills_lose_no_checkpoint_and_change_no_bit(start, moonsweep, alone, tmp_path, case):
    job, expected = alone
    output = tmp_path / "out.h5"
    choice = random.Random(case)
    before = {}
    for _ in range(4):
        sweep = start("run", job, "-o", output, *OFTEN, ranks=choice.choice([1, 2, 3]))
        time.sleep(choice.uniform(0.3, 1.2))
        processes.kill_ranks(sweep)
        if not output.exists():
            continue
        now = checkpoints(output)
        with h5py.File(output) as file:
            finished = file["status"][1::2] != 0
        for trajectory, iteration in before.items():
            assert finished[trajectory] or now[trajectory] >= iteration, "a checkpoint was lost"
        before = now
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []


@pytest.mark.parametrize("damaged", ["newer", "both", "costs"])
def test_a_damaged_checkpoint_is_not_used(kill_when, moonsweep, alone, tmp_path, damaged):
    job, expected = alone
    output = tmp_path / "out.h5"
    kill_when(job, output, 1, lambda: slots_written(output) >= 2)
    with h5py.File(output, "r+") as file:
        slots = file["checkpoint"]
        newer = int(slots["iteration"][:].argmax())
        trajectory = int(slots["trajectory"][newer])
        if damaged == "costs":
            file["cost"][int(file["cost_start"][trajectory]) + 200] += 1
        for slot in {"newer": [newer], "both": [0, 1], "costs": []}[damaged]:
            slots["b1"][slot, 0] += 1
        older = int(slots["iteration"][1 - newer])
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []
    if damaged == "newer":
        assert result_file.begun_at(output, run=1)[trajectory] == older


def slots_written(path):
    """The number of slots that are in use. While a run is writing, this is approximate."""
    with contextlib.suppress(OSError), h5py.File(path) as file:
        return int((file["checkpoint/trajectory"][:] >= 0).sum())
    return 0
