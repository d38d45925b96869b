"""The long cases of the unit tests: searches for the largest errors of the elementary functions, sigmoid and tanh."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import processes

CASES = {"test_logistic": 5, "test_maths": 8}


@pytest.mark.long
@pytest.mark.parametrize("program", CASES)
def test_a_search_for_the_largest_error_stays_within_the_bounds(build, program):
    tested = processes.run(build / "tests" / "unit" / program, env={"CK_INCLUDE_TAGS": "long"})
    assert f"\n1..{CASES[program]}\n" in tested.stdout, tested.stdout
