"""The runs and leases of a result."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

import moonsweep


@pytest.fixture
def made(sweep_of: Callable[[str], Path]) -> Path:
    """A result of one run."""
    return sweep_of("{n_h: [1, 2, 3], activation: [tanh, relu], learning_rate: 0.5, iterations: 40}")


def test_runs_have_the_values_of_the_file(made: Path) -> None:
    with moonsweep.open(made) as sweep, h5py.File(made) as stored:
        runs = sweep.runs()
        assert runs.index.tolist() == [0]
        assert runs["how_ended"].tolist() == ["finished"]
        assert runs["id"].tolist() == stored["runs/id"][:1].tolist()
        assert runs["command"].str.contains("run .*job.yaml -o .*out.h5").all()
        assert runs["version"][0] == stored["runs/version"][0].tobytes().rstrip(b"\0").decode()
        seconds = (runs["started"] - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(1, "s")
        np.testing.assert_allclose(seconds, stored["runs/started"][:1], rtol=1e-12)
        assert (runs["ended"] > runs["started"]).all()


def test_leases_say_who_trained_each_trajectory(made: Path) -> None:
    with moonsweep.open(made) as sweep:
        leases = sweep.leases()
        trained = []
        for first, count in zip(leases["first_trajectory"], leases["count"], strict=True):
            trained += range(first, first + count)
        assert sorted(trained) == list(range(6))
        assert set(leases["run"]) == {0}
        assert (leases["finished"] >= leases["started"]).all()


def test_a_row_without_a_matching_checksum_is_left_out_with_a_warning(made: Path) -> None:
    with h5py.File(made) as stored:
        offset = stored["runs/ranks"].id.get_offset()
    with made.open("r+b") as raw:
        raw.seek(offset)
        raw.write(b"\x07")
    with moonsweep.open(made) as sweep:
        with pytest.warns(
            RuntimeWarning, match="1 of 1 rows of runs do not match their checksum and are left out"
        ):
            runs = sweep.runs()
        assert runs.empty


def test_files_without_runs_say_so(finished: Path, tmp_path: Path) -> None:
    with moonsweep.open(finished) as sweep:
        sweep.to_netcdf(tmp_path / "saved.nc")
    with (
        moonsweep.open(tmp_path / "saved.nc") as saved,
        pytest.raises(ValueError, match=r"saved\.nc: it has no runs"),
    ):
        saved.runs()
    with (
        moonsweep.open_many([finished]) as many,
        pytest.raises(ValueError, match="no single file with leases"),
    ):
        many.leases()
