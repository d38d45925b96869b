"""Ranks without work use almost no processor time."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import time

import pytest

from lib import job_file, processes, result_file, waiting


@pytest.mark.parametrize("coordinator", ["train", "dedicated"])
@pytest.mark.parametrize("seconds", [3, pytest.param(10, marks=pytest.mark.long)])
def test_ranks_without_work_use_less_than_a_twentieth_of_a_core(start, tmp_path, coordinator, seconds):
    # Two trajectories: the long one takes a minute or more, the short one a small part of that.
    job = job_file.write(
        tmp_path, samples=20000, n_h="[1, 50]", activation="[relu]", learning_rate="[0.01]", iterations="[200000]"
    )
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, "--coordinator", coordinator, "--no-teams", ranks=5)
    try:
        waiting.until(lambda: result_file.finals(output) == 1, running=sweep)
        ranks = processes.ranks_of(sweep)
        assert sorted(ranks) == [0, 1, 2, 3, 4]
        time.sleep(1)
        before = {rank: processes.cpu_seconds(pid) for rank, pid in ranks.items()}
        time.sleep(seconds)
        used = {rank: (processes.cpu_seconds(pid) - before[rank]) / seconds for rank, pid in ranks.items()}
    finally:
        processes.stop(sweep)
    busy = [rank for rank, share in used.items() if share >= 0.05]
    assert len(busy) == 1, used
    assert used[busy[0]] > 0.2, f"the machine is too busy for this test: {used}"
    if coordinator == "dedicated":
        assert busy != [0]
