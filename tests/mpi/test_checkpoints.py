"""Interrupted trajectories resume from their checkpoints, to the bits of an uninterrupted sweep."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import time

import h5py
import numpy as np
import pytest

from lib import checksums, processes, result_file

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


def is_pending(path, trajectory):
    """Whether the long configuration of a trajectory is pending."""
    with h5py.File(path) as file:
        return file["status"][2 * trajectory + 1] == 0


@pytest.fixture
def kill_after(start_until):
    """Kills every rank of a sweep at once when rank 0 has written its nth checkpoint."""

    def run(job, output, nth, ranks=0):
        sweep, suspended = start_until(job, output, "checkpoint/checksum", *OFTEN, nth=nth, ranks=ranks)
        assert suspended is not None, "the sweep ended before it was killed"
        if ranks:
            processes.kill_ranks(sweep)
        else:
            sweep.kill()
            sweep.communicate()

    return run


def test_a_killed_sweep_resumes_from_its_checkpoints_with_any_number_of_ranks(kill_after, moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    kill_after(job, output, 2, ranks=2)
    kept = {
        trajectory: iteration for trajectory, iteration in checkpoints(output).items() if is_pending(output, trajectory)
    }
    assert kept
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(output, expected) == []
    # The next run resumed from exactly the checkpoints that the kill left.
    begun = result_file.begun_at(output, run=2)
    assert {trajectory: begun[trajectory] for trajectory in kept} == kept
    assert result_file.how_ended(output) == ["stopped", "running", "finished"]
    with h5py.File(output) as file:
        assert list(file["runs/ranks"][:3]) == [1, 2, 3]
        assert (file["cost_count"][:] == 50000).all()


def test_training_times_are_summed_over_the_runs(kill_after, moonsweep, undisturbed, tmp_path):
    job, _ = undisturbed(**{**LONG, "n_h": "[20]", "activation": "[tanh]"})
    output = tmp_path / "out.h5"
    kill_after(job, output, 3)
    with h5py.File(output) as file:
        before, cpu_before = (file[f"checkpoint/{name}"][:].max() for name in ("seconds", "cpu_seconds"))
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        (lease,) = np.flatnonzero(file["leases/run"][:] == 2)
        wall = file["leases/finished"][lease] - file["leases/started"][lease]
        seconds, cpu_seconds = file["train_seconds"][1], file["train_cpu_seconds"][1]
        assert 0 < before < seconds < before + wall
        # One thread trains the only trajectory, and the run counts its processor time, too.
        assert 0 < cpu_before < cpu_seconds == pytest.approx(cpu_before + file["runs/core_seconds"][2], rel=1e-9)


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
def test_a_damaged_checkpoint_is_not_used(kill_after, moonsweep, alone, tmp_path, damaged):
    job, expected = alone
    output = tmp_path / "out.h5"
    kill_after(job, output, 2)
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
        assert result_file.begun_at(output, run=2)[trajectory] == older
