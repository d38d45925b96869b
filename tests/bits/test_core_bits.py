"""Data and mathematical functions give the same bits with every compiler, optimisation and instruction set.

The sources are compiled into a library in each of several ways, with the arithmetic flags of meson.build and other
flags around them, and are called from here. The reference is gcc without optimisation.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes
import platform
import random
import shutil
import struct

import pytest

from bits import core_library

REFERENCE = ("gcc", "-O0")
NATIVE = [("gcc", "-O3", "-march=native"), ("clang", "-O3", "-march=native")]
WAYS = [("gcc", "-O2"), ("gcc", "-O3", "-funroll-loops"), ("clang", "-O0"), ("clang", "-O3"), *NATIVE]
if platform.machine() == "x86_64":
    WAYS += [("gcc", "-O3", "-march=x86-64-v3"), ("clang", "-O3", "-march=x86-64-v3")]


@pytest.fixture(scope="module")
def library(source, tmp_path_factory):
    """Compiles the sources of core in one of the ways, and loads the library."""

    def make(way):
        if shutil.which(way[0]) is None:
            pytest.skip(f"{way[0]} is not installed")
        return core_library.load(source, tmp_path_factory.mktemp("core"), *way)

    return make


def arguments():
    """Arguments of each function: any numbers, special ones, and many in the usual range."""
    generator = random.Random(20260)
    any_bits = [struct.unpack("<d", generator.randbytes(8))[0] for _ in range(20000)]
    ends = [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, float("inf"), float("nan")]
    return {
        "ms_log": any_bits + ends + [generator.random() for _ in range(20000)],
        "ms_exp": any_bits + ends + [generator.uniform(-750, 715) for _ in range(20000)],
        "ms_sin": any_bits + ends + [generator.uniform(-7, 7) for _ in range(20000)],
        "ms_cos": any_bits + ends + [generator.uniform(-1e6, 1e6) for _ in range(20000)],
    }


def bits_of_functions(core):
    results = {}
    for name, numbers in arguments().items():
        function = getattr(core, name)
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double]
        results[name] = struct.pack(f"<{len(numbers)}d", *map(function, numbers))
    return results


def bits_of_moons(core, samples, noise, seed):
    coordinates, labels = core_library.moons(core, samples, noise, seed)
    return struct.pack(f"<{2 * samples}d", *coordinates), bytes(labels)


@pytest.fixture(scope="module")
def expected(library):
    core = library(REFERENCE)
    return bits_of_functions(core), bits_of_moons(core, 2001, 0.25, 5)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_functions_and_data_have_the_bits_of_unoptimised_gcc(library, expected, way):
    core = library(way)
    functions, moons = expected
    for name, bits in bits_of_functions(core).items():
        assert bits == functions[name], name
    assert bits_of_moons(core, 2001, 0.25, 5) == moons
