#!/usr/bin/env python3
"""Compares two results of one sweep with different precisions, for docs/numerics.md.

    analysis/.venv/bin/python tools/compare_precision.py FLOAT64.h5 FLOAT32.h5

The second job is the first one with `precision: float32`. The program prints, as Markdown, how many accuracies differ
and by how much, and the differences of the final costs: for steady configurations, and for those whose descent
oscillates, where rounding determines which of two points is the last. Then it prints every configuration whose
accuracies differ. It needs h5py.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import sys

import h5py
import numpy as np

AXES = ["n_h", "activation", "learning_rate", "iterations", "seed", "init_scale"]
DONE = 1


def axis(file, name):
    """Returns the values of an axis for all configurations, with activations as texts."""
    values = file[name][:]
    if name != "activation":
        return values
    names = dict(zip(file[name].attrs["flag_values"], file[name].attrs["flag_meanings"].split()))
    return np.array([names[value] for value in values])


def last_costs(file, config, count=4):
    """The configuration's last `count` costs, or all if there are fewer."""
    trajectory = file["config_trajectory"][config]
    start, stride = file["cost_start"][trajectory], file["cost_stride"][trajectory]
    end = min(file["cost_count"][trajectory], -(-file["iterations"][config] // stride))
    return file["cost"][start + max(0, end - count) : start + end]


def oscillates(file, config):
    """Whether the last costs alternately increase and decrease, by more than rounding."""
    steps = np.diff(last_costs(file, config))
    return len(steps) == 3 and np.all(steps[1:] * steps[:-1] < 0) and np.all(np.abs(steps) > 1e-9)


def summary_row(name, chosen, wide, narrow):
    """A row of the summary, for the configurations `chosen` (an array of indices)."""
    cells = [name, str(len(chosen))]
    for variable in ("train_accuracy", "dev_accuracy"):
        difference = np.abs(wide[variable][:][chosen] - narrow[variable][:][chosen])
        cells += [str(np.count_nonzero(difference)), f"{difference.max(initial=0):.4g}"]
    relative = np.abs(narrow["final_cost"][:][chosen] / wide["final_cost"][:][chosen] - 1)
    cells += [f"{np.median(relative):.1e}", f"{relative.max():.1e}"] if len(chosen) else ["", ""]
    return "| " + " | ".join(cells) + " |"


def print_summary(groups, wide, narrow):
    """groups: {name: indices}."""
    print("| configurations | | train accuracies that differ | by at most (points) | dev accuracies that differ "
          "| by at most (points) | final cost, relative difference: median | largest |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    for name, chosen in groups.items():
        print(summary_row(name, chosen, wide, narrow))


def print_different(chosen, oscillating, wide, narrow):
    """Prints the configurations of which an accuracy differs."""
    print("| index | n_h | activation | rate | iterations | oscillates | train 64 | 32 | dev 64 | 32 | cost 64 | 32 |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    columns = {name: axis(wide, name) for name in AXES}
    for config in chosen:
        accuracies = [
            f"{file[name][config]:.6g}" for name in ("train_accuracy", "dev_accuracy") for file in (wide, narrow)
        ]
        costs = [f"{file['final_cost'][config]:.9g}" for file in (wide, narrow)]
        cells = [config, *(columns[name][config] for name in AXES[:4]), "yes" if oscillating[config] else ""]
        print("| " + " | ".join(map(str, [*cells, *accuracies, *costs])) + " |")


def compare(wide, narrow):
    """Prints the comparison of two open files."""
    for name in AXES:
        if not np.array_equal(axis(wide, name), axis(narrow, name)):
            sys.exit(f"{narrow.filename} and {wide.filename} are results of different sweeps: {name} differs")
    status = wide["status"][:], narrow["status"][:]
    done = np.flatnonzero((status[0] == DONE) & (status[1] == DONE))
    oscillating = np.array([oscillates(wide, config) for config in range(len(status[0]))])
    different = np.zeros(len(status[0]), bool)
    for name in ("train_accuracy", "dev_accuracy"):
        different |= wide[name][:] != narrow[name][:]
    print(f"{len(done)} of {len(status[0])} configurations are done in both.\n")
    groups = {"steady": done[~oscillating[done]], "oscillating": done[oscillating[done]]}
    print_summary(groups, wide, narrow)
    print()
    print_different([config for config in done if different[config]], oscillating, wide, narrow)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with h5py.File(sys.argv[1]) as first, h5py.File(sys.argv[2]) as second:
        precisions = [file.attrs["precision"] for file in (first, second)]
        if precisions != ["float64", "float32"]:
            sys.exit(f"expected a float64 and a float32 result, not {' and '.join(map(str, precisions))}")
        compare(first, second)
