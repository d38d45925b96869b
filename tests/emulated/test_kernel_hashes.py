"""The kernels of every processor give the bits of the table of hashes, as tested by the kernel harness."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

# Every N-th case is tested, without and with --long. N has no factor 2 or 3, so that all activations and precisions are
# covered. It is large for nehalem, where each FMA is an emulated call of the C library.
EVERY = {"aarch64": (31, 1), "nehalem": (101, 7), "haswell": (61, 1)}

# The harness compares the kernels that the processor must choose with portable, and portable with the table. The other
# kernels are not tested here. Blocks of other sizes are compared without emulation, and portable-fma is compared by
# test_sweep_bits.py: for a scalar FMA with a memory operand (vfmadd231sd), qemu 7.2 reads a whole vector instead of one
# number, beyond the end of the harness's arrays and into its guard pages.


@pytest.fixture
def harness(source, processor):
    """Runs the harness, which must find no difference and must have tested the processor's own kernels."""

    def run(every, *options):
        hashes = source / "tests" / "data" / "kernel-hashes.csv"
        arguments = ["--every", every, "--hashes", hashes, "--isa", processor.isa, *options]
        output = processor.run("tests/kernel/kernel_harness", *arguments).stdout
        assert "hashes compared; 0 wrong" in output
        for precision in ["float64", "float32"]:
            assert f"{precision}: {processor.isa}" in output

    return run


def test_kernels_match_the_table_of_hashes(harness, processor):
    harness(EVERY[processor.name][0])


@pytest.mark.long
def test_kernels_match_the_table_of_hashes_in_long_cases(harness, processor):
    harness(EVERY[processor.name][1], "--long")
