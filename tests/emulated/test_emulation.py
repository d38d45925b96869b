"""The emulated processors have the features that the other tests expect."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import signal
import subprocess

import pytest

from lib import job_file

AVX = """\
#include <immintrin.h>

int main(int argc, char **argv)
{
    const __m256d a = _mm256_set1_pd(argc);

    (void)argv;
    return (int)_mm256_cvtsd_f64(_mm256_mul_pd(a, a)) - 1;
}
"""


@pytest.fixture(scope="module")
def avx(tmp_path_factory):
    """A program that uses AVX without checking for it."""
    folder = tmp_path_factory.mktemp("avx")
    (folder / "avx.c").write_text(AVX)
    subprocess.run(["gcc", "-mavx", "avx.c", "-o", "avx"], cwd=folder, check=True)
    return folder / "avx"


def test_a_processor_without_avx_kills_a_program_that_uses_it(x86_64, avx):
    x86_64("nehalem").run(avx, status=-signal.SIGILL)


def test_a_processor_with_avx_runs_it(x86_64, avx):
    x86_64("haswell").run(avx)


def test_instruction_sets_that_a_processor_lacks_are_rejected(x86_64, tmp_path):
    job = job_file.write(tmp_path)
    for isa in ["avx2", "portable-fma"]:
        rejected = x86_64("nehalem").run("moonsweep", "run", job, "-o", "no.h5", "--isa", isa, status=64, cwd=tmp_path)
        assert f"'{isa}' is not supported by this processor; this processor supports: portable\n" in rejected.stderr
