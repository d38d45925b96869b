"""The constants in the sources, and their errors in docs/numerics.md, are those that the scripts in tools/ compute."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import sys

import pytest

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


@pytest.fixture(scope="module")
def document(source):
    """The text of docs/numerics.md, on one line."""
    return " ".join((source / "docs" / "numerics.md").read_text().split())


def test_the_document_states_the_errors_of_the_polynomials_of_core_maths(source, document):
    header = (source / "src" / "core" / "maths_constants.h").read_text()
    errors = [f"{float(power):.1f}" for power in re.findall(r"error[^:;*]*: 2\^(-\d+\.\d+)", header)]
    assert len(errors) == 5  # the third is that of the parts of pi / 2
    assert re.findall(r"\| 2\^(-\d+\.\d) (?:relative|absolute)", document) == errors[:2] + errors[3:]


def test_the_document_states_the_errors_of_the_quotients(source, document):
    errors = re.findall(r"(\d\.\d+)e(-\d+) over", exp2_constants(source, "--error"))
    wide, narrow = (f"{float(digits):.1f}e{power}" for digits, power in errors)
    assert f"the error of the quotient is {wide} (" in document
    assert f"with an error of {narrow}." in document


def test_the_document_states_the_proven_errors_of_sigmoid_and_tanh_which_are_at_most_four_ulp(source, document):
    for line in exp2_constants(source, "--bound").splitlines():
        precision, sigmoid, tanh = re.match(r"(\w+): sigmoid (\S+) ulp, tanh (\S+) \*", line).groups()
        assert max(float(sigmoid), float(tanh)) <= 4
        assert re.search(rf"\| {precision} \| [^|]+ \| [^|]+ ulp \| {sigmoid} \| [^|]+ \| {tanh} \|", document)
