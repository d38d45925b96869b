"""The tests notice every deliberate break of the program.

    tests/run.sh --long mutation                                                       all breaks
    build-test/venv/bin/python -m pytest --long tests/mutation -k "checkpoint or flush"    those with such names

A break that no test notices means that a test is missing.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import SOURCE
from mutation.breaks import BREAKS, Copy, apply

every = pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)


def test_there_are_breaks_of_every_module_that_decides_what_a_result_contains():
    assert len(BREAKS) >= 60
    for module, number in {"core": 5, "job": 5, "store": 10, "sweep": 10, "train": 10}.items():
        assert sum(any(name.startswith(f"src/{module}/") for name in broken.files) for broken in BREAKS) >= number


@every
def test_a_break_says_what_it_is_and_which_tests_notice_it(broken):
    assert broken.sentence.endswith(".")
    assert broken.files and broken.tests
    for test in broken.tests:
        if test.startswith("unit "):
            assert (SOURCE / "tests" / "unit" / f"test_{test.removeprefix('unit ')}.c").exists()
        else:
            path, name = test.split("::")
            assert f"def {name.split('[')[0]}(" in (SOURCE / path).read_text()


@every
def test_a_break_applies_to_the_sources(broken):
    assert apply(broken, SOURCE, "--check") == "", f"{broken.path.relative_to(SOURCE)} must be brought up to date"


@pytest.fixture(scope="module")
def copy(request):
    """The copy of the sources. The tests that notice the chosen breaks pass in it."""
    chosen = [item.callspec.params["broken"] for item in request.session.items if item.get_closest_marker("long")]
    tests = sorted({test for broken in chosen for test in broken.tests})
    made = Copy()
    made.make(tests)
    failed = [test for test in tests if not made.passes(test)]
    assert failed == [], "these tests fail without any break"
    return made


@pytest.mark.long
@every
def test_a_break_is_noticed(copy, broken):
    copy.break_it(broken)
    try:
        unaware = [test for test in broken.tests if copy.passes(test)]
    finally:
        copy.restore(broken)
    assert unaware == [], f"{broken.sentence} These tests pass all the same"
