"""Sweeps that are killed, for several files of tests."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

import pytest

pytest.register_assert_rewrite("fault.chain")

from fault.chain import Chain, Tally  # noqa: E402


@pytest.fixture(scope="module")
def tally(request):
    """Is printed after all kills."""
    found = Tally()
    yield found
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(*found.lines(), sep="\n")


@pytest.fixture
def chain(build, moonsweep, program, whole, tally, tmp_path):
    """Returns a Chain that makes its random choices from a seed. The fixture `whole` of the test's file is the job, and
    judge.Expected of its result."""
    return lambda seed: Chain(
        build, moonsweep, program, whole, tally, tmp_path.resolve() / "out.h5", random.Random(seed)
    )
