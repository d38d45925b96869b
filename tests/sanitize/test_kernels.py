"""Every case of the kernel harness under AddressSanitizer and UBSan."""

import subprocess

import pytest


@pytest.mark.long
def test_the_kernels_are_clean_in_every_case(build, source):
    harness, hashes = build / "tests" / "kernel" / "kernel_harness", source / "tests" / "data" / "kernel-hashes.csv"
    done = subprocess.run([harness, "--long", "--hashes", hashes], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hashes compared; 0 wrong" in done.stdout
