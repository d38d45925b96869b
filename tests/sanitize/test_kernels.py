"""Every case of the kernel harness under AddressSanitizer and UBSan."""

import pytest

from lib import processes


@pytest.mark.long
def test_the_kernels_are_clean_in_every_case(build, source):
    harness, hashes = build / "tests" / "kernel" / "kernel_harness", source / "tests" / "data" / "kernel-hashes.csv"
    done = processes.run(harness, "--long", "--hashes", hashes)
    assert "hashes compared; 0 wrong" in done.stdout
