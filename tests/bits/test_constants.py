"""Constants in the sources are those that the scripts in tools/ compute."""

import re
import sys

from lib import processes


def test_the_constants_of_the_mathematics_are_those_computed(source):
    processes.run(sys.executable, source / "tools" / "maths_constants.py", "--check")


def exp2_constants(source, *options):
    """What tools/exp2_constants.py prints."""
    return processes.run(sys.executable, source / "tools" / "exp2_constants.py", *options).stdout


def test_the_constants_of_the_kernels_are_those_computed(source):
    """The script leaves the layout to clang-format: only words are compared."""
    header = (source / "src" / "train" / "exp2_constants.h").read_text()
    assert exp2_constants(source).split() == header.split()


def test_sigmoid_and_tanh_cannot_be_off_by_more_than_four_units(source):
    lines = exp2_constants(source, "--bound").splitlines()
    bounds = [float(number) for line in lines for number in re.findall(r" (\d+\.\d+) ", line)]
    assert len(bounds) == 4 and max(bounds) <= 4
