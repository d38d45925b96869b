"""The kernels give the same bits with every compiler and optimisation, and ThreadSanitizer finds nothing.

The harness is built in each of several ways, and compares its kernels with each other and with
tests/data/kernel-hashes.csv, as the ordinary build does. Without --long, every 7th case is run, or every 49th where a
case takes long. That still covers all activations and precisions, because neither 2 nor 3 divides these numbers.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil

import pytest

from lib import processes

# {build-test's folder: (compiler, options)}; AddressSanitizer and UBSan are the kind `sanitize` of tests/run.sh.
WAYS = {
    "clang": ("clang", ["--werror"]),
    "threads": ("gcc", ["--buildtype=debug", "-Doptimization=1", "-Db_sanitize=thread"]),
    "gcc-O0": ("gcc", ["--buildtype=plain", "-Doptimization=0"]),
    "clang-O0": ("clang", ["--werror", "--buildtype=plain", "-Doptimization=0"]),
}
EVERY = {"clang": 7, "threads": 49}  # the ways that are also tested without --long


@pytest.fixture(scope="module")
def built(source):
    """Builds a program of the harness in one of the ways and returns its path."""

    def build(way, name):
        compiler, options = WAYS[way]
        if shutil.which(compiler) is None:
            pytest.fail(f"{compiler} is not installed")
        folder, program = source / "build-test" / way, f"tests/kernel/{name}"
        if not (folder / "build.ninja").exists():
            environment = {"CC": f"ccache {compiler}"}
            processes.run("meson", "setup", "-Dtests=enabled", *options, folder, source, env=environment)
        processes.run("ninja", "-C", folder, program)
        return folder / program

    return build


@pytest.mark.parametrize("way", [pytest.param(way, marks=[] if way in EVERY else pytest.mark.long) for way in WAYS])
def test_every_kernel_matches_the_table_of_hashes(built, way, source, request):
    cases = ["--long"] if request.config.getoption("--long") else ["--every", str(EVERY[way])]
    hashes = source / "tests" / "data" / "kernel-hashes.csv"
    output = processes.run(built(way, "kernel_harness"), *cases, "--hashes", hashes).stdout
    assert "hashes compared; 0 wrong" in output


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_faulty_kernels_are_detected(built, way):
    processes.run(built(way, "faulty_kernels"))
