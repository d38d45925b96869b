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
        tmp_path, samples=2000, n_h="[1, 400]", activation="[relu]", learning_rate="[0.01]", iterations="[200000]"
    )
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, "--coordinator", coordinator, "--no-teams", ranks=5)
    try:
        waiting.until(lambda: result_file.finals(output) == 1, running=sweep)
        ranks = processes.ranks_of(sweep)
        assert sorted(ranks) == [0, 1, 2, 3, 4]
        time.sleep(1)
        began = time.monotonic()
        before = {rank: processes.cpu_seconds(pid) for rank, pid in ranks.items()}

        def used():
            return {rank: processes.cpu_seconds(pid) - before[rank] for rank, pid in ranks.items()}

        waiting.until(lambda: max(used().values()) >= seconds / 5 and time.monotonic() >= began + seconds)
        found, elapsed = used(), time.monotonic() - began
    finally:
        processes.stop(sweep)
    busy = max(found, key=found.get)
    assert all(found[rank] < 0.05 * elapsed for rank in found if rank != busy), (found, elapsed)
    if coordinator == "dedicated":
        assert busy != 0
