"""A sweep of trajectories that are trained in slices by several ranks survives kills of any process at any time."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from fault import judge
from fault.chain import CALLS, VICTIMS
from lib.slices import EQUAL, slices

CHECKPOINT = next(call for call in CALLS["training"] if call[2] == "checkpoint/checksum")


@pytest.fixture(scope="module")
def whole(undisturbed):
    job, output = undisturbed(**EQUAL)
    return job, judge.Expected(output)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))])
def test_a_kill_while_slices_are_trained(chain, seed):
    killed = chain(6000 + seed)
    for victim in killed.choice.sample(VICTIMS, 2 if seed == 0 else 4):
        killed.link(victim, "training", "at random")
    killed.link("all at once", "training", "at a call", CHECKPOINT)
    killed.finish()
    assert slices(killed.output) > 0
