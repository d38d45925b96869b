"""Kills of any process at any time: the result opens, nothing that was committed is lost, and the same command resumes
to the bits of an undisturbed sweep.

A chain is a sweep that is killed and resumed with another number of ranks, four times, and then resumed until it is
complete. Kills come at chosen system calls, at which a preloaded library suspends the rank (stop_at.c), and at random
instants of a phase.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from fault import judge
from fault.chain import CALLS, JOB, PHASES, VICTIMS


@pytest.fixture(scope="module")
def whole(undisturbed):
    """The job, and the result of an undisturbed sweep."""
    job, output = undisturbed(**JOB)
    return job, judge.Expected(output)


@pytest.mark.parametrize(
    "first", [1, 3, *(pytest.param(first, marks=pytest.mark.long) for first in range(0, len(VICTIMS), 2))]
)
def test_a_kill_at_a_chosen_call_of_each_phase(chain, first):
    killed = chain(first)
    for i, phase in enumerate(PHASES):
        killed.link(VICTIMS[(first + i) % len(VICTIMS)], phase, "at a call")
    killed.finish()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 60))])
def test_a_kill_of_anybody_at_any_time(chain, seed):
    killed = chain(1000 + seed)
    for _ in range(4):
        victim, phase = killed.choice.choice(VICTIMS), killed.choice.choice(PHASES)
        killed.link(victim, phase, killed.choice.choice(["at a call", "at random"]) if seed else "at random")
    killed.finish()


EVERY_CALL = [(phase, call) for phase, calls in CALLS.items() for call in calls]
# Calls that exist since the rows of runs and leases have checksums, and flushes have a thread.
QUICK_CALLS = [
    ("training", "leases/checksum"), ("committing", "status"), ("closing", "runs/checksum"),
]  # fmt: skip


@pytest.mark.parametrize(
    "phase, call",
    [
        pytest.param(
            phase,
            call,
            id=f"{phase}-{call[2] or i}",
            marks=[] if (phase, call[2]) in QUICK_CALLS else [pytest.mark.long],
        )
        for i, (phase, call) in enumerate(EVERY_CALL)
    ],
)
def test_a_kill_at_every_chosen_call(chain, phase, call):
    """The other tests choose calls at random, and may miss some."""
    killed = chain(2000 + EVERY_CALL.index((phase, call)))
    killed.link("all at once", phase, "at a call", call)
    killed.link("rank 0", phase, "at a call", call)
    killed.finish()
