#!/usr/bin/env python3
"""Compares two results of one sweep that differ in precision, as docs/numerics.md reports them.

    analysis/.venv/bin/python tools/compare_precision.py FLOAT64.h5 FLOAT32.h5

The second job is the first one with `precision: float32`. Printed are, as Markdown, how many accuracies differ and by
how much, and how far final costs are apart: of steady configurations, and of those whose descent swings, where
rounding decides which of two points comes last. Then every configuration whose accuracies differ. Needs h5py.
"""

import sys

import h5py
import numpy as np

AXES = ["n_h", "activation", "learning_rate", "iterations", "seed", "init_scale"]
DONE = 1


def axis(file, name):
    """A variable of the configurations; activations by their names."""
    values = file[name][:]
    if name != "activation":
        return values
    names = dict(zip(file[name].attrs["flag_values"], file[name].attrs["flag_meanings"].split()))
    return np.array([names[value] for value in values])


def last_costs(file, config, count=4):
    """The configuration's last costs, fewer if it has no more."""
    trajectory = file["config_trajectory"][config]
    start, stride = file["cost_start"][trajectory], file["cost_stride"][trajectory]
    end = min(file["cost_count"][trajectory], -(-file["iterations"][config] // stride))
    return file["cost"][start + max(0, end - count) : start + end]


def swings(file, config):
    """Whether the last costs go up and down in turn, by more than what rounding does."""
    steps = np.diff(last_costs(file, config))
    return len(steps) == 3 and np.all(steps[1:] * steps[:-1] < 0) and np.all(np.abs(steps) > 1e-9)


def summary_row(name, chosen, wide, narrow):
    """A row of the summary: the configurations `chosen`, an array of indices."""
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


def print_different(chosen, swinging, wide, narrow):
    """Every configuration of which an accuracy differs."""
    print("| index | n_h | activation | rate | iterations | swings | train 64 | 32 | dev 64 | 32 | cost 64 | 32 |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    columns = {name: axis(wide, name) for name in AXES}
    for config in chosen:
        accuracies = [
            f"{file[name][config]:.6g}" for name in ("train_accuracy", "dev_accuracy") for file in (wide, narrow)
        ]
        costs = [f"{file['final_cost'][config]:.9g}" for file in (wide, narrow)]
        cells = [config, *(columns[name][config] for name in AXES[:4]), "yes" if swinging[config] else ""]
        print("| " + " | ".join(map(str, [*cells, *accuracies, *costs])) + " |")


def compare(wide, narrow):
    """Prints the report on two open files."""
    for name in AXES:
        if not np.array_equal(axis(wide, name), axis(narrow, name)):
            sys.exit(f"{narrow.filename} is of another sweep than {wide.filename}: {name} differs")
    status = wide["status"][:], narrow["status"][:]
    done = np.flatnonzero((status[0] == DONE) & (status[1] == DONE))
    swinging = np.array([swings(wide, config) for config in range(len(status[0]))])
    different = np.zeros(len(status[0]), bool)
    for name in ("train_accuracy", "dev_accuracy"):
        different |= wide[name][:] != narrow[name][:]
    print(f"{len(done)} of {len(status[0])} configurations are done in both.\n")
    groups = {"steady": done[~swinging[done]], "swinging": done[swinging[done]]}
    print_summary(groups, wide, narrow)
    print()
    print_different([config for config in done if different[config]], swinging, wide, narrow)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with h5py.File(sys.argv[1]) as first, h5py.File(sys.argv[2]) as second:
        precisions = [file.attrs["precision"] for file in (first, second)]
        if precisions != ["float64", "float32"]:
            sys.exit(f"wanted a float64 and a float32 result, got {' and '.join(map(str, precisions))}")
        compare(first, second)
