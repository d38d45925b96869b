"""Runs a whole sweep and every command under AddressSanitizer and UBSan. The results have the bits of the ordinary
build."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import job_file

JOB = {
    "samples": 300, "n_h": "[1, 3, 10]", "activation": "[tanh, sigmoid, relu]", "learning_rate": "[0.5, 1.0e6]",
    "iterations": "[10, 100, 1000]",
}  # fmt: skip


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("ranks", [0, 1, 3])
def test_a_sweep_gives_the_bits_of_the_ordinary_build(source, moonsweep, tmp_path, precision, ranks):
    job_file.write(tmp_path, precision=precision, **JOB)
    moonsweep("run", "job.yaml", "-o", "checked.h5", ranks=ranks, cwd=tmp_path)
    moonsweep("run", "job.yaml", "-o", "ordinary.h5", cwd=tmp_path, of=source / "build-test" / "gcc" / "moonsweep")
    with h5py.File(tmp_path / "checked.h5") as checked, h5py.File(tmp_path / "ordinary.h5") as ordinary:
        assert np.all(checked["status"][:] > 0)
        assert np.array_equal(checked["checksum"][:], ordinary["checksum"][:])


def test_sanitizers_find_nothing_in_any_command(moonsweep, tmp_path):
    job_file.write(tmp_path, **JOB)
    for command in [
        ["run", "job.yaml", "-o", "out.h5"],
        ["run", "job.yaml", "-o", "out.h5"],
        ["show", "out.h5", "--format", "csv"],
        ["show", "out.h5", "--format", "json", "--min-train", "80", "--max-gap", "5", "--sort", "train_cpu_seconds"],
        ["verify", "out.h5", "--retrain", "2"],
        ["status", "out.h5"],
        ["run", "--anonymous", "job.yaml", "-o", "anonymous.h5"],
        ["predict", "out.h5", "--config", "4", "--moons", "50,0.2,3"],
        ["data", "job.yaml", "-o", "data.csv"],
        ["--help"],
    ]:
        moonsweep(*command, cwd=tmp_path)
    moonsweep("stop", "out.h5", cwd=tmp_path, status=69)


def test_sanitizers_find_nothing_when_a_job_is_rejected(moonsweep, tmp_path):
    (tmp_path / "job.yaml").write_text("name: [\n")
    moonsweep("run", "job.yaml", "-o", "out.h5", cwd=tmp_path, status=65)
