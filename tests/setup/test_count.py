"""tests/count.py counts the tests that ran, and reports every failure."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import pytest

PYTEST = """<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4">
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="m">why it failed</failure></testcase>
<testcase classname="a" name="worse"><error message="m">why it broke</error></testcase>
<testcase classname="a" name="left"><skipped message="why not"/></testcase>
</testsuite></testsuites>"""
CHECK = """<testsuites><testsuite name="moonsweep.error" tests="2" errors="0" failures="1">
<testcase name="1 - ../test_error.c:error:a_good_one: Passed" classname="moonsweep.error"/>
<testcase name="2 - ../test_error.c:error:a_bad_one: Assertion '1 == 2' failed" classname="moonsweep.error"><failure/>
</testcase></testsuite></testsuites>"""
CRASHED = """<testsuites><testsuite name="moonsweep.error" tests="1" errors="1" failures="0">
<testcase name="1 - ../test_error.c:error:a_good_one: Passed" classname="moonsweep.error"/>
<system-out>Segmentation fault</system-out></testsuite></testsuites>"""


@pytest.fixture
def count(source, tmp_path):
    def of(text):
        (tmp_path / "results.xml").write_text(text)
        command = [sys.executable, source / "tests" / "count.py", tmp_path / "results.xml"]
        return subprocess.run(command, capture_output=True, text=True, check=True)

    return of


def test_passed_failed_and_skipped_are_counted_separately(count):
    counted = count(PYTEST)
    assert counted.stdout == "1 2 1\n"
    assert "why it failed" in counted.stderr and "why it broke" in counted.stderr and "why not" in counted.stderr


def test_the_tests_of_a_check_program_are_counted_individually(count):
    counted = count(CHECK)
    assert counted.stdout == "1 1 0\n"
    assert "a_bad_one: Assertion '1 == 2' failed" in counted.stderr


def test_a_program_that_crashed_is_a_failure(count):
    counted = count(CRASHED)
    assert counted.stdout == "1 1 0\n"
    assert "Segmentation fault" in counted.stderr


@pytest.mark.parametrize("text", ["", "<testsuites><testsuite"], ids=["empty", "truncated"])
def test_a_file_without_results_counts_nothing(count, text):
    assert count(text).stdout == "0 0 0\n"
