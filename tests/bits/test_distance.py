"""How far random numbers and data are from NumPy's and scikit-learn's: the figures of docs/numerics.md.

NumPy calls the logarithm, sine and cosine of the C library, so the distance depends on the machine; the bounds do not.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes

import numpy as np
import pytest
from sklearn.datasets import make_moons

from bits import core_library

ROOM_OF_A_GENERATOR = 4096  # bytes; struct ms_rng has about 2,500
LARGEST_NOISE = 1000


@pytest.fixture(scope="module")
def core(source, tmp_path_factory):
    return core_library.load(source, tmp_path_factory.mktemp("core"), "gcc", "-O2")


def gaussians(core, seed, count):
    generator = ctypes.create_string_buffer(ROOM_OF_A_GENERATOR)
    core.ms_rng_gaussian.restype = ctypes.c_double
    core.ms_rng_seed(generator, ctypes.c_uint32(seed))
    return np.array([core.ms_rng_gaussian(generator) for _ in range(count)])


@pytest.mark.parametrize("seed, count", [(0, 300_000), (4294967295, 50_000)])
def test_gaussians_are_numpys_or_differ_by_at_most_two_units_in_the_last_place(core, seed, count):
    ours, numpys = gaussians(core, seed, count), np.random.RandomState(seed).randn(count)
    distance = np.abs(ours - numpys) / np.spacing(np.abs(numpys))
    print(f"{count} Gaussians: {np.count_nonzero(distance)} differ, {np.count_nonzero(distance > 1)} by two units")
    assert distance.max() <= 2
    assert np.count_nonzero(distance) <= 0.01 * count


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


def test_the_largest_noise_is_that_of_the_job_files(source):
    keys = (source / "src" / "job" / "keys.c").read_text()
    assert f'"data.moons.noise", MS_KIND_REAL, LIST(noise), FROM_TO(0, {LARGEST_NOISE})' in keys
