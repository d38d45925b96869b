"""A job whose trajectories are trained in slices on several ranks, and the slices that a result records."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np

# Five trajectories of equal length, which the plan expects to take more than half a second each. On two ranks the last
# three are sliced, on four all.
LAST = 16000
EQUAL = {
    "samples": 2000, "n_h": "[20]", "activation": "[tanh]", "learning_rate": "[0.5, 0.4, 0.3, 0.2, 0.1]",
    "iterations": [100, 5000, LAST],
}  # fmt: skip


def chains(path):
    """The leases of each trajectory that were trained to their ends, in order: (from, to, rank, started, finished)."""
    found = {}
    with h5py.File(path) as file:
        leases = {name: variable[:] for name, variable in file["leases"].items()}
    for row in np.flatnonzero(leases["finished"] > 0):
        for trajectory in range(
            leases["first_trajectory"][row], leases["first_trajectory"][row] + leases["count"][row]
        ):
            found.setdefault(int(trajectory), []).append(
                (
                    *(int(leases[name][row]) for name in ("from_iteration", "to_iteration", "rank")),
                    float(leases["started"][row]), float(leases["finished"][row]),
                )
            )  # fmt: skip
    return {trajectory: sorted(chain) for trajectory, chain in found.items()}


def slices(path):
    """The number of leases after which their trajectory went on."""
    return sum(len(chain) - 1 for chain in chains(path).values())
