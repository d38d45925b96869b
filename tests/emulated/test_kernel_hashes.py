"""Every kernel of every processor has the bits of all machines: the kernel harness, held to its table of hashes."""

import pytest

# Every how many-th case is tried, quickly and with --long. No factor of 2 or 3: all activations and precisions have
# their turn. Without FMA each one is a function of the C library, emulated.
EVERY = {"aarch64": (31, 1), "nehalem": (101, 7), "haswell": (61, 1)}

# The harness compares the kernels that the processor must choose with portable, and portable with the table. The
# other kernels are left out: blocks of other sizes are compared without emulation, and portable-fma is compared by
# test_sweep_bits.py, for qemu 7.2 reads a whole vector where a scalar FMA reads one number (vfmadd231sd with a memory
# operand), beyond the harness' arrays and so into its guard pages.


@pytest.fixture
def harness(source, processor):
    """Runs the harness; nothing may be wrong, and the processor's own kernels must have been there."""

    def run(every, *options):
        hashes = source / "tests" / "data" / "kernel-hashes.csv"
        arguments = ["--every", every, "--hashes", hashes, "--isa", processor.isa, *options]
        said = processor.run("tests/kernel/kernel_harness", *arguments).stdout
        assert "hashes compared; 0 wrong" in said
        for precision in ["float64", "float32"]:
            assert f"{precision}: {processor.isa}" in said

    return run


def test_kernels_have_the_bits_of_all_machines(harness, processor):
    harness(EVERY[processor.name][0])


@pytest.mark.long
def test_kernels_have_the_bits_of_all_machines_in_long_cases(harness, processor):
    harness(EVERY[processor.name][1], "--long")
