"""Files of many gigabytes: places beyond what 32 bits count, and histories of more than 2 GiB.

The ordinary test has a file whose blocks are not reserved, so that most of it takes no space on the disk. The long one
writes more than 9 GB.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil
import signal

import h5py
import numpy as np
import pytest

from lib import job_file, result_file, waiting

# One trajectory whose costs take many gigabytes, and after it in the file two small ones.
FAR = (
    "[{n_h: 1, activation: tanh, learning_rate: 0.25, iterations: %d}, "
    "{n_h: [2, 3], activation: tanh, learning_rate: 0.5, iterations: [10, 100]}]"
)
NEAR = "{n_h: [2, 3], activation: tanh, learning_rate: 0.5, iterations: [10, 100]}"


# More than 2^33 bytes, and more than 2^32 costs.
@pytest.mark.parametrize("endless", [1_200_000_000, pytest.param(5_000_000_000, marks=pytest.mark.long)])
def test_rows_whose_costs_are_many_gigabytes_into_the_file_are_right(moonsweep, start, build, tmp_path, endless):
    demand_space(tmp_path, 8 * endless)  # which a run demands, too, although it is not used here
    (tmp_path / "near").mkdir()
    near, far = tmp_path / "near.h5", tmp_path / "far.h5"
    moonsweep("run", job_file.write(tmp_path / "near", whole_grid=NEAR), "-o", near)
    library = build / "tests" / "fault" / "libfaulty_io.so"
    fault = "MOONSWEEP_FAULT=call=allocate nth=1- cause=EOPNOTSUPP"
    wrapper = ["env", f"LD_PRELOAD={library}", f"MOONSWEEP_FAULT_FILE={far}", fault]
    sweep = start("run", job_file.write(tmp_path, whole_grid=FAR % endless), "-o", far, ranks=2, wrapper=wrapper)
    waiting.until(lambda: far.exists() and result_file.finals(far) == 4, "the small ones did not end", running=sweep)
    sweep.send_signal(signal.SIGUSR1)
    sweep.wait()
    assert far.stat().st_size > 8 * endless > 2**33
    assert far.stat().st_blocks * 512 < 2**30
    assert moonsweep("verify", far).stdout.startswith(f"{far}: sound: 4 of 5 configurations are final")
    with h5py.File(far) as file, h5py.File(near) as alone:
        assert file["cost_start"][:].tolist() == [0, endless, endless + 100]
        assert np.array_equal(file["cost"][endless:], alone["cost"][:])
        for name in ["W1", "b1", "W2", "b2", "dev_accuracy", "train_cost", "dev_cost", "final_cost"]:
            assert np.array_equal(file[name][1:], alone[name][:], equal_nan=True), name


def demand_space(folder, needed):
    """Skips the test if the disk has less space than it needs, with a reserve for others."""
    free = shutil.disk_usage(folder).free
    if free < 1.2 * needed:
        pytest.skip(f"needs {1.2 * needed / 1e9:.0f} GB on the disk, of which {free / 1e9:.0f} are free")


# Four trajectories whose costs recur, with at most this period, before this iteration.
PERIOD, RECURRING = 2, 100_000
HUGE = 300_000_000  # costs: 2.4 GB
HUGE_GRID = (
    "[{n_h: 1, activation: tanh, learning_rate: [1.2, 0.6], iterations: [%s]}, "
    "{n_h: [2, 3], activation: relu, learning_rate: 0.6, iterations: [%s]}]"
)
BLOCK = 1 << 24


@pytest.mark.long
def test_a_history_of_more_than_2_gibibytes_is_written_and_read_back(moonsweep, tmp_path):
    """Trajectories that recur are not computed any further, but all of their costs are stored."""
    demand_space(tmp_path, 4 * 8 * HUGE)
    for folder, counts in [("short", str(RECURRING)), ("long", f"{RECURRING}, {HUGE}")]:
        (tmp_path / folder).mkdir()
        grid = HUGE_GRID % (counts, counts)
        job = job_file.write(tmp_path / folder, samples=2000, noise=0.25, whole_grid=grid)
        moonsweep("run", job, "-o", tmp_path / f"{folder}.h5")
    long = tmp_path / "long.h5"
    try:
        assert long.stat().st_size > 4 * 8 * HUGE > 8e9
        assert moonsweep("verify", long).stdout.startswith(f"{long}: sound: 8 of 8 configurations are final")
        with h5py.File(tmp_path / "short.h5") as short, h5py.File(long) as file:
            assert list(file["iterations_done"]) == 4 * [RECURRING, HUGE]
            for t in range(4):
                start, start_of_known = file["cost_start"][t], short["cost_start"][t]
                assert (start, start_of_known) == (t * HUGE, t * RECURRING)
                known = short["cost"][start_of_known : start_of_known + RECURRING]
                expect_recurring(file["cost"], start, known)
                assert file["final_cost"][2 * t + 1] == file["cost"][start + HUGE - 1]
    finally:
        long.unlink()


def expect_recurring(costs, start, known):
    """The history of HUGE costs that begins at start consists of the known ones and then repeats the last of them."""
    assert np.array_equal(costs[start : start + RECURRING], known)
    assert np.array_equal(known[-PERIOD:], known[-2 * PERIOD : -PERIOD])
    cycle = np.tile(known[-PERIOD:], BLOCK // PERIOD)
    for i in range(RECURRING, HUGE, BLOCK):
        count = min(BLOCK, HUGE - i)
        assert np.array_equal(costs[start + i : start + i + count], cycle[:count]), i
