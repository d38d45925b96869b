"""A library that changes the floating-point environment of the process changes no bit of a result, of data or of
predictions: neither one that is loaded before main, nor one that MPI loads."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import job_file, result_file

# Initial parameters and data that another environment changes: subnormal numbers, and fractions that are rounded.
SENSITIVE = {
    "samples": 60, "noise": "1.0e-310", "dev_fraction": 0.05, "n_h": "[3]",
    "activation": "[tanh, sigmoid, relu]", "iterations": "[20]",
}  # fmt: skip


@pytest.fixture(scope="module")
def spoiled(build):
    return {"LD_PRELOAD": str(build / "tests" / "fault" / "libspoil_floats.so"), "MOONSWEEP_PROGRESS": "off"}


@pytest.mark.parametrize(("precision", "init_scale"), [("float64", "1.0e-310"), ("float32", "1.0e-40")])
def test_a_result_has_the_same_bits(moonsweep, tmp_path, spoiled, precision, init_scale):
    job = job_file.write(tmp_path, precision=precision, more=f"init_scale: {init_scale}\n", **SENSITIVE)
    plain, other = tmp_path / "plain.h5", tmp_path / "other.h5"
    moonsweep("run", job, "-o", plain)
    done = moonsweep("run", job, "-o", other, env=spoiled)
    assert "spoiled at the start" in done.stderr
    assert "spoiled by MPI" in done.stderr
    assert result_file.differences(plain, other) == []


def test_data_and_predictions_have_the_same_digits(moonsweep, tmp_path, spoiled):
    job = job_file.write(tmp_path, **SENSITIVE)
    moonsweep("run", job, "-o", tmp_path / "out.h5")
    for words in (
        ["data", job, "-o", "-"],
        ["predict", tmp_path / "out.h5", "-c", 0, "--moons", "50,0.25,3", "-o", "-"],
    ):
        plain, other = moonsweep(*words), moonsweep(*words, env=spoiled)
        assert "spoiled at the start" in other.stderr
        assert other.stdout == plain.stdout
