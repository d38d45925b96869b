"""The constants in the sources are those that the scripts in tools/ compute."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import sys

from lib import processes


def test_the_constants_of_core_maths_are_those_computed(source):
    processes.run(sys.executable, source / "tools" / "maths_constants.py", "--check")


def exp2_constants(source, *options):
    """The output of tools/exp2_constants.py."""
    return processes.run(sys.executable, source / "tools" / "exp2_constants.py", *options).stdout


def test_the_constants_of_the_kernels_are_those_computed(source):
    """The script does not format its output as clang-format does, so only words are compared."""
    header = (source / "src" / "train" / "exp2_constants.h").read_text()
    assert exp2_constants(source).split() == header.split()


def test_the_proven_error_of_sigmoid_and_tanh_is_at_most_four_ulp(source):
    lines = exp2_constants(source, "--bound").splitlines()
    bounds = [float(number) for line in lines for number in re.findall(r" (\d+\.\d+) ", line)]
    assert len(bounds) == 4 and max(bounds) <= 4
