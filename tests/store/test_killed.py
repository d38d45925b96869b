"""Ranks are killed at any instant while they write: the file opens, and no final row is wrong."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import subprocess
import time

import h5py
import pytest
import xarray

from lib import processes
from store import figures


def kill_after(launcher, seconds):
    """Kills every rank at once after some seconds. The launcher then ends by itself."""
    time.sleep(seconds)
    processes.kill(list(processes.below(launcher, "store_ranks")))
    launcher.communicate()


def check(path):
    """Checks that every reader opens the file, and returns the number of final rows."""
    with h5py.File(path) as file:
        wrong, final = figures.wrong_rows(file)
        assert wrong == []
    for engine in ("h5netcdf", "netcdf4"):
        with xarray.open_dataset(path, engine=engine) as dataset:
            assert int((dataset.status != 0).sum()) == final
    subprocess.run(["ncdump", "-h", path], check=True, capture_output=True)
    subprocess.run(["h5dump", "-H", path], check=True, capture_output=True)
    return final


CASES = [*range(5), *(pytest.param(case, marks=pytest.mark.long) for case in range(5, 60))]


@pytest.mark.parametrize("case", CASES)
def test_a_killed_run_leaves_a_file_that_opens_and_can_be_resumed(store_ranks, commit, tmp_path, case):
    path = tmp_path / "out.h5"
    choice = random.Random(case)
    final = 0
    for ranks in (2, 3):
        process = store_ranks(path, ranks=ranks, wait_ms=40)
        kill_after(process, choice.uniform(0.2, 1.6))
        if path.exists():
            now = check(path)
            assert now >= final, "a committed row was lost"
            final = now
    output = commit(path, ranks=4)
    assert f"pending {figures.CONFIGS - final} damaged 0" in output
    assert check(path) == figures.CONFIGS


def test_a_killed_creation_never_has_the_final_name(commit, tmp_path):
    (tmp_path / "out.h5.part").write_bytes(b"half of a file")
    (tmp_path / "out.h5.lock").write_text("host gone, process 1, job none\n")
    commit(tmp_path / "out.h5")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.h5"]
    assert check(tmp_path / "out.h5") == figures.CONFIGS
