"""Grids that are more than the product of axes: several grids, zipped axes, listed and random configurations, and
exclusions."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import itertools
import re

import h5py
import numpy as np
import pytest
from scipy.stats import qmc

from lib import SOURCE

AXES = ("n_h", "activation", "learning_rate", "init_scale", "seed", "iterations")
TRAINED = ("dev_accuracy", "train_accuracy", "train_cost", "iterations_done", "final_cost")
NAMES = ("tanh", "sigmoid", "relu")

# The axes that a test does not vary.
REST = "activation: relu, learning_rate: 0.5, iterations: [5, 20]"


@pytest.fixture
def configs(moonsweep, job, tmp_path):
    """Runs a job with a grid and returns its configurations as tuples of AXES, in the order of the result."""

    def run(whole_grid, output=tmp_path / "out.h5", **changes):
        moonsweep("run", job(whole_grid=whole_grid, **changes), "-o", output, "--force")
        with h5py.File(output) as file:
            assert (file["status"][:] == 1).all()
            columns = [file[axis][:].tolist() for axis in AXES]
        columns[1] = [NAMES[code] for code in columns[1]]
        return list(zip(*columns))

    return run


def product(*axes):
    return list(itertools.product(*axes))


# Each grid, and the configurations that follow from the documentation.
WRITTEN = {
    "several grids": (
        f"[{{n_h: [3, 2], {REST}}}, {{n_h: 1, activation: [tanh], learning_rate: 2, seed: [9, 8], iterations: 7}}]",
        product([3, 2], ["relu"], [0.5], [0.01], [0], [5, 20]) + product([1], ["tanh"], [2], [0.01], [9, 8], [7]),
    ),
    "zipped axes": (
        "{zip: {learning_rate: [0.5, 0.25, 0.5], n_h: [1, 2, 3]}, activation: [tanh, relu], iterations: 5}",
        [
            (n_h, activation, rate, 0.01, 0, 5)
            for n_h, rate in [(1, 0.5), (2, 0.25), (3, 0.5)]
            for activation in ("tanh", "relu")
        ],
    ),
    "two groups of zipped axes": (
        "{zip: [{n_h: [1, 2], activation: [relu, tanh]}, {learning_rate: [1, 2], iterations: [9, 4]}], seed: [3, 4]}",
        [
            (n_h, activation, rate, 0.01, seed, iterations)
            for n_h, activation in [(1, "relu"), (2, "tanh")]
            for rate, iterations in [(1, 9), (2, 4)]
            for seed in (3, 4)
        ],
    ),
    "listed configurations": (
        "{configs: [{n_h: 2, activation: tanh, learning_rate: 0.5, iterations: 9},"
        " {n_h: 1, activation: relu, learning_rate: 0.25, iterations: 4},"
        " {iterations: 3, n_h: 2, activation: tanh, learning_rate: 0.5}], seed: [0, 1]}",
        [
            (n_h, activation, rate, 0.01, seed, iterations)
            for n_h, activation, rate, iterations in [(2, "tanh", 0.5, 9), (1, "relu", 0.25, 4), (2, "tanh", 0.5, 3)]
            for seed in (0, 1)
        ],
    ),
    "a configuration twice": (
        f"[{{n_h: [2, 1], {REST}}}, {{n_h: 2, {REST}}}]",
        product([2, 1, 2], ["relu"], [0.5], [0.01], [0], [5, 20]),
    ),
    "exclusions": (
        "{n_h: [1, 2, 3], activation: [tanh, relu], learning_rate: [0.25, 0.5, 1], iterations: [5, 20],"
        " exclude: [{n_h: [1, 3], activation: relu}, {learning_rate: {from: 0.5}, iterations: 20},"
        " {n_h: {from: 2, to: 2}, learning_rate: {to: 0.25}}]}",
        [
            (n_h, activation, rate, scale, seed, iterations)
            for n_h, activation, rate, scale, seed, iterations in product(
                [1, 2, 3], ["tanh", "relu"], [0.25, 0.5, 1], [0.01], [0], [5, 20]
            )
            if not (n_h in (1, 3) and activation == "relu")
            and not (rate >= 0.5 and iterations == 20)
            and not (n_h == 2 and rate <= 0.25)
        ],
    ),
}


# Values that are not written one by one: of NumPy, at the ends as written, and between them rounded to 12 digits.


def linear(first, last, count):
    return [first, *(float(f"{value:.12g}") for value in np.linspace(first, last, count)[1:-1]), last]


def log(first, last, count):
    return [first, *(float(f"{value:.12g}") for value in np.geomspace(first, last, count)[1:-1]), last]


RANGES = {
    "ranges of every axis of numbers": (
        "{n_h: {log: [1, 4, 3]}, activation: relu, learning_rate: {log: [0.001, 3, 4]},"
        " init_scale: {linear: [0.1, 0.7, 3]}, seed: {range: [3, 12], step: 4}, iterations: {linear: [9, 3, 3]}}",
        product([1, 2, 4], ["relu"], log(0.001, 3, 4), linear(0.1, 0.7, 3), range(3, 12, 4), [9, 6, 3]),
    ),
    "zipped ranges": (
        "{zip: {seed: {range: [4294967294, 4294967296]}, learning_rate: {linear: [1, 0.5, 2]}},"
        " n_h: 1, activation: tanh, iterations: {range: [1, 4]}}",
        [(1, "tanh", rate, 0.01, seed, n) for seed, rate in [(2**32 - 2, 1), (2**32 - 1, 0.5)] for n in (1, 2, 3)],
    ),
    "excluded ranges": (
        "{n_h: 1, activation: tanh, learning_rate: 0.5, seed: {range: [0, 200]}, iterations: 1,"
        " exclude: [{seed: {range: [1, 200], step: 3}}, {seed: [90, 30, 60]}]}",
        product([1], ["tanh"], [0.5], [0.01], sorted(set(range(200)) - set(range(1, 200, 3)) - {30, 60, 90}), [1]),
    ),
}
WRITTEN |= RANGES


@pytest.mark.parametrize("name", WRITTEN)
def test_configurations_are_in_the_order_written(configs, name):
    whole_grid, expected = WRITTEN[name]
    assert configs(whole_grid) == expected


def test_random_choices_may_be_a_range(configs):
    found = configs(f"{{random: {{count: 30, from: {{n_h: {{choice: {{range: [1, 5]}}}}}}}}, {REST}}}")
    unit = np.random.RandomState(0).random_sample((30, 1))
    assert [config[0] for config in found[::2]] == (1 + np.floor(4 * unit[:, 0])).tolist()


def test_a_range_is_the_same_job_as_its_values_and_a_longer_one_is_another(moonsweep, job, tmp_path):
    def of_seeds(seeds):
        return job(whole_grid=f"{{n_h: 1, activation: relu, learning_rate: 0.5, iterations: 5, seed: {seeds}}}")

    output, longer = tmp_path / "out.h5", tmp_path / "longer.h5"
    moonsweep("run", of_seeds("{range: [0, 12]}"), "-o", output)
    moonsweep("run", of_seeds(list(range(12))), "-o", output)
    refused = moonsweep("run", of_seeds("{range: [0, 14]}"), "-o", output, status=78)
    assert "grid.seed[12] was nothing (of 12), is now 12 (of 14)" in refused.stderr
    # A longer range takes over what the shorter one has.
    moonsweep("run", of_seeds(0), "--set", "grid.seed={range: [0, 14]}", "-o", longer, "--from", output)
    with h5py.File(longer) as file:
        assert file["seed"][:].tolist() == list(range(14))
        assert (file["rank"][:] == -1).tolist() == [True] * 12 + [False] * 2
    moonsweep("verify", longer)


def test_init_scale_of_the_job_is_the_default_of_every_grid(configs):
    found = configs(f"[{{n_h: 1, {REST}}}, {{n_h: 2, init_scale: [1, 2], {REST}}}]", more="init_scale: 0.5\n")
    assert [config[3] for config in found] == [0.5, 0.5, 1, 1, 2, 2]


def test_a_configuration_has_the_bits_that_it_has_in_a_grid_of_axes(moonsweep, job, tmp_path):
    plain, mixed = tmp_path / "plain.h5", tmp_path / "mixed.h5"
    moonsweep("run", job(n_h="[1, 2]", activation="[tanh, relu]", iterations="[5, 30]"), "-o", plain)
    whole_grid = (
        "[{n_h: [2], activation: [relu, tanh], learning_rate: 0.5, iterations: 30},"
        " {n_h: [1, 2], activation: tanh, learning_rate: 0.5, iterations: [30, 5]},"
        " {n_h: [1, 2], activation: relu, learning_rate: 0.5, iterations: [5, 30]}]"
    )
    moonsweep("run", job(whole_grid=whole_grid), "-o", mixed)
    with h5py.File(plain) as a, h5py.File(mixed) as b:
        # Four trajectories, as in the grid of axes: each is trained once.
        assert len(set(b["config_trajectory"][:].tolist())) == 4
        of = {tuple(a[axis][i] for axis in AXES): i for i in range(len(a["n_h"]))}
        for i in range(len(b["n_h"])):
            j = of[tuple(b[axis][i] for axis in AXES)]
            for name in TRAINED:
                assert np.array_equal(a[name][j], b[name][i], equal_nan=True), (name, i)
    moonsweep("verify", mixed)


def test_random_values_of_one_axis_that_are_equal_are_trained_once(configs, tmp_path):
    found = configs(f"{{random: {{count: 9, from: {{n_h: {{choice: [1, 2]}}}}}}, {REST}}}")
    assert len(found) == 18
    with h5py.File(tmp_path / "out.h5") as file:
        trajectories = file["config_trajectory"][:].tolist()
    assert sorted(set(trajectories)) == [0, 1]
    assert all((a[0] == b[0]) == (s == t) for a, s in zip(found, trajectories) for b, t in zip(found, trajectories))


def test_a_sweep_of_listed_configurations_is_resumed(moonsweep, job, tmp_path):
    output = tmp_path / "out.h5"
    first, last = f"{{n_h: [3, 1], {REST}}}", "n_h: 2, activation: tanh, learning_rate: 0.5, iterations: [5, 20]"
    moonsweep("run", job(whole_grid=f"[{first}, {{{last}}}]"), "-o", output)
    # The same configurations, written in another way.
    same = "{zip: {n_h: [3, 1, 2], activation: [relu, relu, tanh]}, learning_rate: 0.5, iterations: [5, 20]}"
    moonsweep("run", job(whole_grid=same), "-o", output)
    refused = moonsweep("run", job(whole_grid=f"[{first}, {{{last}, seed: 9}}]"), "-o", output, status=78)
    assert (
        "configuration 4 was (n_h 2, activation tanh, learning_rate 0.5, init_scale 0.01, seed 0, iterations 5), "
        "is now (n_h 2, activation tanh, learning_rate 0.5, init_scale 0.01, seed 9, iterations 5)"
    ) in refused.stderr
    longer = f"[{first}, {{{last}}}, {{n_h: 5, {REST}}}]"
    refused = moonsweep("run", job(whole_grid=longer), "-o", output, status=78)
    assert "the grid had 6 configurations, has now 8" in refused.stderr


# ---- random points -----------------------------------------------------------------------------------------------


def random_grid(count, method, seed=11):
    return (
        f"{{random: {{count: {count}, seed: {seed}, method: {method}, from: {{"
        "learning_rate: {log_uniform: [0.001, 2]}, n_h: {uniform: [1, 5]}, seed: {uniform: [10, 19]},"
        " activation: {choice: [relu, tanh, sigmoid]}, iterations: {log_uniform: [1, 30]}}}}"
    )


def values_at(unit):
    """The configurations at points of the unit cube (n_h, activation, learning_rate, seed, iterations)."""
    n_h = 1 + np.floor(unit[:, 0] * 5)
    activation = np.array(["relu", "tanh", "sigmoid"])[np.floor(unit[:, 1] * 3).astype(int)]
    rate = np.exp(np.log(0.001) + (np.log(2) - np.log(0.001)) * unit[:, 2])
    seed = 10 + np.floor(unit[:, 3] * 10)
    iterations = np.floor(np.exp(np.log(31) * unit[:, 4]))
    return n_h, activation, rate, seed, iterations


def assert_are_at(found, unit):
    n_h, activation, rate, seed, iterations = values_at(unit)
    columns = [np.array(column) for column in zip(*found)]
    assert columns[0].tolist() == n_h.tolist()
    assert columns[1].tolist() == activation.tolist()
    np.testing.assert_allclose(columns[2], rate, rtol=1e-14)
    assert columns[4].tolist() == seed.tolist()
    assert columns[5].tolist() == iterations.tolist()


def test_plain_random_points_are_those_of_numpy(configs):
    unit = np.random.RandomState(11).random_sample((40, 5))
    assert_are_at(configs(random_grid(40, "plain")), unit)


def test_a_latin_hypercube_has_one_point_in_each_interval_of_each_axis(configs):
    generator = np.random.RandomState(11)
    unit = np.empty((40, 5))
    for axis in range(5):
        unit[:, axis] = (generator.permutation(40) + generator.random_sample(40)) / 40
    assert all(sorted(np.floor(unit[:, axis] * 40)) == list(range(40)) for axis in range(5))
    assert_are_at(configs(random_grid(40, "latin_hypercube")), unit)


def sobol_shifts(axes, seed):
    generator = np.random.RandomState(seed)
    return [int(generator.randint(0, 2**32, dtype=np.uint32)) for _ in range(axes)]


def test_sobol_points_begin_with_the_shift_and_fill_every_elementary_interval(configs):
    found = configs(
        "{random: {count: 64, seed: 5, method: sobol, from: {n_h: {uniform: [1, 64]},"
        " learning_rate: {uniform: [1, 65]},"
        " init_scale: {uniform: [1, 65]}, seed: {uniform: [0, 4294967295]}}}, activation: tanh, iterations: 1}"
    )
    assert len(found) == 64
    n_h, rate, scale, seed = (np.array([config[i] for config in found]) for i in (0, 2, 3, 4))
    unit = np.stack([(n_h - 1) / 64, (rate - 1) / 64, (scale - 1) / 64, seed / 2**32], axis=1)
    shifts = sobol_shifts(4, 5)
    assert seed[0] == shifts[3]
    # In one dimension, each of 64 intervals has one point; in two, each elementary interval of the first two axes.
    for axis in range(4):
        assert sorted(np.floor(unit[:, axis] * 64).astype(int)) == list(range(64))
    for power in range(7):
        boxes = {(int(x * 2**power), int(y * 2 ** (6 - power))) for x, y in unit[:, :2]}
        assert len(boxes) == 64
    # The first points without the shift, from Joe and Kuo's tables: 0, 1/2, then 3/4 or 1/4, and so on.
    bits = np.floor(unit * 8).astype(int) ^ np.array([shift >> 29 for shift in shifts])
    assert bits[:8].tolist() == [
        [0, 0, 0, 0], [4, 4, 4, 4], [6, 2, 2, 2], [2, 6, 6, 6], [3, 3, 5, 7], [7, 7, 1, 3], [5, 1, 7, 5], [1, 5, 3, 1],
    ]  # fmt: skip


def test_sobol_points_are_those_of_scipy_with_a_shift(configs):
    """All 32 bits of the axes of reals and of the seed."""
    found = configs(
        "{random: {count: 256, seed: 7, method: sobol, from: {n_h: {uniform: [1, 256]},"
        " learning_rate: {uniform: [1, 2]}, init_scale: {uniform: [1, 2]}, seed: {uniform: [0, 4294967295]}}},"
        " activation: tanh, iterations: 1}"
    )
    n_h, rate, scale, seed = (np.array([config[i] for config in found]) for i in (0, 2, 3, 4))
    points = np.stack([(n_h - 1) << 24, (rate - 1) * 2**32, (scale - 1) * 2**32, seed], axis=1)
    expected = (qmc.Sobol(d=4, scramble=False, bits=32).random(256) * 2**32).astype(np.uint64)
    expected ^= np.array(sobol_shifts(4, 7), dtype=np.uint64)
    expected[:, 0] &= np.uint64(0xFF000000)
    assert points.astype(np.uint64).tolist() == expected.tolist()


def test_a_latin_hypercube_is_one_by_scipy_s_measure(configs):
    """Its points are as even on every axis as those of SciPy's, and much more than independent ones."""
    axes = "learning_rate: {uniform: [1, 2]}, init_scale: {uniform: [1, 2]}"

    def unevenness(method):
        text = f"{{random: {{count: 64, seed: 3, method: {method}, from: {{{axes}}}}}"
        found = configs(text + ", n_h: 1, activation: tanh, iterations: 1}")
        return [qmc.discrepancy(np.array([[config[i] - 1] for config in found])) for i in (2, 3)]

    of_scipy = [qmc.discrepancy(qmc.LatinHypercube(d=1, rng=seed).random(64)) for seed in range(20)]
    assert max(unevenness("latin_hypercube")) < 2 * max(of_scipy) < min(unevenness("plain"))


def test_the_seed_decides_random_points(configs):
    first = configs(random_grid(20, "plain"))
    assert configs(random_grid(20, "plain")) == first
    assert configs(random_grid(20, "plain", seed=12)) != first


# ---- documentation -----------------------------------------------------------------------------------------------

# A block of YAML that is a grid, with a comment that says how many configurations it has.
DOCUMENTED = re.findall(
    r"```yaml\n(grid: +# (\d+) configurations\n.*?)```", (SOURCE / "docs" / "jobs.md").read_text(), re.DOTALL
)


@pytest.mark.parametrize("number", range(6))
def test_documented_grids_have_as_many_configurations_as_the_document_says(moonsweep, small_job, tmp_path, number):
    assert len(DOCUMENTED) == 6
    text, count = DOCUMENTED[number]
    path, output = tmp_path / "job.yaml", tmp_path / "out.h5"
    path.write_text(small_job(whole_grid="{}").replace("grid: {}\n", text))
    moonsweep("run", path, "-o", output)
    with h5py.File(output) as file:
        assert len(file["n_h"]) == int(count)
