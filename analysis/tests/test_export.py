"""python -m moonsweep export: the copies, as other libraries read them, and the outputs that are refused."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import errno
import importlib
import os
import re
from pathlib import Path
from types import ModuleType

import h5py
import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
import xarray as xr
import zarr

import moonsweep
import result_file
from moonsweep.command_line import main

PENDING = 5  # the pending configuration of `unfinished`
FIRST = "config,n_h,activation,learning_rate,iterations,seed,init_scale"


@pytest.fixture
def unfinished(finished: Path) -> Path:
    """A result in which one configuration is pending."""
    result_file.make_pending(finished, PENDING)
    return finished


def exported(result: Path, name: str, *options: str) -> Path:
    """The copy with this name beside the result, which must be the only new file."""
    before = set(os.listdir(result.parent))
    output = result.with_name(name)
    assert main(["export", str(result), "-o", str(output), *options]) == 0
    assert set(os.listdir(result.parent)) == before | {name}
    return output


def refused(capsys: pytest.CaptureFixture[str], result: Path, output: Path, *options: str) -> tuple[int, str]:
    """The exit status and the message of an export that must fail and leave no other file."""
    before = sorted(os.listdir(result.parent))
    status = main(["export", str(result), "-o", str(output), *options])
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"moonsweep: .+\n", printed.err)
    assert sorted(os.listdir(result.parent)) == before
    return status, printed.err


def test_the_path_of_the_copy_is_printed(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = exported(finished, "sweep.csv")
    assert capsys.readouterr().out == f"{output}\n"


def test_pandas_reads_the_table_from_parquet(unfinished: Path) -> None:
    read = pd.read_parquet(exported(unfinished, "sweep.parquet"))
    with moonsweep.open(unfinished) as sweep:
        pd.testing.assert_frame_equal(read, sweep.to_frame().reset_index())
    assert read["activation"].unique().tolist() == ["tanh", "sigmoid", "relu"]
    assert read["status"][PENDING] == "pending"
    assert read.loc[PENDING, ["dev_accuracy", "rank", "iterations_done", "dev_true_positives"]].isna().all()


def test_pyarrow_reads_the_values_of_the_file_from_parquet(unfinished: Path) -> None:
    table = pyarrow.parquet.read_table(exported(unfinished, "sweep.parquet"))
    with h5py.File(unfinished) as stored:
        final = np.delete(np.arange(24), PENDING)
        assert ",".join(table.column_names).startswith(FIRST)
        assert table["config"].to_pylist() == list(range(24))
        for name in ("n_h", "iterations", "dev_accuracy", "final_cost", "train_cpu_seconds", "rank"):
            assert table[name].take(final).to_pylist() == stored[name][...][final].tolist(), name
            if name not in ("n_h", "iterations"):
                assert table[name].null_count == 1, name
                assert table[name][PENDING].as_py() is None, name


def test_parquet_has_the_attributes_of_the_result(finished: Path) -> None:
    attributes = pd.read_parquet(exported(finished, "sweep.parquet")).attrs
    with h5py.File(finished) as stored:
        assert attributes["job"] == stored.attrs["job"]
        assert attributes["numerics"] == stored.attrs["numerics"]
        assert attributes["label_values"] == ["0", "1"]


def test_pandas_and_csv_read_the_values_of_the_file_from_csv(unfinished: Path) -> None:
    output = exported(unfinished, "sweep.csv")
    read = pd.read_csv(output)
    assert output.read_text().startswith(FIRST)
    with h5py.File(unfinished) as stored, output.open(newline="") as text:
        lines = list(csv.DictReader(text))
        for name in ("learning_rate", "train_accuracy", "train_cost", "run"):
            is_kept = read["config"] != PENDING
            np.testing.assert_array_equal(read[name][is_kept], stored[name][...][is_kept], err_msg=name)
        names = np.array(result_file.ACTIVATIONS)[stored["activation"][...]]
        assert [line["activation"] for line in lines] == names.tolist()
    assert [line["status"] for line in lines] == ["done"] * PENDING + ["pending"] + ["done"] * 18
    assert (lines[PENDING]["dev_accuracy"], lines[PENDING]["rank"]) == ("", "")


def test_xarray_reads_all_variables_from_zarr(unfinished: Path) -> None:
    output = exported(unfinished, "sweep.zarr")
    with moonsweep.open(unfinished) as sweep, xr.open_zarr(output, chunks=None) as read:
        plain = sweep.drop_indexes(result_file.COORDINATES.split())
        xr.testing.assert_identical(read, xr.Dataset(plain.data_vars, plain.coords, plain.attrs))
        assert read["activation"].values[[0, 8, 16]].tolist() == ["tanh", "relu", "sigmoid"]
        assert np.isnan(read["W1"].values[PENDING]).all()
        assert np.isnan(read["rank"].values[PENDING])


def test_zarr_reads_the_values_of_the_file(unfinished: Path) -> None:
    group = zarr.open_group(exported(unfinished, "sweep.zarr"), mode="r")
    with h5py.File(unfinished) as stored:
        for name in ("X_train", "y_dev", "cost", "status", "n_h", "checksum"):
            np.testing.assert_array_equal(group[name][...], stored[name][...], err_msg=name)
        np.testing.assert_array_equal(group["W1"][7], stored["W1"][7])
    assert group["activation"][8] == "relu"


def test_several_results_are_exported_as_one(finished: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.h5"
    other.write_bytes(finished.read_bytes())
    with moonsweep.open_many([finished, other]) as both:
        for name in ("both.csv", "both.parquet", "both.zarr"):
            moonsweep.export(both, tmp_path / name)
    table = pd.read_parquet(tmp_path / "both.parquet")
    assert table["file"].tolist() == [str(finished)] * 24 + [str(other)] * 24
    with xr.open_zarr(tmp_path / "both.zarr", chunks=None) as read:
        assert read["file_config"].values.tolist() == [*range(24), *range(24)]


@pytest.mark.parametrize("name", ["sweep.csv", "sweep.parquet", "sweep.zarr"])
def test_a_result_of_the_program_is_exported(swept: Path, tmp_path: Path, name: str) -> None:
    with moonsweep.open(swept) as sweep:
        moonsweep.export(sweep, tmp_path / name)
        if name == "sweep.zarr":
            with xr.open_zarr(tmp_path / name, chunks=None) as read:
                np.testing.assert_array_equal(read["W1"], sweep["W1"])
            return
        read = pd.read_csv(tmp_path / name) if name == "sweep.csv" else pd.read_parquet(tmp_path / name)
        np.testing.assert_array_equal(read["dev_cost"], sweep["dev_cost"])
        assert "diverged" in read["status"].tolist()


@pytest.mark.parametrize("name", ["sweep.csv", "sweep.parquet", "sweep.zarr"])
def test_an_existing_copy_is_only_replaced_with_force(
    finished: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    output = exported(finished, name)
    capsys.readouterr()
    result_file.make_pending(finished, PENDING)
    status, message = refused(capsys, finished, output)
    assert (status, message) == (73, f"moonsweep: {output}: it exists already; --force replaces it\n")
    exported(finished, name, "--force")
    if name == "sweep.zarr":
        assert zarr.open_group(output, mode="r")["status"][PENDING] == 0
    else:
        read = pd.read_csv(output) if name == "sweep.csv" else pd.read_parquet(output)
        assert read["status"][PENDING] == "pending"


@pytest.mark.parametrize("name", ["sweep.csv", "sweep.zarr"])
def test_an_export_that_cannot_be_completed_leaves_the_older_copy(
    finished: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    output = exported(finished, name)
    capsys.readouterr()
    before = {path: path.read_bytes() for path in finished.parent.rglob("*") if path.is_file()}
    replace = os.replace

    def fail(source: Path, target: Path) -> None:
        if Path(target) == output and Path(source).name == "written":
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    status, message = refused(capsys, finished, output, "--force")
    assert (status, message) == (73, f"moonsweep: {output}: No space left on device\n")
    assert {path: path.read_bytes() for path in finished.parent.rglob("*") if path.is_file()} == before


def test_what_is_no_copy_is_not_replaced(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = finished.with_name("home.zarr")
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    status, message = refused(capsys, finished, folder, "--force")
    assert status == 73
    assert message == f"moonsweep: {folder}: this folder does not contain a Zarr group\n"
    file = finished.with_name("table.csv")
    file.mkdir()
    status, message = refused(capsys, finished, file, "--force")
    assert (status, message) == (73, f"moonsweep: {file}: Is a directory\n")
    assert (folder / "letter.txt").read_text() == "dear"


def test_the_result_is_not_replaced_by_its_copy(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = finished.with_name("sweep.csv")
    output.symlink_to(finished)
    before = finished.read_bytes()
    status, message = refused(capsys, finished, output, "--force")
    assert (status, "this is the result itself; give the copy another name" in message) == (64, True)
    assert finished.read_bytes() == before


@pytest.mark.parametrize("name", ["sweep", "sweep.xlsx", "sweep.CSV", ".csv"])
def test_another_suffix_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "out.h5", "-o", str(tmp_path / name)])
    assert ended.value.code == 64
    expected = f"{tmp_path / name}: the name must end in .parquet, .csv or .zarr"
    assert expected in capsys.readouterr().err


def test_inputs_and_folders_that_are_wrong_have_their_exit_codes(
    tmp_path: Path, finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, tmp_path / "none.h5", tmp_path / "sweep.csv")[0] == 66
    (tmp_path / "text.h5").write_text("no")
    assert refused(capsys, tmp_path / "text.h5", tmp_path / "sweep.csv")[0] == 65
    output = tmp_path / "missing" / "sweep.zarr"
    assert refused(capsys, finished, output) == (73, f"moonsweep: {output}: No such file or directory\n")


@pytest.mark.parametrize(("name", "package"), [("sweep.parquet", "pyarrow"), ("sweep.zarr", "zarr")])
def test_a_missing_package_is_named_with_what_installs_it(
    finished: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    package: str,
) -> None:
    import_module = importlib.import_module

    def without_package(wanted: str) -> ModuleType:
        if wanted == package:
            raise ModuleNotFoundError(wanted)
        return import_module(wanted)

    monkeypatch.setattr(importlib, "import_module", without_package)
    status, message = refused(capsys, finished, finished.with_name(name))
    assert (status, f"needs the package {package}" in message) == (69, True)
    assert "analysis/setup.sh --export" in message
