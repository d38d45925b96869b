"""moonsweep run --stop-after-failures: a sweep that ends once configurations have diverged."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import job_file, result_file

FAILED = 79

# The first learning rate diverges at the 34th iteration, in two configurations; the second one never does.
FAILING = {**job_file.DIVERGING, "learning_rate": "[1.0e6, 0.1]", "iterations": "[10, 100, 200000]"}


@pytest.fixture(scope="module")
def undisturbed_result(undisturbed):
    """The job, and its result without the option."""
    return undisturbed(**FAILING)


def test_the_sweep_ends_and_goes_on_to_the_same_bits_without_the_option(moonsweep, undisturbed_result, tmp_path):
    job, whole = undisturbed_result
    path = tmp_path / "out.h5"
    ended = moonsweep("run", job, "-o", path, "--stop-after-failures", "1", ranks=2, status=FAILED)
    assert "2 configurations have diverged, with which --stop-after-failures 1 ends the sweep" in ended.stderr
    assert result_file.finals(path) >= 2
    again = moonsweep("run", job, "-o", path, "--stop-after-failures", "2", status=FAILED)
    assert "--stop-after-failures 2 ends the sweep" in again.stderr
    moonsweep("run", job, "-o", path, "--stop-after-failures", "3")
    assert result_file.differences(path, whole) == []


def test_a_file_with_failures_is_left_as_it_is(moonsweep, job, tmp_path):
    """Long training is not begun if the file has as many failures already."""
    path = tmp_path / "out.h5"
    text = job(**{**FAILING, "iterations": "[10, 100, 20000000]"})
    words = ("run", text, "-o", path, "--stop-after-failures", "2", "--no-cycle-detection")
    ended = moonsweep(*words, ranks=2, status=FAILED)
    assert "raise the number or leave out the option to continue" in ended.stderr
    before = result_file.finals(path)
    moonsweep(*words, ranks=2, status=FAILED)
    assert result_file.finals(path) == before
    assert result_file.how_ended(path) == ["stopped", "stopped"]


def test_the_status_does_not_depend_on_whether_work_was_left(moonsweep, undisturbed_result):
    job, whole = undisturbed_result
    ended = moonsweep("run", job, "-o", whole, "--stop-after-failures", "2", status=FAILED)
    assert ended.stderr.endswith("ends the sweep; 0 configurations are left\n")
    moonsweep("run", job, "-o", whole, "--stop-after-failures", "3")
    moonsweep("run", job, "-o", whole)


@pytest.mark.parametrize("number", ["0", "-1", "x", ""])
def test_the_number_must_be_positive(moonsweep, job, tmp_path, number):
    refused = moonsweep("run", job(), "-o", tmp_path / "out.h5", f"--stop-after-failures={number}", status=64)
    assert "--stop-after-failures" in refused.stderr
