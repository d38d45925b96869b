"""Compares predictions in NumPy with the stored accuracies of the same network."""

from pathlib import Path

import numpy as np
import pytest

import moonsweep
import result_file


def test_predictions_give_the_stored_accuracies(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        for config in range(24):
            for part in ("train", "dev"):
                predicted = moonsweep.predict_probability(sweep, config, sweep[f"X_{part}"]) > 0.5
                accuracy = 100.0 * np.mean(predicted == sweep[f"y_{part}"].values)
                assert accuracy == pytest.approx(float(sweep[f"{part}_accuracy"][config]), abs=1e-12)


def test_saturated_units_do_not_overflow(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        for config in range(0, 24, 4):
            probability = moonsweep.predict_probability(sweep, config, [[1e200, 1e200], [-1e200, 1e200]])
            assert ((probability >= 0) & (probability <= 1)).all()


def test_samples_on_which_the_network_overflows_have_no_prediction(finished: Path) -> None:
    with moonsweep.open(finished) as opened:
        sweep = opened[["n_h", "activation", "status", "W1", "b1", "W2", "b2"]].load().copy(deep=True)
    config = int(sweep["config"][(sweep["activation"] == "relu") & (sweep["n_h"] > 1)][0])
    sweep["W1"][config, :2] = 1e300
    sweep["W2"][config, :2] = [1.0, -1.0]  # infinity minus infinity
    with pytest.warns(RuntimeWarning, match="1 of 2 samples have no prediction: the network overflows"):
        probability = moonsweep.predict_probability(sweep, config, [[1e10, 1e10], [0.0, 0.0]])
    assert np.isnan(probability).tolist() == [True, False]


def test_a_pending_configuration_has_no_network(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep, pytest.raises(ValueError, match="configuration 5 is pending"):
        moonsweep.predict_probability(sweep, 5, [[0.0, 0.0]])


def test_samples_with_another_number_of_features_are_rejected(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, pytest.raises(ValueError, match=r"\(1, 3\); it must be \(m, 2\)"):
        moonsweep.predict_probability(sweep, 5, [[0.0, 0.0, 0.0]])


def test_samples_are_standardized_as_the_training_samples(finished: Path) -> None:
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    with moonsweep.open(finished) as opened:
        sweep = opened[["config_dataset"]].load().copy(deep=True)
    sweep = sweep.assign_coords(dataset=[0])
    sweep["feature_mean"] = (("dataset", "feature"), [[1.0, 4.0]])
    sweep["feature_scale"] = (("dataset", "feature"), [[2.0, 0.5]])
    assert moonsweep.standardize(sweep, 5, X).tolist() == [[0.0, -4.0], [1.0, 0.0]]
