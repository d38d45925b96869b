"""The weights of the classes, compared with their definition and with the costs of the program."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import moonsweep
from moonsweep.network import predict_probability


def test_without_weights_every_label_counts_once(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        assert moonsweep.class_weight(sweep, 3).tolist() == [1, 1]


def test_an_unknown_configuration_has_no_weights(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, pytest.raises(KeyError):
        moonsweep.class_weight(sweep, 1000)


@pytest.mark.parametrize("stated", ["balanced", "[0.5, 2]"])
def test_the_weights_give_the_costs_of_the_program(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, stated: str
) -> None:
    job = tmp_path / "job.yaml"
    job.write_text(
        "name: weighted\n"
        "data: {moons: {samples: 101, noise: 0.3, seed: 0}, dev_fraction: 0.2, split_seed: 1}\n"
        f"grid: {{n_h: 3, activation: tanh, learning_rate: 0.5, iterations: 50}}\nclass_weight: {stated}\n"
    )
    run_program("run", job, "-o", tmp_path / "out.h5")
    with moonsweep.open(tmp_path / "out.h5") as sweep:
        y = sweep["y_train"].values
        weight = moonsweep.class_weight(sweep, 0)
        expected = [0.5, 2] if stated != "balanced" else (len(y) / (2 * np.bincount(y))).tolist()
        assert weight.tolist() == expected
        probability = predict_probability(sweep, 0, sweep["X_train"].values)
        of_label = np.where(y == 1, probability, 1 - probability)
        assert float(sweep["train_cost"][0]) == pytest.approx(
            -np.mean(weight[y] * np.log(of_label)), rel=1e-12
        )
