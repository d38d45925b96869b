"""Measures of the networks, compared with another computation of their definitions and with the program."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import moonsweep
import result_file
from moonsweep.measures import measures_of

NAMES = ("precision", "recall", "f1", "mcc")


def pairwise_auc(probability: NDArray[np.float64], y: NDArray[np.generic]) -> float:
    above = probability[y == 1][:, None] - probability[y == 0][None, :]
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def test_measures_of_the_outcomes_equal_those_of_the_labels() -> None:
    rng = np.random.default_rng(1)
    for outcomes in rng.integers(1, 50, (20, 4)):
        y, predicted = np.repeat([0, 0, 1, 1], outcomes), np.repeat([0, 1, 0, 1], outcomes)
        measures = {name: values[0] for name, values in measures_of([outcomes]).items()}
        precision, recall = y[predicted == 1].mean(), predicted[y == 1].mean()
        expected = (precision, recall, 2 / (1 / precision + 1 / recall), np.corrcoef(y, predicted)[0, 1])
        assert [measures[name] for name in NAMES] == pytest.approx(expected, rel=1e-12)


def test_measures_without_a_denominator_are_nan() -> None:
    measures = measures_of([[5, 0, 3, 0], [5, 2, 0, 0], [0, 0, 0, 0]])
    assert np.isnan(measures["precision"]).tolist() == [True, False, True]
    assert np.isnan(measures["recall"]).tolist() == [False, True, True]
    assert np.isnan(measures["f1"]).tolist() == [False, False, True]
    assert np.isnan(measures["mcc"]).all()


def test_the_table_has_the_measures_of_the_stored_outcomes(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
    done = table.drop(index=5)
    for part in ("train", "dev"):
        tp, fp = done[f"{part}_true_positives"], done[f"{part}_false_positives"]
        np.testing.assert_allclose(done[f"{part}_precision"], (tp / (tp + fp)).astype(float))
        assert table.loc[5, [f"{part}_{name}" for name in NAMES]].isna().all()


@pytest.mark.parametrize("part", ["train", "dev"])
def test_the_auc_is_the_share_of_pairs_in_the_right_order(finished: Path, part: str) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep:
        areas = moonsweep.auc(sweep, part)
        y = sweep[f"y_{part}"].values
        assert areas.name == f"{part}_auc"
        assert np.isnan(areas[5])
        for config in areas.index.drop(5):
            probability = moonsweep.predict_probability(sweep, config, sweep[f"X_{part}"])
            assert areas[config] == pytest.approx(pairwise_auc(probability, y), abs=1e-12)


def test_the_auc_of_a_selection_has_its_configurations(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        areas = moonsweep.auc(sweep)
        part = moonsweep.auc(sweep.isel(config=[7, 2]))
    assert list(part.index) == [7, 2]
    assert list(part) == list(areas[[7, 2]])


def test_the_auc_is_nan_with_one_class(finished: Path) -> None:
    with moonsweep.open(finished) as opened:
        sweep = opened.load().copy(deep=True)
    sweep["y_dev"][:] = 1
    assert moonsweep.auc(sweep).isna().all()


def test_another_part_than_the_two_sets_is_refused(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, pytest.raises(ValueError, match="part is 'test'; it must be"):
        moonsweep.auc(sweep, "test")


def test_the_measures_agree_with_the_output_of_show(
    swept: Path, run_program: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    names = [f"{part}_{name}" for part in ("train", "dev") for name in (*NAMES, "auc")]
    done = run_program("show", swept, "--format", "csv", "--columns", ",".join(names))
    with moonsweep.open(swept) as sweep:
        table = sweep.to_frame()
        table = table.assign(train_auc=moonsweep.auc(sweep, "train"), dev_auc=moonsweep.auc(sweep, "dev"))
        # In float32, the program ranks samples whose probabilities are rounded.
        tolerance = 1e-12 if sweep.attrs["precision"] == "float64" else 1e-2
    for line, (_, row) in zip(csv.DictReader(io.StringIO(done.stdout)), table.iterrows(), strict=True):
        for name in names:
            assert float(line[name]) == pytest.approx(row[name], abs=tolerance, nan_ok=True), name
