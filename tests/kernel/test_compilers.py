"""The kernels have the same bits under every compiler and optimisation, and are clean under sanitizers.

The harness is built a way and compares its kernels with each other and with tests/data/kernel-hashes.csv, which the
ordinary build has to meet too. Unless --long, every 7th case is run, or every 49th where each takes long: all
activations and precisions have their turn, since neither 2 nor 3 divides these numbers.
"""

import shutil

import pytest

from lib import processes

# {build-test's folder: (compiler, options)}; AddressSanitizer and UBSan are the kind `sanitize` of tests/run.sh.
WAYS = {
    "clang": ("clang", ["--werror"]),
    "threads": ("gcc", ["--buildtype=debug", "-Doptimization=1", "-Db_sanitize=thread"]),
    "gcc-O0": ("gcc", ["--buildtype=plain", "-Doptimization=0"]),
    "clang-O0": ("clang", ["--buildtype=plain", "-Doptimization=0"]),
}
EVERY = {"clang": 7, "threads": 49}  # those that run without --long too


@pytest.fixture(scope="module")
def built(source):
    """Builds a program of the harness a way and returns its path."""

    def build(way, name):
        compiler, options = WAYS[way]
        if shutil.which(compiler) is None:
            pytest.fail(f"{compiler} is not installed")
        folder, program = source / "build-test" / way, f"tests/kernel/{name}"
        if not (folder / "build.ninja").exists():
            processes.run("meson", "setup", "-Dtests=enabled", *options, folder, source, env={"CC": compiler})
        processes.run("ninja", "-C", folder, program)
        return folder / program

    return build


@pytest.mark.parametrize("way", [pytest.param(way, marks=[] if way in EVERY else pytest.mark.long) for way in WAYS])
def test_every_kernel_has_the_bits_of_all_machines(built, way, source, request):
    cases = ["--long"] if request.config.getoption("--long") else ["--every", str(EVERY[way])]
    hashes = source / "tests" / "data" / "kernel-hashes.csv"
    said = processes.run(built(way, "kernel_harness"), *cases, "--hashes", hashes).stdout
    assert "hashes compared; 0 wrong" in said


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_kernels_that_are_wrong_are_found_out(built, way):
    processes.run(built(way, "faulty_kernels"))
