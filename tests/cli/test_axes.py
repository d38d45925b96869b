"""Axes of a grid that few jobs have."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np

SETTINGS = {"n_h": "[3]", "activation": "[tanh, relu]", "seed": "[0, 7]", "iterations": "[20, 5]"}
TRAINED = ("W1", "b1", "W2", "b2", "dev_accuracy", "train_cost", "iterations_done")


def test_init_scale_is_an_axis_between_learning_rate_and_seed(moonsweep, rows, job, tmp_path):
    both, single = tmp_path / "both.h5", tmp_path / "single.h5"
    moonsweep("run", job(**SETTINGS, learning_rate="[0.5, 0.1]", init_scale="[0.01, 1]"), "-o", both)
    with h5py.File(both) as file:
        assert file["init_scale"][:].tolist() == [0.01, 0.01, 0.01, 0.01, 1, 1, 1, 1] * 4
        assert file["seed"][:].tolist() == [0, 0, 7, 7] * 8
    for scale in ("0.01", "1"):
        # Without the axis, init_scale of the job is the only value.
        moonsweep(
            "run", job(**SETTINGS, learning_rate="[0.5, 0.1]", more=f"init_scale: {scale}\n"), "-o", single, "--force"
        )
        with h5py.File(both) as file, h5py.File(single) as alone:
            of_scale = file["init_scale"][:] == float(scale)
            for name in TRAINED:
                assert np.array_equal(file[name][:][of_scale], alone[name][:], equal_nan=True), name
    table = rows(moonsweep("show", both, "--format", "csv").stdout)
    assert {row["init_scale"] for row in table} == {"0.01", "1"}
