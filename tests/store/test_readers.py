"""Result files are read by h5py, xarray with both engines, h5dump and ncdump, also while they are being written."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import subprocess
import sys

import h5py
import numpy as np
import pytest
import xarray
import xxhash

from lib import checksums, pages, waiting
from store import figures

ENGINES = ["h5netcdf", "netcdf4"]
DIMENSIONS = {
    "config": figures.CONFIGS, "trajectory": figures.TRAJECTORIES, "dataset": 1,
    "cost_sample": figures.TRAJECTORIES * figures.HISTORY, "unit": 3, "feature": 2, "train_sample": 45,
    "dev_sample": 15, "outcome": 4,
}  # fmt: skip


# The dimensions of the groups. The size of integrity/pages is not checked here.
SIZES = {"runs": {"run": 1024}, "leases": {"lease": 4168}, "checkpoint": {"slot": 72}, "integrity": {}}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_dimension_is_named(finished, engine):
    with xarray.open_dataset(finished, engine=engine) as dataset:
        assert dict(dataset.sizes) == DIMENSIONS
        assert dataset.W1.dims == ("config", "unit", "feature")
        assert dataset.cost.dims == ("cost_sample",)
        assert list(dataset.coords["config"].values) == list(range(figures.CONFIGS))
        assert not {"cost_sample", "train_sample", "dev_sample"} & set(dataset.variables)
    for group, sizes in SIZES.items():
        with xarray.open_dataset(finished, engine=engine, group=group) as dataset:
            assert sizes.items() <= dict(dataset.sizes).items()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_variable_has_a_description_and_units(finished, engine):
    for group in (None, *SIZES):
        with xarray.open_dataset(finished, engine=engine, group=group, decode_cf=False) as dataset:
            assert len(dataset.variables) > 0
            for name, variable in dataset.variables.items():
                assert variable.attrs["long_name"] and variable.attrs["units"], name


@pytest.mark.parametrize("engine", ENGINES)
def test_no_value_is_read_as_missing(finished, engine):
    with xarray.open_dataset(finished, engine=engine) as dataset:
        start = figures.ZERO_TRAJECTORY * figures.HISTORY
        history = dataset.cost.values[start : start + figures.HISTORY]
        assert np.count_nonzero(history == 0) == figures.HISTORY - figures.ZERO_FROM
        assert not np.isnan(dataset.cost.values).any()
        assert dataset.status.dtype == np.uint8
        for name in dataset.variables:
            assert "_FillValue" not in dataset[name].encoding
        assert dataset.status.attrs["flag_meanings"].split()[figures.DIVERGED] == "diverged"


def variables(file):
    """{name: h5py.Dataset} of every dataset with storage in the file, including scales."""
    found = {}
    file.visititems(lambda name, node: found.update({name: node}) if isinstance(node, h5py.Dataset) else None)
    return {name: node for name, node in found.items() if node.id.get_offset() is not None}


def test_no_value_is_the_fill_value_that_kerchunk_reads_as_missing(finished):
    """kerchunk asks h5py for the fill value of every variable, and fails if there is none."""
    fill_values = {"f8": None, "i4": -(2**31), "i8": -(2**63), "u8": 2**64 - 1, "u1": 255, "S1": b"\xff"}
    with h5py.File(finished) as file:
        found = variables(file)
        assert {"status", "checksum", "runs/hosts", "config", "leases/lease", "integrity/pages"} <= found.keys()
        for name, variable in found.items():
            fill, expected = variable.fillvalue, fill_values[variable.dtype.str[1:]]
            assert "_FillValue" not in variable.attrs, name
            assert np.isnan(fill) if expected is None else fill == expected, name
            # NaN means missing in result files too. The bytes of the pages are not values.
            if expected is not None and name != "integrity/pages":
                assert not (variable[()] == fill).any(), name


def test_results_name_their_coordinates(finished):
    """Variables with results, and only these, have the CF attribute `coordinates`, whose names exist."""
    with h5py.File(finished) as file:
        given = {"n_h", "activation", "learning_rate", "iterations", "seed", "init_scale"}
        rows = {*checksums.COVERED, *checksums.TIMES, "checksum", "times_checksum"}
        results = {name for name in rows if pages.is_written(name)}
        for name, variable in file.items():
            assert ("coordinates" in variable.attrs) == (name in results), name
            if name in results:
                assert set(variable.attrs["coordinates"].split()) == given
    with xarray.open_dataset(finished) as dataset:
        assert given <= set(dataset.dev_accuracy.coords)


def documented_naming(source):
    """The lines of docs/file-format.md that select by names of activations with xarray alone; the last one selects."""
    text = (source / "docs" / "file-format.md").read_text()
    return [line.strip() for line in re.search(r"```text\n(.*?)```", text, re.DOTALL)[1].strip().splitlines()]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_activation_is_a_number_whose_name_is_among_its_flags(finished, source, engine):
    with xarray.open_dataset(finished, engine=engine) as dataset:
        assert dataset.activation.dtype == np.uint8
        assert list(dataset.activation.attrs["flag_values"]) == [0, 1, 2]
        *naming, selecting = documented_naming(source)
        known = {"ds": dataset, "numpy": np}
        exec("\n".join(naming), known)
        names = known["names"]
        n_h = figures.tuples()[0][0]
        expected = [config for config, row in enumerate(figures.tuples()) if row[:2] == (n_h, "tanh")]
        assert 0 < len(expected) < len(figures.tuples())
        chosen = eval(selecting.replace("50", str(n_h)), known)
        assert chosen.checksum.values.tolist() == dataset.checksum.values[expected].tolist()
        assert [names[value] for value in dataset.activation.values] == [row[1] for row in figures.tuples()]


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


def test_the_root_attributes_describe_the_origin_of_the_file(finished):
    with h5py.File(finished) as file:
        attributes = dict(file.attrs)
    texts = "title job job_checksum job_hash program_version git_commit command date_created precision class_weight"
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
    assert 'activation:flag_meanings = "tanh sigmoid relu"' in dumped.stdout
    values = re.search(r"^ activation =([\d,\s]*);", dumped.stdout, re.MULTILINE)[1]
    assert values.replace(",", " ").split().count("1") == 36
    listed = subprocess.run(["ncdump", "-h", finished], check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^group: (\w+) ", listed, re.MULTILINE) == ["leases", "runs", "checkpoint", "integrity"]
    header = subprocess.run(["h5dump", "-H", finished], check=True, capture_output=True, text=True).stdout
    assert {*SIZES} == set(re.findall(r'GROUP "(\w+)"', header))
    assert 'hosts =\n  "here"' in dumped.stdout
    assert "_FillValue" not in dumped.stdout


def test_the_file_has_the_oldest_format_which_has_no_flag_for_writers(finished):
    with finished.open("rb") as file:
        assert file.read(9) == b"\x89HDF\r\n\x1a\n\x00"  # superblock version 0 has no flag for writers


def final_rows(path, engine):
    """The number of final rows, read by a separate process."""
    look = (
        "import json, sys, xarray\n"
        "with xarray.open_dataset(sys.argv[1], engine=sys.argv[2]) as dataset:\n"
        "    print(json.dumps(int((dataset.status != 0).sum())))\n"
    )
    done = subprocess.run([sys.executable, "-c", look, path, engine], check=True, capture_output=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_open_reader_does_not_disturb_and_a_later_one_sees_more(running, engine):
    with running() as (path, go_on):
        with h5py.File(path) as kept:
            before = int((kept["status"][...] != 0).sum())
            go_on()
            waiting.until(lambda: final_rows(path, engine) > before)
            assert figures.wrong_rows(kept)[0] == []
        with xarray.open_dataset(path, engine=engine) as dataset:
            assert int((dataset.status != 0).sum()) > before


def test_with_h5netcdf_a_second_reader_sees_more_than_an_open_first_one(running):
    def finals(dataset):
        return int((dataset.status != 0).sum())

    def finals_of_another():
        with xarray.open_dataset(path, engine="h5netcdf") as second:
            return finals(second)

    with running() as (path, go_on), xarray.open_dataset(path, engine="h5netcdf") as first:
        before = finals(first)
        go_on()
        waiting.until(lambda: finals_of_another() > before)
