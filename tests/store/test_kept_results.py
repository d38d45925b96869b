"""The kept results of tests/data/results can be read by everything that reads results, and have the values that NumPy
computed. The newest of them has the present format and numerics."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import json
import math
import shutil

import h5py
import numpy as np
import pytest
import xarray

from lib import checksums, damage, kept_results, result_file

RENEW = (
    "tests/data/results has no result of the present format and numerics:"
    " run build-test/venv/bin/python tools/keep_result.py to renew it, and say in docs/file-format.md what has changed"
)
OTHER_JOB = 78  # the exit status of a run on a file of another job, or of other numerics
CLOSE = {"rel": 1e-10, "abs": 1e-15}


@pytest.fixture(params=kept_results.paths(), ids=lambda path: path.name.removesuffix(".h5.xz"))
def kept(request, tmp_path):
    """A copy of each kept result."""
    return kept_results.unpack(request.param, tmp_path / "kept.h5")


@pytest.fixture(scope="module")
def newest(tmp_path_factory):
    """The newest of them, which must not be changed."""
    return kept_results.unpack(kept_results.paths()[-1], tmp_path_factory.mktemp("newest") / "kept.h5")


@pytest.fixture(scope="module")
def fresh(moonsweep, tmp_path_factory):
    """A result that the program writes now."""
    path = tmp_path_factory.mktemp("fresh") / "fresh.h5"
    moonsweep("run", "--quiet", "--anonymous", kept_results.JOB, "-o", path)
    return path


# ---- the present format ------------------------------------------------------------------------------------------


def attributes(node):
    """The attributes of a variable; of those that refer to other objects only the names."""
    values = {name: np.asarray(value) for name, value in node.attrs.items()}
    return {name: None if value.dtype.hasobject and value.ndim else value.tolist() for name, value in values.items()}


def structure(path):
    """What a reader of a result file relies on: all names, types, sizes and attributes."""
    with h5py.File(path) as file:
        found = {"": (int(file.attrs["format_version"]), int(file.attrs["numerics"]), sorted(file.attrs))}

        def look(name, node):
            if isinstance(node, h5py.Dataset):
                # The pages also contain the texts of the root attributes, whose lengths are not part of the format.
                size = None if name.startswith("integrity/") else node.shape
                found[name] = (node.dtype.str, size, attributes(node))

        file.visititems(look)
    return {name: part for name, part in found.items() if name != "integrity/byte"}


def test_the_newest_has_the_present_format_and_numerics(newest, fresh):
    kept, present = structure(newest), structure(fresh)
    changed = sorted(name or "the root" for name in kept.keys() | present.keys() if kept.get(name) != present.get(name))
    assert changed == [], RENEW


def test_the_newest_has_the_present_bits(newest, fresh):
    assert result_file.differences(newest, fresh) == [], RENEW


# ---- the values --------------------------------------------------------------------------------------------------


def expected_row(row):
    """A line of rows.csv as variables of the file; the activation and the status are names."""
    return {name: value for name, value in row.items() if name != "config"}


def is_close(value, expected):
    if isinstance(expected, str):
        return value == expected
    return float(value) == pytest.approx(float(expected), **CLOSE)


def test_h5py_reads_the_computed_values(kept):
    with h5py.File(kept) as file:
        for row in kept_results.table("rows.csv"):
            for name, expected in expected_row(row).items():
                value = file[name][row["config"]]
                if isinstance(expected, str):
                    value = result_file.flag_names(file[name])[int(value)]
                assert is_close(value, expected), (row["config"], name)
        for row in kept_results.table("parameters.csv"):
            value = np.ravel(file[row["name"]][row["config"]])[row["position"]]
            assert value == pytest.approx(row["value"], **CLOSE), row
        for row in kept_results.table("costs.csv"):
            value = file["cost"][file["cost_start"][row["trajectory"]] + row["iteration"]]
            assert value == pytest.approx(row["cost"], **CLOSE), row
        assert file["cost_count"][:].sum() == len(kept_results.table("costs.csv"))
        assert all(checksums.match(file, config) for config in range(kept_results.CONFIGS))
    assert result_file.how_ended(kept) == ["finished"]


def test_h5py_reads_the_samples_of_scikit_learn(kept):
    with h5py.File(kept) as file:
        stored = [
            (part, *map(float, x), int(label))
            for part in ("train", "dev")
            for x, label in zip(file[f"X_{part}"][:], file[f"y_{part}"][:])
        ]
    expected = [tuple(row.values()) for row in kept_results.table("samples.csv")]
    assert [(row[0], row[3]) for row in stored] == [(row[0], row[3]) for row in expected]
    assert np.allclose([row[1:3] for row in stored], [row[1:3] for row in expected], rtol=0, atol=2e-15)


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_xarray_reads_the_computed_values(kept, engine):
    rows = kept_results.table("rows.csv")
    with xarray.open_dataset(kept, engine=engine) as dataset:
        assert dataset.sizes["config"] == kept_results.CONFIGS
        assert dataset.sizes["trajectory"] == kept_results.TRAJECTORIES
        for name in expected_row(rows[0]):
            values = dataset[name].values
            if name in ("activation", "status"):
                values = np.array(dataset[name].attrs["flag_meanings"].split())[values]
            assert all(is_close(value, row[name]) for value, row in zip(values, rows, strict=True)), name


# ---- the program -------------------------------------------------------------------------------------------------


def test_the_program_shows_the_computed_values(moonsweep, kept):
    shown = list(csv.DictReader(io.StringIO(moonsweep("show", kept, "--format", "csv").stdout)))
    for line, row in zip(shown, kept_results.table("rows.csv"), strict=True):
        for name, expected in row.items():
            assert is_close(line[name], expected), (line["config"], name)


def test_the_program_counts_and_verifies_the_rows(moonsweep, kept):
    (status,) = json.loads(moonsweep("status", "--format", "json", kept).stdout)
    states = [row["status"] for row in kept_results.table("rows.csv")]
    assert {name: status[name] for name in set(states)} == {name: states.count(name) for name in states}
    assert (status["pending"], status["state"]) == (0, "finished")
    moonsweep("verify", kept)


def test_the_program_predicts_with_the_networks(moonsweep, kept, tmp_path):
    dev = tmp_path / "dev.csv"
    dev.write_text(
        "x1,x2,label\n"
        + "".join(
            f"{row['x1']},{row['x2']},{row['label']}\n"
            for row in kept_results.table("samples.csv")
            if row["set"] == "dev"
        )
    )
    for row in kept_results.table("rows.csv"):
        printed = moonsweep("predict", kept, "--config", row["config"], "--data", dev).stdout
        found = dict(line.split() for line in printed.splitlines())
        assert is_close(found["accuracy"], row["dev_accuracy"])
        assert is_close(found["cost"], row["dev_cost"]) or math.isinf(row["dev_cost"])


def has_present_numerics(path, fresh):
    with h5py.File(path) as file, h5py.File(fresh) as present:
        return file.attrs["numerics"] == present.attrs["numerics"]


def test_a_run_continues_it_if_it_has_the_present_numerics(moonsweep, kept, fresh):
    if not has_present_numerics(kept, fresh):
        assert "numerics" in moonsweep("run", kept_results.JOB, "-o", kept, status=OTHER_JOB).stderr
        return
    damage.flip_value(kept, "dev_cost", 3, mask=1)  # so that there is something to train
    moonsweep("run", kept_results.JOB, "-o", kept)
    assert result_file.runs(kept) == 2
    assert result_file.differences(kept, fresh) == []


def test_a_run_of_another_job_is_refused_and_takes_its_rows_over(moonsweep, newest, tmp_path):
    path = tmp_path / "kept.h5"
    shutil.copy(newest, path)
    text = kept_results.JOB.read_text()
    larger = tmp_path / "larger.yaml"
    larger.write_text(text.replace("n_h: [1, 3]", "n_h: [1, 3, 2]"))
    before = path.read_bytes()
    moonsweep("run", larger, "-o", path, status=OTHER_JOB)
    assert path.read_bytes() == before
    moonsweep("run", larger, "-o", tmp_path / "larger.h5", "--from", path)
    with h5py.File(tmp_path / "larger.h5") as file:
        assert (file["rank"][:] == -1).sum() == kept_results.CONFIGS
