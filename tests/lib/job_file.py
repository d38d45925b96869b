"""Job files: a small one, with the changes that a test needs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

SMALL_GRID = {"n_h": "[2]", "activation": "[tanh]", "learning_rate": "[0.5]", "iterations": "[20]"}

# Six configurations, of which the last two diverge: NumPy's cost is no longer finite at the 34th iteration.
DIVERGING = {
    "samples": 40, "noise": 0, "n_h": "[10]", "activation": "[relu]", "learning_rate": "[0.1, 1.0e6]",
    "iterations": "[10, 100, 1000]",
}  # fmt: skip

# A job, and a larger one that takes over its results.
OLD = {"n_h": "[1, 3]", "activation": "[tanh, relu]", "iterations": "[20, 200]"}
NEW = {**OLD, "n_h": "[1, 3, 2]", "iterations": "[20, 200, 250]"}


def text(
    name="job", samples=200, noise=0.2, data_seed=0, dev_fraction=0.2, split_seed=42, precision=None, more="",
    whole_grid=None, **axes
):  # fmt: skip
    """The text of a job file. An axis of the grid is a list, or its text. whole_grid: the value of the key grid as text
    in flow style, instead of axes. more: text to append."""
    assert axes.keys() <= {*SMALL_GRID, "init_scale", "seed"}
    grid = {**SMALL_GRID, **axes}
    return (
        f"name: {name}\n"
        "data:\n"
        f"  moons: {{samples: {samples}, noise: {noise}, seed: {data_seed}}}\n"
        f"  dev_fraction: {dev_fraction}\n"
        f"  split_seed: {split_seed}\n"
        + (
            f"grid: {whole_grid}\n"
            if whole_grid
            else "grid:\n" + "".join(f"  {axis}: {listed(values)}\n" for axis, values in grid.items())
        )
        + (f"precision: {precision}\n" if precision else "")
        + more
    )


def listed(values):
    """A list as YAML text. A text is returned unchanged."""
    return values if isinstance(values, str) else "[" + ", ".join(map(str, values)) + "]"


def write(folder, name="job", **changes):
    """Writes the job file NAME.yaml to a folder and returns its path; see text() for the changes."""
    path = folder / f"{name}.yaml"
    path.write_text(text(name=name, **changes))
    return path
