"""Runs unit test programs on every processor, with the same bounds on the mathematical functions."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

# The programs that test arithmetic. The comparisons with MPFR take minutes.
COMPUTING = ["arithmetic", "data", "kernel", "moons", "network", "rng", "samples", "saturation", "split"]
AGAINST_MPFR = ["logistic", "maths"]


@pytest.fixture
def unit_test(source, processor):
    """Runs a unit test program; if it fails, its output is shown."""

    def run(name):
        folder = processor.build / "tests" / "unit"
        environment = {"MOONSWEEP_SOURCE": str(source), "MOONSWEEP_LOCALES": str(folder)}
        passed = processor.run(f"tests/unit/test_{name}", env=environment)
        assert "\nok 1 " in f"\n{passed.stdout}"

    return run


@pytest.mark.parametrize("name", COMPUTING)
def test_a_unit_test_passes(unit_test, name):
    unit_test(name)


@pytest.mark.long
@pytest.mark.parametrize("name", AGAINST_MPFR)
def test_the_mathematics_is_within_its_bounds(unit_test, name):
    unit_test(name)
