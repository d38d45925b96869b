"""moonsweep.open: the contents of the dataset, files that change, and files that are rejected."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import moonsweep
import result_file

RESULTS = [
    "train_accuracy",
    "dev_outcomes",
    "train_seconds",
    "train_cpu_seconds",
    "iterations_done",
    "rank",
    "W1",
    "b1",
    "W2",
    "b2",
]


def test_it_is_an_xarray_dataset_with_labelled_dimensions(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        assert isinstance(sweep, xr.Dataset)
        assert sweep["W1"].dims == ("config", "unit", "feature")
        assert sweep["cost"].dims == ("cost_sample",)
        assert sweep["dev_accuracy"].attrs["units"] == "percent"
        assert sweep.attrs["format_version"] == 1
        assert set(sweep.coords) >= {"config", "n_h", "activation", "learning_rate", "iterations"}


def test_final_rows_have_the_values_of_the_file(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        for name in [*RESULTS, "cost", "X_train", "y_dev", "checksum", "cost_count", "n_h", "status"]:
            np.testing.assert_array_equal(sweep[name].values, stored[name][...], err_msg=name)


def test_activations_are_names_and_can_be_selected(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        assert stored["activation"].dtype == np.uint8
        names = [result_file.ACTIVATIONS[number] for number in stored["activation"]]
        assert sweep["activation"].values.tolist() == names
        assert not {"flag_values", "flag_meanings"} & set(sweep["activation"].attrs)
        tanh = sweep.sel(activation="tanh")
        assert tanh["config"].values.tolist() == [row for row, name in enumerate(names) if name == "tanh"]


def test_the_documented_line_names_activations_in_plain_xarray(finished: Path) -> None:
    with xr.open_dataset(finished, engine="h5netcdf") as ds, moonsweep.open(finished) as sweep:
        names = np.array(ds.activation.attrs["flag_meanings"].split())
        named = ds.assign_coords(activation=("config", names[ds.activation.values]))
        chosen = named.set_xindex(["n_h", "activation"]).sel(n_h=3, activation="relu")
        expected = sweep["dev_cost"].values[(sweep["activation"] == "relu") & (sweep["n_h"] == 3)]
        np.testing.assert_array_equal(chosen["dev_cost"], expected)


@pytest.mark.parametrize("number", [3, 255])
def test_an_activation_without_a_name_is_damage(finished: Path, number: int) -> None:
    result_file.edit(finished, "activation", 7, number)
    with pytest.raises(moonsweep.SweepFileError, match=rf"damaged result file: activation\[7\] is {number}"):
        moonsweep.open(finished)


def test_activations_without_flag_values_are_damage(finished: Path) -> None:
    with h5py.File(finished, "r+") as stored:
        del stored["activation"].attrs["flag_values"]
    with pytest.raises(moonsweep.SweepFileError, match=r"activation\[0\] is 0, which its flag_values do not"):
        moonsweep.open(finished)


def test_durations_are_floats_and_not_timedeltas(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        assert sweep["train_seconds"].dtype == np.float64


@pytest.mark.parametrize("name", RESULTS)
def test_results_of_a_pending_row_are_missing_even_if_its_data_is_written(finished: Path, name: str) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        assert np.isnan(sweep[name].sel(config=5)).all()
        np.testing.assert_array_equal(sweep[name].values[6], stored[name][6])


def test_checksums_keep_all_bits(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        assert sweep["checksum"].dtype == np.uint64
        np.testing.assert_array_equal(sweep["checksum"].values, stored["checksum"][...])


@pytest.mark.parametrize(
    "key",
    [3, -1, slice(None), slice(20, 2, -5), [5, 3, 5], np.array([-1, 0])],
    ids=["integer", "negative", "all", "backwards", "list", "negative list"],
)
def test_every_kind_of_index_masks_the_right_rows(finished: Path, key: object) -> None:
    for config in (3, 5, 23):
        result_file.make_pending(finished, config)
    with h5py.File(finished) as stored:
        expected = stored["W1"][...]
    expected[[3, 5, 23]] = np.nan
    with moonsweep.open(finished) as sweep:
        lazily = sweep["W1"].isel(config=key, unit=slice(None, None, 2), feature=1)
        np.testing.assert_array_equal(lazily.values, expected[key][..., ::2, 1])


def test_costs_not_written_yet_are_missing_and_zero_is_a_valid_cost(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        start = stored["cost_start"][2]
        stored["cost"][start : start + 400] = 0.0
        stored["cost_count"][2] = 10
        stored["cost_count"][3] = 0
    with moonsweep.open(finished) as sweep:
        cost = sweep["cost"].values
        assert (cost[start : start + 10] == 0).all()
        assert np.isnan(cost[start + 10 : start + 800]).all()
        assert not np.isnan(cost[:start]).any()
        assert not np.isnan(cost[start + 800 :]).any()
        assert np.isnan(sweep["cost"].values[start + 10])


def test_float32_stays_float32(tmp_path: Path) -> None:
    path = result_file.write(tmp_path / "out.h5", result_file.Job(precision="float32", iterations=(5,)))
    result_file.make_pending(path, 0)
    with moonsweep.open(path) as sweep:
        assert sweep["W1"].dtype == np.float32
        assert sweep["cost"].dtype == np.float32
        assert np.isnan(sweep["b2"].values[0])


def test_opening_again_shows_new_results_while_the_first_dataset_stays_unchanged(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with h5py.File(finished) as stored:
        offset = stored["status"].id.get_offset()
        expected = stored["dev_accuracy"][5]
    first = moonsweep.open(finished)
    held = h5py.File(finished)
    assert held["status"][5] == 0  # opened by path: its buffers must not be shared with us
    with finished.open("r+b") as raw:  # as ranks do, without HDF5
        raw.seek(offset + 5)
        raw.write(b"\x01")
    second = moonsweep.open(finished)
    assert second["status"].values[5] == 1
    assert second["dev_accuracy"].values[5] == expected
    assert first["status"].values[5] == 0
    assert np.isnan(first["dev_accuracy"].values[5])
    for file in (first, held, second):
        file.close()


def test_no_lock_is_taken(finished: Path) -> None:
    writer = f"import h5py; h5py.File({str(finished)!r}, 'r+', locking=True).close()"
    with moonsweep.open(finished) as sweep:
        assert sweep.sizes["config"] == 24
        subprocess.run([sys.executable, "-c", writer], check=True, timeout=3600)


def test_closing_leaves_no_file_open(finished: Path) -> None:
    def links() -> list[str]:
        found = Path("/proc/self/fd").iterdir()
        return [os.readlink(link) for link in found if link.is_symlink()]

    with moonsweep.open(finished) as sweep:
        assert str(finished) in links()
        sweep["W1"].load()
    assert str(finished) not in links()


def test_xarray_opens_it_with_our_engine(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with xr.open_dataset(finished, engine="moonsweep") as dataset:
        assert np.isnan(dataset["dev_accuracy"].values[5])
        assert len(moonsweep.to_frame(dataset)) == 24


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_plain_xarray_reads_the_test_file(finished: Path, engine: str) -> None:
    with xr.open_dataset(finished, engine=engine) as dataset:
        assert dataset["W1"].dims == ("config", "unit", "feature")
        assert "cost_sample" not in dataset.variables


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no such file.*out\.h5"):
        moonsweep.open(tmp_path / "out.h5")


def test_a_file_that_is_being_created_has_its_own_message(tmp_path: Path) -> None:
    (tmp_path / "out.h5.part").touch()
    with pytest.raises(FileNotFoundError, match="has not finished creating it"):
        moonsweep.open(tmp_path / "out.h5")


def test_a_folder_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        moonsweep.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"name: tiny\n"], ids=["empty", "text"])
def test_a_file_that_is_not_hdf5_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "out.h5"
    path.write_bytes(content)
    with pytest.raises(moonsweep.SweepFileError, match=r"out\.h5: not an HDF5 file, or a damaged one"):
        moonsweep.open(path)


def test_a_truncated_file_is_rejected(finished: Path) -> None:
    os.truncate(finished, finished.stat().st_size // 2)
    with pytest.raises(moonsweep.SweepFileError, match=r"out\.h5: not an HDF5 file, or a damaged one"):
        moonsweep.open(finished)


def test_another_hdf5_file_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "other.h5"
    h5py.File(path, "w").close()
    with pytest.raises(moonsweep.SweepFileError, match=r"other\.h5: not a result of moonsweep"):
        moonsweep.open(path)


def test_a_newer_format_is_rejected(finished: Path) -> None:
    with h5py.File(finished, "r+") as stored:
        stored.attrs["format_version"] = np.int32(2)
    with pytest.raises(
        moonsweep.SweepFileError, match=r"format version 2; this package reads versions 1 to 1"
    ):
        moonsweep.open(finished)


def test_a_result_without_its_status_is_damaged(finished: Path) -> None:
    with h5py.File(finished, "r+") as stored:
        del stored["status"]
    with pytest.raises(moonsweep.SweepFileError, match="'status' is missing"):
        moonsweep.open(finished)
