"""A file that h5repack or nccopy has rewritten is readable, its rows and data are verified, and it is never resumed."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil
import subprocess

import h5py
import pytest
import xarray

from lib import damage, result_file

REWRITE = {
    "h5repack": ["h5repack"],
    "h5repack-contiguous": ["h5repack", "-l", "CONTI", "-f", "NONE"],
    "nccopy": ["nccopy"],
}


@pytest.fixture(scope="module")
def whole(undisturbed):
    """A job and its finished result."""
    return undisturbed(n_h="[1, 3]", activation="[tanh, relu]", iterations="[20, 200]")


@pytest.fixture(params=REWRITE)
def rewritten(request, whole, tmp_path):
    path = tmp_path / "out.h5"
    subprocess.run([*REWRITE[request.param], whole[1], path], check=True)
    return path


def test_it_is_readable_and_verified_and_reported_as_rewritten(moonsweep, whole, rewritten):
    verified = moonsweep("verify", rewritten)
    assert "sound: 8 of 8 configurations are final" in verified.stdout
    assert "another program (h5repack, nccopy) has rewritten it: it can be read" in verified.stdout
    assert moonsweep("status", "--exit-code", rewritten).stdout.count("8 of 8 done") == 1
    shown = [moonsweep("show", path, "--format", "csv").stdout for path in (whole[1], rewritten)]
    assert shown[0] == shown[1]
    assert result_file.differences(rewritten, whole[1]) == []
    with xarray.open_dataset(rewritten, engine="h5netcdf") as dataset:
        assert dataset.W1.dims == ("config", "unit", "feature")


@pytest.mark.parametrize("name", ["dev_accuracy", "W1", "n_h", "cost", "X_train"])
def test_its_rows_and_data_are_verified(moonsweep, rewritten, name):
    with h5py.File(rewritten) as file:
        place, _ = result_file.place_of(file, name, 5)
    damage.flip_bit(rewritten, place, 2)
    verified = moonsweep("verify", rewritten, status=65)
    assert "cannot resume the file" in verified.stderr


def test_run_refuses_it_without_changes(refused, whole, rewritten):
    before = rewritten.read_bytes()
    words = [rewritten, "rewritten by another program (h5repack, nccopy)", "write to another file", "--force"]
    refused(65, "run", whole[0], "-o", rewritten, words=words)
    assert rewritten.read_bytes() == before


def test_stop_refuses_it_without_changes(refused, rewritten):
    before = rewritten.read_bytes()
    refused(65, "stop", rewritten, words=["rewritten"])
    assert rewritten.read_bytes() == before


def test_force_starts_over(moonsweep, whole, rewritten):
    moonsweep("run", whole[0], "-o", rewritten, "--force")
    assert result_file.differences(rewritten, whole[1]) == []
    assert "rewritten" not in moonsweep("verify", rewritten).stdout


@pytest.mark.skipif(shutil.which("h5repack") is None, reason="h5repack is not installed")
def test_a_compressed_file_is_refused_with_the_reason(refused, whole, tmp_path):
    path = tmp_path / "out.h5"
    subprocess.run(["h5repack", "-f", "GZIP=1", whole[1], path], check=True)
    before = path.read_bytes()
    refused(65, "run", whole[0], "-o", path, words=["rewritten by another program"])
    refused(65, "verify", path, words=["is not contiguous, as moonsweep stores it"])
    assert path.read_bytes() == before
