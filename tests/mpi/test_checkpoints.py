"""Trajectories that are cut off go on from their checkpoints, to the bits of a sweep that never was."""

import contextlib
import os
import random
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest
from mpi import sweeps

from store import checksums

# Two trajectories of about half a second and two short ones, checkpointed far more often than anybody would.
LONG = {"samples": 2000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 50000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]


@pytest.fixture(scope="module", params=["float64", "float32"])
def alone(request, moonsweep, tmp_path_factory):
    """The job and what a single process makes of it without a stop."""
    folder = tmp_path_factory.mktemp(request.param)
    job = sweeps.job(folder, precision=request.param, **LONG)
    moonsweep("run", job, "-o", folder / "alone.h5")
    return job, folder / "alone.h5"


def checkpoints(path):
    """{trajectory: the largest iteration of a checkpoint} of those that hold their checksums and their costs."""
    found = {}
    with h5py.File(path) as file:
        for checkpoint in checksums.checkpoints(file):
            if checkpoint.holds:
                before = found.get(checkpoint.trajectory, 0)
                found[checkpoint.trajectory] = max(checkpoint.iteration, before)
    return found


def has_checkpoints(path, count):
    """Whether so many trajectories have one, as far as a look while they are written can tell."""
    with contextlib.suppress(OSError), h5py.File(path) as file:
        return len(set(file["checkpoint/trajectory"][:]) - {-1}) >= count
    return False


def kill_all(sweep):
    for pid in sweeps.ranks_of(sweep).values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    sweep.communicate()


def kill_when(program, job, output, ranks, condition):
    """Runs the sweep until the condition is true and kills every rank at once."""
    sweep = sweeps.start(program, job, output, ranks, *OFTEN, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    sweeps.wait_until(lambda: condition() or sweep.poll() is not None)
    assert sweep.poll() is None, sweep.communicate()
    kill_all(sweep)


def test_what_was_killed_goes_on_from_its_checkpoints_with_any_number_of_ranks(program, moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    kill_when(program, job, output, 2, lambda: has_checkpoints(output, 2))
    kept = checkpoints(output)
    assert kept
    moonsweep("run", job, "-o", output, ranks=3)
    assert sweeps.differences(output, expected) == []
    with h5py.File(output) as file:
        second = file["leases/run"][:] == 1
        begun = dict(zip(file["leases/first_trajectory"][second], file["leases/from_iteration"][second]))
        # Nobody looked between the last checkpoint and the kill; what was there is where it went on.
        assert {trajectory: begun[trajectory] for trajectory in kept} == kept
        assert list(file["runs/how_ended"][:3]) == [1, 2, 0]  # killed, finished
        assert list(file["runs/ranks"][:2]) == [2, 3]
        assert (file["cost_count"][:] == 50000).all()


def test_training_times_are_summed_over_the_runs(program, moonsweep, alone, tmp_path):
    job, _ = alone
    output = tmp_path / "out.h5"
    kill_when(program, job, output, 1, lambda: has_checkpoints(output, 1))
    with h5py.File(output) as file:
        trajectory = int(file["checkpoint/trajectory"][0])
        before = file["checkpoint/seconds"][:][file["checkpoint/trajectory"][:] == trajectory].max()
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        config = 2 * trajectory + 1
        lease = int(
            np.flatnonzero((file["leases/run"][:] == 1) & (file["leases/first_trajectory"][:] == trajectory))[0]
        )
        wall = file["leases/finished"][lease] - file["leases/started"][lease]
        seconds = file["train_seconds"][config]
        assert 0 < before < seconds < before + wall


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.long) for case in range(1, 25))])
def test_however_often_it_is_killed_nothing_is_trained_twice_and_the_bits_are_the_same(
    program, moonsweep, alone, tmp_path, case
):
    job, expected = alone
    output = tmp_path / "out.h5"
    choice = random.Random(case)
    before = {}
    for _ in range(4):
        sweep = sweeps.start(
            program, job, output, choice.choice([1, 2, 3]), *OFTEN, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        time.sleep(choice.uniform(0.3, 1.2))
        kill_all(sweep)
        if not output.exists():
            continue
        now = checkpoints(output)
        with h5py.File(output) as file:
            finished = file["status"][1::2] != 0
        for trajectory, iteration in before.items():
            assert finished[trajectory] or now[trajectory] >= iteration, "a checkpoint was lost"
        before = now
    moonsweep("run", job, "-o", output, ranks=2)
    assert sweeps.differences(output, expected) == []


@pytest.mark.parametrize("damaged", ["newer", "both", "costs"])
def test_a_damaged_checkpoint_is_not_believed(program, moonsweep, alone, tmp_path, damaged):
    job, expected = alone
    output = tmp_path / "out.h5"
    kill_when(program, job, output, 1, lambda: has_checkpoints(output, 1) and checkpoints_written(output) >= 2)
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
    assert sweeps.differences(output, expected) == []
    if damaged == "newer":
        with h5py.File(output) as file:
            second = file["leases/run"][:] == 1
            begun = dict(zip(file["leases/first_trajectory"][second], file["leases/from_iteration"][second]))
        assert begun[trajectory] == older


def checkpoints_written(path):
    with h5py.File(path) as file:
        return int((file["checkpoint/trajectory"][:] >= 0).sum())
