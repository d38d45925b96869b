"""The package reads the kept results of tests/data/results, with the values that NumPy computed."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from pathlib import Path

import numpy as np
import pytest

import moonsweep
from lib import kept_results


@pytest.fixture(params=kept_results.paths(), ids=lambda path: path.name.removesuffix(".h5.xz"))
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of each kept result."""
    return kept_results.unpack(request.param, tmp_path / "kept.h5")


def test_the_table_has_the_computed_values(kept: Path) -> None:
    with moonsweep.open(kept) as sweep:
        table = sweep.to_frame()
    rows = kept_results.table("rows.csv")
    assert table.index.tolist() == [row["config"] for row in rows]
    for name in ("activation", "status"):
        assert table[name].tolist() == [row[name] for row in rows]
    for name in rows[0].keys() - {"config", "activation", "status"}:
        expected = np.array([row[name] for row in rows], float)
        np.testing.assert_allclose(table[name].astype(float), expected, rtol=1e-10, err_msg=name)


def test_the_cost_curves_have_the_computed_values(kept: Path) -> None:
    with moonsweep.open(kept) as sweep:
        costs = sweep.all_costs().load()
    for row in kept_results.table("costs.csv"):
        found = float(costs.isel(trajectory=row["trajectory"]).sel(step=row["iteration"]))
        assert found == pytest.approx(row["cost"], rel=1e-10), row


def test_the_networks_predict_the_samples_as_computed(kept: Path) -> None:
    samples = [row for row in kept_results.table("samples.csv") if row["set"] == "dev"]
    X = np.array([(row["x1"], row["x2"]) for row in samples])
    y = np.array([row["label"] for row in samples])
    with moonsweep.open(kept) as sweep:
        for row in kept_results.table("rows.csv"):
            right = np.mean(sweep.network(row["config"]).predict(X) == y)
            assert 100 * right == pytest.approx(row["dev_accuracy"], rel=1e-12), row["config"]
