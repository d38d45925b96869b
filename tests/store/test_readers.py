"""What h5py, xarray with both engines, h5dump and ncdump see, while the file is being written too."""

import json
import subprocess
import sys
import time

import h5py
import numpy as np
import pytest
import xarray
import xxhash

from lib import checksums
from store import figures

ENGINES = ["h5netcdf", "netcdf4"]
DIMENSIONS = {
    "config": figures.CONFIGS, "trajectory": figures.TRAJECTORIES, "dataset": 1,
    "cost_sample": figures.TRAJECTORIES * figures.HISTORY, "unit": 3, "feature": 2, "train_sample": 45,
    "dev_sample": 15, "outcome": 4,
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_every_axis_has_its_name(finished, engine):
    with xarray.open_dataset(finished, engine=engine) as dataset:
        assert dict(dataset.sizes) == DIMENSIONS
        assert dataset.W1.dims == ("config", "unit", "feature")
        assert dataset.cost.dims == ("cost_sample",)
        assert list(dataset.coords["config"].values) == list(range(figures.CONFIGS))
        assert not {"cost_sample", "train_sample", "dev_sample"} & set(dataset.variables)
    for group, sizes in {"runs": {"run": 1024}, "leases": {"lease": 4168}, "checkpoint": {"slot": 72}}.items():
        with xarray.open_dataset(finished, engine=engine, group=group) as dataset:
            assert sizes.items() <= dict(dataset.sizes).items()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_variable_says_what_it_is(finished, engine):
    for group in (None, "runs", "leases", "checkpoint"):
        with xarray.open_dataset(finished, engine=engine, group=group, decode_cf=False) as dataset:
            for name, variable in dataset.variables.items():
                assert variable.attrs["long_name"] and variable.attrs["units"], name


@pytest.mark.parametrize("engine", ENGINES)
def test_no_value_is_taken_for_a_missing_one(finished, engine):
    with xarray.open_dataset(finished, engine=engine) as dataset:
        start = figures.ZERO_TRAJECTORY * figures.HISTORY
        history = dataset.cost.values[start : start + figures.HISTORY]
        assert np.count_nonzero(history == 0) == figures.HISTORY - figures.ZERO_FROM
        assert not np.isnan(dataset.cost.values).any()
        assert dataset.status.dtype == np.uint8
        for name in dataset.variables:
            assert "_FillValue" not in dataset[name].encoding
        assert dataset.status.attrs["flag_meanings"].split()[figures.DIVERGED] == "diverged"


@pytest.mark.parametrize("engine", ENGINES)
def test_durations_are_numbers_and_instants_are_dates(finished, engine):
    with xarray.open_dataset(finished, engine=engine) as dataset:
        assert dataset.train_seconds.dtype == np.float64
    with xarray.open_dataset(finished, engine=engine, group="leases") as dataset:
        assert dataset.started.dtype.kind == dataset.finished.dtype.kind == "M"
        assert dataset.started.values[3] == np.datetime64("2020-09-13T12:26:40")
        assert np.isnat(dataset.started.values[-1])
    with xarray.open_dataset(finished, engine=engine, group="runs") as dataset:
        assert dataset.core_seconds.dtype == np.float64
        assert dataset.core_seconds.values[0] == 12.5
        assert dataset.started.values[0] <= dataset.ended.values[0]
        assert list(dataset.hosts.values[:2]) == [b"here", b""]


def test_the_root_says_where_the_file_comes_from(finished):
    with h5py.File(finished) as file:
        attributes = dict(file.attrs)
    texts = "title job job_checksum job_hash program_version git_commit command created precision class_weight"
    for name in [*texts.split(), "hdf5_version", "mpi_version"]:
        assert isinstance(attributes[name], str) and attributes[name], name
    assert attributes["format_version"] == 1 and attributes["numerics"] >= 1
    assert attributes["job"] == "name: ranks # é\n"
    assert attributes["job_hash"] == f"{figures.JOB_HASH:016x}"
    assert list(attributes["label_values"]) == ["0", "1"]
    assert list(attributes["feature_names"]) == ["x1", "x2"]
    assert attributes["class_weight"] == "none"


def test_the_data_are_stored_with_their_checksum(finished):
    with h5py.File(finished) as file:
        parts = [file[name][...].tobytes() for name in ("X_train", "y_train", "X_dev", "y_dev")]
        assert file["data_checksum"][0] == xxhash.xxh3_64_intdigest(b"".join(parts))
        assert (file["noise"][0], file["data_seed"][0], file["split_seed"][0]) == (0.25, 3, 4)
        assert file["fold"][0] == -1
        assert file.attrs["job_checksum"] == checksums.of_text(file.attrs["job"])


def test_h5dump_and_ncdump_read_all_of_it(finished):
    subprocess.run(["h5dump", finished], check=True, stdout=subprocess.DEVNULL)
    dumped = subprocess.run(["ncdump", finished], check=True, capture_output=True, text=True)
    assert "config = 108" in dumped.stdout
    assert dumped.stdout.count('"sigmoid"') == 36
    assert 'hosts =\n  "here"' in dumped.stdout
    assert "_FillValue" not in dumped.stdout


def test_the_file_stays_in_the_oldest_format_without_a_mark_of_its_writers(finished):
    with finished.open("rb") as file:
        assert file.read(9) == b"\x89HDF\r\n\x1a\n\x00"  # superblock version 0 has no flag for writers


def final_rows(path, engine):
    """How many rows are final, seen by a process of its own."""
    look = (
        "import json, sys, xarray\n"
        "with xarray.open_dataset(sys.argv[1], engine=sys.argv[2]) as dataset:\n"
        "    print(json.dumps(int((dataset.status != 0).sum())))\n"
    )
    done = subprocess.run([sys.executable, "-c", look, path, engine], check=True, capture_output=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_look_that_stays_open_disturbs_nobody_and_a_fresh_one_sees_more(running, engine):
    with running() as path:
        time.sleep(0.5)
        with h5py.File(path) as kept:
            before = int((kept["status"][...] != 0).sum())
            time.sleep(1.5)
            assert final_rows(path, engine) > before
            assert figures.wrong_rows(kept)[0] == []
        with xarray.open_dataset(path, engine=engine) as dataset:
            assert int((dataset.status != 0).sum()) > before


def test_with_h5netcdf_a_second_look_beside_the_first_sees_more(running):
    with running() as path:
        time.sleep(0.5)
        with xarray.open_dataset(path, engine="h5netcdf") as first:
            before = int((first.status != 0).sum())
            time.sleep(1.5)
            with xarray.open_dataset(path, engine="h5netcdf") as second:
                assert int((second.status != 0).sum()) > before
