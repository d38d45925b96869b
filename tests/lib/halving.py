"""Computes which configurations successive halving drops, from the results of the same sweep without halving."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from fractions import Fraction
from math import ceil, isfinite

import h5py

DIVERGED, STOPPED = 2, 3
OTHER = {
    "dev_accuracy": "dev_cost", "dev_cost": "dev_accuracy", "train_accuracy": "train_cost",
    "train_cost": "train_accuracy",
}  # fmt: skip


def _rating(measure, value):
    """A number that is smaller for better values."""
    if not isfinite(value):
        return float("inf")
    return value if measure.endswith("cost") else -value


def dropped(path, keep, by):
    """{configuration: its trajectory's last rung} of the configurations that a sweep with halving does not train. path:
    the result of the sweep without halving; keep: a text."""
    with h5py.File(path) as file:
        names = ["iterations", "config_trajectory", "config_dataset", "status", by, OTHER[by], "iterations_done"]
        rows = list(zip(*(file[name][:].tolist() for name in names), strict=True))
    last, out = (
        {},
        {},
    )  # for each trajectory: its largest iteration count; the rung at which it ended, and whether it lost
    for iterations, trajectory, *_ in rows:
        last[trajectory] = max(last.get(trajectory, 0), iterations)
    for dataset, rung in sorted({(row[2], row[0]) for row in rows}):
        contest = {}
        for config, (iterations, trajectory, of, status, value, other, _) in enumerate(rows):
            if of == dataset and iterations == rung < last[trajectory] and trajectory not in out:
                rating = (status == DIVERGED, _rating(by, value), _rating(OTHER[by], other), config)
                contest.setdefault(trajectory, rating)
        best = sorted(contest, key=contest.get)[: ceil(Fraction(keep) * len(contest))]
        for trajectory, rating in contest.items():
            if rating[0] or trajectory not in best:
                out[trajectory] = (rung, not rating[0])
    return {
        config: out[row[1]][0]
        for config, row in enumerate(rows)
        if row[1] in out
        and out[row[1]][1]
        and row[0] > out[row[1]][0]
        and not (row[3] == STOPPED and row[6] <= out[row[1]][0])  # the result of a trajectory that had ended is known
    }
