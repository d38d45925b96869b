"""Rows are compared with their checksums in blocks, costs in windows. Here both are smaller than the file."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

import moonsweep
import result_file
from moonsweep import rows

#: Costs of less than a block of the hash, of exactly one, and of one and two blocks and a part of another.
ITERATIONS = (10, 4096, 4100, 8200)
CONFIGS = range(2 * len(ITERATIONS))


@pytest.fixture(scope="module")
def long_costs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of two trajectories."""
    job = result_file.Job(n_h=(1,), activation=("tanh",), iterations=ITERATIONS, samples=10, dev_samples=10)
    return result_file.write(tmp_path_factory.mktemp("long") / "out.h5", job)


@pytest.fixture
def copied(long_costs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy, which is read in small parts."""
    monkeypatch.setattr(rows, "WINDOW", 5000)
    monkeypatch.setattr(rows, "BLOCK_BYTES", 900)
    return Path(shutil.copy(long_costs, tmp_path / "out.h5"))


def change(path: Path, variable: str, position: int) -> None:
    with h5py.File(path, "r+") as stored:
        stored[variable][position] = np.nextafter(stored[variable][position], 1)


def test_rows_that_match_are_read(copied: Path) -> None:
    with moonsweep.open(copied) as sweep, h5py.File(copied) as stored:
        np.testing.assert_array_equal(sweep["cost"].values, stored["cost"][:])
        np.testing.assert_array_equal(sweep["dev_cost"].values, stored["dev_cost"][:])


@pytest.mark.parametrize("config", CONFIGS)
def test_the_last_cost_of_each_row_is_compared(copied: Path, config: int) -> None:
    trajectory, of_trajectory = divmod(config, len(ITERATIONS))
    change(copied, "cost", trajectory * ITERATIONS[-1] + ITERATIONS[of_trajectory] - 1)
    with moonsweep.open(copied) as sweep:
        assert np.isfinite(sweep["dev_cost"][:config].values).all()
        with pytest.raises(
            moonsweep.SweepFileError, match=f"configuration {config} or its costs do not match"
        ):
            _ = sweep["dev_cost"].values


@pytest.mark.parametrize("variable", ["dev_cost", "train_seconds"])
@pytest.mark.parametrize("config", [0, 5])
def test_a_row_is_compared_whatever_block_it_is_in(copied: Path, variable: str, config: int) -> None:
    change(copied, variable, config)
    with moonsweep.open(copied) as sweep:
        others = [other for other in CONFIGS if other != config]
        assert np.isfinite(sweep["dev_cost"][others].values).all()
        with pytest.raises(
            moonsweep.SweepFileError, match=f"configuration {config} or its costs do not match"
        ):
            _ = sweep["b2"].values


def test_a_row_without_stored_costs_is_compared(copied: Path) -> None:
    with result_file.changed(copied) as stored:
        stored["cost_count"][:] = 0
        stored["cost_stride"][:] = 0
    change(copied, "cost", 0)
    with moonsweep.open(copied) as sweep:
        assert np.isfinite(sweep["dev_cost"].values).all()
    change(copied, "dev_cost", 7)
    with (
        moonsweep.open(copied) as sweep,
        pytest.raises(moonsweep.SweepFileError, match="configuration 7 or its costs do not match"),
    ):
        _ = sweep["dev_cost"].values
