"""moonsweep.open_many: several files as one sweep."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import moonsweep
import result_file


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A result with the same data, other numbers of hidden units and iterations, and a pending row."""
    job = result_file.Job(n_h=(2, 5), iterations=(10, 30, 50), activation=("relu",), title="other")
    path = result_file.write(tmp_path / "other.h5", job)
    result_file.make_pending(path, 4)
    return path


def test_rows_follow_one_another_with_their_file_and_number(finished: Path, other: Path) -> None:
    with (
        moonsweep.open_many([finished, other]) as sweep,
        moonsweep.open(finished) as a,
        moonsweep.open(other) as b,
    ):
        table = sweep.to_frame()
        assert table.index.tolist() == list(range(36))
        assert table["file"].tolist() == [str(finished)] * 24 + [str(other)] * 12
        assert table["file_config"].tolist() == [*range(24), *range(12)]
        for name in ("n_h", "dev_accuracy", "train_cpu_seconds", "dev_mcc", "rank"):
            both = np.concatenate([a.to_frame()[name].to_numpy(float), b.to_frame()[name].to_numpy(float)])
            np.testing.assert_array_equal(table[name].to_numpy(float, na_value=np.nan), both, err_msg=name)
        assert table["dev_accuracy"].isna().to_numpy().nonzero()[0].tolist() == [28]
        assert sweep.attrs["title"] == "tiny + other"


def test_costs_and_networks_are_those_of_each_file(finished: Path, other: Path) -> None:
    with (
        moonsweep.open_many([other, finished]) as sweep,
        moonsweep.open(finished) as a,
        moonsweep.open(other) as b,
    ):
        assert sweep["W1"].shape == (36, 5, 2)
        for config in range(36):
            part, number = (b, config) if config < 12 else (a, config - 12)
            np.testing.assert_array_equal(sweep.cost_of(config), part.cost_of(number))
            if config != 4:
                X = sweep["X_dev"].values
                np.testing.assert_array_equal(
                    sweep.network(config).predict_probability(X), part.network(number).predict_probability(X)
                )
        costs = sweep.all_costs()
        assert costs.shape == (16, 400)
        assert int(np.isfinite(costs).sum()) == a["cost"].size + b["cost"].size
        np.testing.assert_array_equal(
            sweep["W1"].values[[30, 2], 1], [a["W1"].values[18, 1], b["W1"].values[2, 1]]
        )


def test_files_with_the_same_samples_have_one_data_set(finished: Path, other: Path) -> None:
    with moonsweep.open_many([finished, other]) as sweep:
        assert sweep.sizes["dataset"] == 1
        assert sweep["X_train"].shape == (200, 2)
        assert set(sweep["config_dataset"].values) == {0}


def test_other_samples_are_a_further_data_set(finished: Path, tmp_path: Path) -> None:
    path = result_file.write(tmp_path / "b.h5", result_file.Job(samples=100, iterations=(10, 400)))
    with moonsweep.open_many([finished, path]) as sweep, moonsweep.open(path) as alone:
        assert sweep.sizes["dataset"] == 2
        assert sweep["config_dataset"].values.tolist() == [0] * 24 + [1] * 24
        samples = moonsweep.samples_of(sweep, "train", 1)
        np.testing.assert_array_equal(samples.X, alone["X_train"])
        assert sweep.network(30).high.tolist() == alone.network(6).high.tolist()
        assert sweep.grid().sizes["dataset"] == 2


def test_sweeps_of_different_seeds_are_a_grid_over_the_seeds(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    paths = []
    for seed in (4, 1):
        job = tmp_path / f"job{seed}.yaml"
        job.write_text(
            "name: seeds\n"
            "data: {moons: {samples: 60, noise: 0.2, seed: 5}, dev_fraction: 0.2, split_seed: 1}\n"
            "grid: {n_h: [1, 2], activation: [tanh, relu], learning_rate: 0.5, iterations: 9,"
            f" seed: {seed}}}\n"
        )
        paths.append(tmp_path / f"{seed}.h5")
        run_program("run", job, "-o", paths[-1])
    with moonsweep.open_many(paths) as sweep, moonsweep.open(paths[1]) as second:
        grid = sweep.grid()
        assert grid["seed"].values.tolist() == [4, 1]
        xr.testing.assert_equal(
            grid["dev_cost"].sel(seed=[1]).drop_vars("config", errors="ignore"), second.grid()["dev_cost"]
        )


def test_files_of_other_data_are_refused(finished: Path, tmp_path: Path) -> None:
    path = result_file.write(tmp_path / "wide.h5", result_file.Job(n_x=3, iterations=(5,)))
    with pytest.raises(ValueError, match=r"wide\.h5 has the features x1, x2, x3 and .* cannot be joined"):
        moonsweep.open_many([finished, path])


@pytest.mark.parametrize("paths", [[], "out.h5"], ids=str)
def test_what_is_no_list_of_paths_is_refused(paths: object) -> None:
    with pytest.raises(ValueError, match="open_many needs a list of paths, not"):
        moonsweep.open_many(paths)


def test_a_missing_file_leaves_no_other_open(finished: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no such file.*none\.h5"):
        moonsweep.open_many([finished, finished.parent / "none.h5"])
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert finished not in links


def test_weights_that_differ_are_unknown(finished: Path, other: Path) -> None:
    with h5py.File(other, "r+") as stored:
        stored.attrs["class_weight"] = "balanced"
    with (
        moonsweep.open_many([finished, other]) as sweep,
        pytest.raises(ValueError, match="no attribute class_weight"),
    ):
        moonsweep.class_weight(sweep, 3)
