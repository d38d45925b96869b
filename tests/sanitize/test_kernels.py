"""Runs every case of the kernel harness under AddressSanitizer and UBSan."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import processes


@pytest.mark.long
def test_sanitizers_find_nothing_in_any_case_of_the_kernels(build, source):
    harness, hashes = build / "tests" / "kernel" / "kernel_harness", source / "tests" / "data" / "kernel-hashes.csv"
    done = processes.run(harness, "--long", "--hashes", hashes)
    assert "hashes compared; 0 wrong" in done.stdout
