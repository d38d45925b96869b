"""Ranks without work leave their cores to others."""

import subprocess
import time

import pytest
from mpi import sweeps


@pytest.mark.parametrize("coordinator", ["train", "dedicated"])
@pytest.mark.parametrize("seconds", [3, pytest.param(10, marks=pytest.mark.long)])
def test_ranks_without_work_take_less_than_a_twentieth_of_a_core(program, tmp_path, coordinator, seconds):
    # Two trajectories; the long one would go on for a minute or more, the short one is a small part of it.
    job = sweeps.job(
        tmp_path, samples=20000, n_h="[1, 50]", activation="[relu]", learning_rate="[0.01]", iterations="[200000]"
    )
    output = tmp_path / "out.h5"
    sweep = sweeps.start(
        program, job, output, 5, "--coordinator", coordinator, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        sweeps.wait_until(lambda: sweeps.finals(output) == 1 or sweep.poll() is not None)
        assert sweep.poll() is None, sweep.communicate()
        ranks = sweeps.ranks_of(sweep)
        assert sorted(ranks) == [0, 1, 2, 3, 4]
        time.sleep(1)
        before = {rank: sweeps.cpu_seconds(pid) for rank, pid in ranks.items()}
        time.sleep(seconds)
        used = {rank: (sweeps.cpu_seconds(pid) - before[rank]) / seconds for rank, pid in ranks.items()}
    finally:
        status, _, errors = sweeps.stop(sweep)
    assert status == 75, errors
    busy = [rank for rank, share in used.items() if share >= 0.05]
    assert len(busy) == 1, used
    assert used[busy[0]] > 0.2, "the machine was too busy to tell" + str(used)
    if coordinator == "dedicated":
        assert busy != [0]
