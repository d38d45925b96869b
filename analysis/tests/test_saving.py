"""Datasets saved by xarray are the same after opening, for every pair of engines."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import moonsweep
import result_file

WRITERS = ["h5netcdf", "netcdf4"]
READERS = ["h5netcdf", "netcdf4", "moonsweep"]
#: Plain xarray makes no index of these.
COORDINATES = result_file.COORDINATES.split()


def save(sweep: xr.Dataset, path: Path, engine: str) -> Path:
    """Saves ``sweep``, which must not cause a warning about lost values."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sweep.to_netcdf(path, engine=engine)
    return path


def check_same(sweep: xr.Dataset, again: xr.Dataset) -> None:
    """Checks that variables, values (even missing ones), types, coordinates and attributes are equal."""
    plain, plain_again = (xr.Dataset(each.data_vars, each.coords, each.attrs) for each in (sweep, again))
    plain, plain_again = (each.drop_indexes(COORDINATES, errors="ignore") for each in (plain, plain_again))
    xr.testing.assert_identical(plain_again, plain)
    assert {name: again[name].dtype.kind for name in again.variables} == {
        name: sweep[name].dtype.kind for name in sweep.variables
    }


@pytest.fixture
def unfinished(finished: Path) -> Path:
    """A result with a pending configuration, and a trajectory with only three costs."""
    result_file.make_pending(finished, 5)
    result_file.edit(finished, "cost_count", 2, 3)
    return finished


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_saved_dataset_is_the_same(unfinished: Path, tmp_path: Path, writer: str, reader: str) -> None:
    with h5py.File(unfinished) as stored:
        checksums = stored["checksum"][...]
    with moonsweep.open(unfinished) as sweep:
        saved = save(sweep, tmp_path / "saved.nc", writer)
        with xr.open_dataset(saved, engine=reader) as again:
            check_same(sweep, again)
            for name in ["iterations_done", "rank", "run", "dev_outcomes", "dev_accuracy"]:
                assert np.isnan(again[name].values[5]).all(), name
            assert again["iterations_done"].values[7] == 400
            np.testing.assert_array_equal(again["checksum"].values, checksums)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_saved_dataset_opens_as_a_sweep(unfinished: Path, tmp_path: Path, writer: str) -> None:
    with moonsweep.open(unfinished) as sweep:
        saved = save(sweep, tmp_path / "saved.nc", writer)
        with moonsweep.open(saved) as again:
            assert isinstance(again, moonsweep.Sweep)
            assert again.to_frame().equals(sweep.to_frame())
            xr.testing.assert_identical(again.cost_of(7), sweep.cost_of(7))
            twice = save(again, tmp_path / "twice.nc", writer)
        with moonsweep.open(twice) as again:
            check_same(sweep, again)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_saved_selection_is_the_same(unfinished: Path, tmp_path: Path, writer: str, reader: str) -> None:
    with moonsweep.open(unfinished) as sweep:
        part = sweep.isel(config=[5, 2, 11])
        saved = save(part, tmp_path / "saved.nc", writer)
        with xr.open_dataset(saved, engine=reader) as again:
            check_same(part, again)
            assert np.isnan(again["rank"].values).tolist() == [True, False, False]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_saved_result_of_the_program_is_the_same(
    swept: Path, tmp_path: Path, writer: str, reader: str
) -> None:
    path = tmp_path / "out.h5"
    path.write_bytes(swept.read_bytes())
    result_file.make_pending(path, 3)
    with moonsweep.open(path) as sweep:
        saved = save(sweep, tmp_path / "saved.nc", writer)
        with xr.open_dataset(saved, engine=reader) as again:
            check_same(sweep, again)
            assert np.isnan(again["rank"].values[3])


@pytest.mark.parametrize("version", [np.array([1, 1]), 1.0, "1", np.array([], "i4")], ids=repr)
def test_a_format_version_that_is_not_an_integer_is_damage(finished: Path, version: object) -> None:
    with h5py.File(finished, "r+") as stored:
        stored.attrs["format_version"] = version
    with pytest.raises(
        moonsweep.SweepFileError, match=r"out\.h5: a damaged result file: its format_version is"
    ):
        moonsweep.open(finished)


def test_a_dataset_that_xarray_has_masked_is_saved_without_invented_numbers(
    unfinished: Path, tmp_path: Path
) -> None:
    """Where xarray masks integers they are floating-point numbers, which must not be saved as integers."""
    with moonsweep.open(unfinished) as sweep:
        over_config = [name for name in sweep.data_vars if sweep[name].dims[:1] == ("config",)]
        masked = sweep.assign(sweep[over_config].where(sweep["status"] != 0))
        saved = save(masked, tmp_path / "saved.nc", "h5netcdf")
        with xr.open_dataset(saved, engine="h5netcdf") as plain:
            for name in over_config:
                assert np.isnan(plain[name].values[5]).all(), name
                np.testing.assert_array_equal(plain[name].values[6], sweep[name].values[6], err_msg=name)
        with moonsweep.open(saved) as again:
            assert int(again["status"][5]) == 0
            assert np.isnan(again["dev_accuracy"].values[5])
