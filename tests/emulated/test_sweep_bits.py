"""A whole sweep gives the same bits on every processor: data, initial parameters, training, evaluation, checksums."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil

import h5py
import numpy as np
import pytest

from lib import result_file

# The sample count is no multiple of a chunk or vector. At the second rate, outputs saturate and relu diverges.
SMALL = {
    "samples": 153,
    "n_h": "[1, 5]",
    "activation": "[tanh, sigmoid, relu]",
    "learning_rate": "[0.5, 1.0e6]",
    "iterations": "[10, 100]",
}
LARGE = {**SMALL, "samples": 2001, "n_h": "[1, 2, 3, 4, 5, 10, 50]", "iterations": "[100, 1000]"}


@pytest.fixture(scope="module", params=["float64", "float32"])
def here(request, undisturbed):
    """A sweep that ran on this machine's processor: the folder with job.yaml and out.h5."""
    return undisturbed(precision=request.param, **SMALL)[0].parent


def assert_same_content(one, other):
    assert result_file.differences(one, other) == []
    with h5py.File(one) as one, h5py.File(other) as other:
        assert np.all(one["status"][:] > 0)
        assert one.attrs["job_hash"] == other.attrs["job_hash"]


def test_a_sweep_gives_the_same_bits_as_on_this_machine(processor, here, tmp_path):
    processor.run("moonsweep", "run", here / "job.yaml", "-o", tmp_path / "there.h5")
    assert result_file.instruction_set(tmp_path / "there.h5") == processor.isa
    assert_same_content(here / "out.h5", tmp_path / "there.h5")


@pytest.mark.parametrize(
    ("name", "isa"), [("aarch64", "portable"), ("haswell", "portable-fma"), ("haswell", "avx2-reciprocal")]
)
def test_another_kernel_gives_the_same_bits(emulated, here, tmp_path, name, isa):
    emulated(name).run("moonsweep", "run", here / "job.yaml", "-o", tmp_path / "there.h5", "--isa", isa)
    assert result_file.instruction_set(tmp_path / "there.h5") == isa
    assert_same_content(here / "out.h5", tmp_path / "there.h5")


def test_two_emulated_ranks_write_the_same_content(aarch64, here, tmp_path):
    aarch64.run("moonsweep", "run", here / "job.yaml", "-o", tmp_path / "there.h5", ranks=2)
    assert_same_content(here / "out.h5", tmp_path / "there.h5")


def test_a_sweep_from_this_machine_is_completed_on_another_processor(processor, here, tmp_path):
    shutil.copy(here / "out.h5", tmp_path / "both.h5")
    with h5py.File(tmp_path / "both.h5", "r+") as file:
        done = file["status"][:]
        done[::3] = 0
        file["status"][:] = done
        file["checksum"][::3] = 0
    processor.run("moonsweep", "run", here / "job.yaml", "-o", tmp_path / "both.h5")
    assert result_file.instruction_set(tmp_path / "both.h5") == processor.isa
    assert_same_content(here / "out.h5", tmp_path / "both.h5")


def test_data_and_predictions_are_the_same_text(processor, moonsweep, here):
    for command in [
        ["data", "job.yaml", "-o", "-"],
        ["predict", "out.h5", "--config", "4", "--moons", "101,0.25,7"],
    ]:
        assert processor.run("moonsweep", *command, cwd=here).stdout == moonsweep(*command, cwd=here).stdout


@pytest.mark.long
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_large_sweep_gives_the_same_bits_as_on_this_machine(aarch64, undisturbed, tmp_path, precision):
    job, expected = undisturbed(precision=precision, **LARGE)
    aarch64.run("moonsweep", "run", job, "-o", tmp_path / "there.h5", ranks=2)
    assert_same_content(expected, tmp_path / "there.h5")
