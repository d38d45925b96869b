"""The kernels have the same bits under every compiler and optimisation, and are clean under sanitizers.

The harness is built a way and compares its kernels with each other and with tests/data/kernel-hashes.csv, which the
ordinary build has to meet too. Every 7th case unless --long: so all activations and precisions have their turn.
"""

import os
import shutil
import subprocess

import pytest

RELEASE = ["--buildtype=release"]
WAYS = {
    "clang": ("clang", RELEASE),
    "gcc-O0": ("gcc", ["--buildtype=plain", "-Doptimization=0"]),
    "clang-O0": ("clang", ["--buildtype=plain", "-Doptimization=0"]),
    # AddressSanitizer and UBSan are tests/run.sh's kind `sanitize`.
    "threads": ("gcc", ["--buildtype=debug", "-Doptimization=1", "-Db_sanitize=thread"]),
}
QUICK = ["clang", "threads"]
PARAMETERS = [pytest.param(way, marks=[] if way in QUICK else pytest.mark.long) for way in WAYS]


@pytest.fixture(scope="module", params=PARAMETERS)
def folder(request, source):
    """The folder of a build's harness."""
    compiler, options = WAYS[request.param]
    if shutil.which(compiler) is None:
        pytest.fail(f"{compiler} is not installed")
    build = source / "build-test" / f"kernel-{request.param}"
    if not (build / "build.ninja").exists():
        command = ["meson", "setup", "-Dtests=enabled", *options, build, source]
        subprocess.run(command, env={**os.environ, "CC": compiler}, check=True, capture_output=True)
    programs = ["tests/kernel/kernel_harness", "tests/kernel/faulty_kernels"]
    subprocess.run(["ninja", "-C", build, *programs], check=True, capture_output=True)
    return build / "tests" / "kernel"


def test_every_kernel_has_the_bits_of_all_machines(folder, source, request):
    cases = ["--long"] if request.config.getoption("--long") else ["--every", "7"]
    command = [folder / "kernel_harness", *cases, "--hashes", source / "tests" / "data" / "kernel-hashes.csv"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hashes compared; 0 wrong" in done.stdout


def test_kernels_that_are_wrong_are_found_out(folder):
    done = subprocess.run([folder / "faulty_kernels"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
