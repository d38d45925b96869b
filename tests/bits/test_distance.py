"""How far random numbers and data are from the exact ones, NumPy's and scikit-learn's: the figures of docs/numerics.md.

NumPy calls the logarithm, sine and cosine of the C library, so the distance depends on the machine; the bounds do not.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes
import math

import mpmath
import numpy as np
import pytest
from sklearn.datasets import make_moons

from bits import core_library

ROOM_OF_A_GENERATOR = 4096  # bytes; struct ms_rng has about 2,500
LARGEST_NOISE = 1000

# The relative error of a Gaussian, in units of 2^-53: half of the logarithm's 2 * 0.52 and of a quotient's 1, as a root
# halves errors, then 1 for the root and 1 for the product.
GAUSSIAN_BOUND = (2 * 0.52 + 1) / 2 + 1 + 1


@pytest.fixture(scope="module")
def core(source, tmp_path_factory):
    return core_library.load(source, tmp_path_factory.mktemp("core"), "gcc", "-O2")


def gaussians(core, seed, count):
    generator = ctypes.create_string_buffer(ROOM_OF_A_GENERATOR)
    core.ms_rng_gaussian.restype = ctypes.c_double
    core.ms_rng_seed(generator, ctypes.c_uint32(seed))
    return np.fromiter((core.ms_rng_gaussian(generator) for _ in range(count)), float, count)


def exact_gaussians(seed, first, end):
    """Those from `first` to before `end`, by the polar method on NumPy's uniform numbers, with 40 digits."""
    uniform = np.random.RandomState(seed)
    pairs = []
    while 2 * len(pairs) < end:
        x, y = (2 * uniform.random_sample() - 1 for _ in range(2))
        if 0 < x * x + y * y < 1:
            pairs.append((y, x))
    with mpmath.workdps(40):
        for i in range(first, end):
            y, x = pairs[i // 2]
            s = x * x + y * y  # rounded, as NumPy does
            yield pairs[i // 2][i % 2] * mpmath.sqrt(-2 * mpmath.log(s) / s)


def test_gaussians_have_no_larger_errors_than_their_operations_allow(core):
    """Draw 13176 of seed 0 is the first one that differs from NumPy's by two units in the last place."""
    first, end = 12_000, 14_000
    exact, ours = exact_gaussians(0, first, end), gaussians(core, 0, end)[first:]
    errors = [float(abs(one / value - 1)) * 2**53 for one, value in zip(ours, exact, strict=True)]
    print(f"{end - first} Gaussians: the largest error is {max(errors):.2f} * 2^-53")
    assert max(errors) <= GAUSSIAN_BOUND


@pytest.mark.parametrize(
    "seed, count", [(0, 300_000), (4294967295, 50_000), pytest.param(0, 10_000_000, marks=pytest.mark.long)]
)
def test_gaussians_are_numpys_up_to_three_units_in_the_last_place(core, seed, count):
    ours, numpys = gaussians(core, seed, count), np.random.RandomState(seed).randn(count)
    distance = np.abs(ours - numpys) / np.spacing(np.abs(numpys))
    print(f"{count} Gaussians:", *(f"{np.count_nonzero(distance == units)} by {units}" for units in (1, 2, 3)))
    assert distance.max() <= 3
    assert np.count_nonzero(distance) <= 0.001 * count


@pytest.mark.parametrize("noise", [0, 1e-9, 0.25, 2.5, 100, LARGEST_NOISE])
def test_coordinates_are_scikit_learns_up_to_a_few_roundings(core, noise):
    """Sine and cosine, which are at most 1, may differ by a unit or two, and so may the noise."""
    samples = 20_001
    ours, labels = core_library.moons(core, samples, noise, 7)
    X, y = make_moons(samples, noise=noise or None, shuffle=True, random_state=7)
    difference = np.abs(np.reshape(ours, X.shape) - X)
    print(f"noise {noise}: the largest difference is {difference.max():.2g}")
    assert np.array_equal(labels, y)
    assert np.all(difference <= 4 * 2.0**-53 * (2 + 2 * np.abs(X)))


def test_with_the_largest_noise_no_classifier_could_tell_the_moons_apart():
    """Its accuracy is at most that for the two points of different labels that are furthest from each other."""
    X, y = make_moons(2000, noise=None)
    furthest = max(np.linalg.norm(X[y == 1] - x, axis=1).max() for x in X[y == 0])
    accuracy = 0.5 + 0.5 * math.erf(furthest / (2 * LARGEST_NOISE) / math.sqrt(2))
    assert 0.5 < accuracy < 0.501


def test_the_largest_noise_is_that_of_the_job_files(source):
    keys = (source / "src" / "job" / "keys.c").read_text()
    assert f'"data.moons.noise", MS_KIND_REAL, LIST(noise), FROM_TO(0, {LARGEST_NOISE})' in keys
