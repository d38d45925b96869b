"""Kills of a run that takes over from an older result, at chosen system calls: the file opens, no committed row is lost
or wrong, and the same command, or the one without --from, completes it to the bits of an undisturbed sweep."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import signal

import pytest

from fault import judge, stop_at
from fault.promises import Places
from fault.write_log import Kind
from lib import processes, result_file, waiting

OLD = {"n_h": "[2, 3]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 1.0e6]", "iterations": "[20, 100, 300]"}
NEW = {**OLD, "n_h": "[3, 1, 2]", "iterations": "[20, 50, 100, 500]"}
OFTEN = ["--checkpoint-seconds", "0.01"]

# The calls at which rank 0 is suspended and killed: the kind of call, the variable that it writes (None: any), and the
# largest number of the call.
CALLS = [
    (Kind.WRITE, "runs/command", 2),
    (Kind.WRITE, "runs/checksum", 2),
    (Kind.WRITE, "cost", 3),
    (Kind.WRITE, "cost_count", 2),
    (Kind.WRITE, "W1", 2),
    (Kind.WRITE, "run", 2),
    (Kind.WRITE, "checksum", 2),
    (Kind.WRITE, "status", 2),
    (Kind.WRITE, "checkpoint/W1", 3),
    (Kind.WRITE, "checkpoint/checksum", 3),
    (Kind.SYNC, None, 8),
]


@pytest.fixture(scope="module")
def old(undisturbed):
    return undisturbed(**OLD)[1]


@pytest.fixture(scope="module")
def whole(undisturbed):
    """The larger job, and the result of an undisturbed sweep."""
    job, output = undisturbed(**NEW)
    return job, judge.Expected(output)


class Growth:
    """A run with --from that is killed several times."""

    def __init__(self, build, moonsweep, program, whole, old, output, choice):
        self.build, self.moonsweep, self.program = build, moonsweep, program
        self.old, self.output, self.choice = old, output, choice
        self.job, self.expected = whole
        self.rows = set()

    def words(self, with_older=True):
        return ["run", self.job, "-o", self.output, *OFTEN, *(["--from", self.old] if with_older else [])]

    def kill_at(self, kind, variable, most):
        """Returns whether a run was killed at a call. It may end before, if nothing of the kind is left to be done."""
        places = Places(self.output).extent(variable) if variable else stop_at.ANYWHERE
        nth, is_over, ranks = self.choice.randint(1, most), self.choice.randint(0, 1), self.choice.choice([1, 2])
        call = stop_at.call(kind, nth, places=places, is_over=is_over)
        suspended = stop_at.of_ranks(self.build, self.output, call)
        run = processes.start(self.program, *self.words(), ranks=ranks, **suspended)
        waiting.until(lambda: processes.stopped_rank(run) or run.poll() is not None, pause=0.01)
        stopped = processes.stopped_rank(run)
        if stopped is not None:
            processes.kill(processes.ranks_of(run).values(), signal.SIGKILL)
        run.communicate()
        return stopped is not None

    def look(self):
        contents = judge.look(self.output)
        assert self.moonsweep("verify", self.output).stderr == ""
        assert self.expected.wrong(self.output, contents.rows) == []
        assert judge.broken_pairs(contents) == [], "C1: both slots of a pair are corrupt"
        assert self.rows <= contents.rows, "a row was lost"
        self.rows = contents.rows

    def create(self):
        """Creates the file with nothing in it, so that the offsets of its variables are known."""
        command = [*self.words(with_older=False), "-q"]
        result_file.create(self.output, lambda *limit: self.moonsweep(*command, *limit, status=processes.STOPPED))
        self.rows = judge.look(self.output).rows

    def finish(self, with_older):
        self.moonsweep(*self.words(with_older), "-q", ranks=self.choice.choice([0, 2]))
        assert result_file.differences(self.output, self.expected.path) == []
        assert self.moonsweep("verify", self.output).stderr == ""


@pytest.fixture
def growth(build, moonsweep, program, whole, old, tmp_path):
    """Returns a Growth that makes its random choices from a seed."""
    output = tmp_path.resolve() / "out.h5"
    return lambda seed: Growth(build, moonsweep, program, whole, old, output, random.Random(seed))


MARKS = {0: [], 6: [], 7: pytest.mark.other_mpis, 9: []}


@pytest.mark.parametrize("number", [pytest.param(n, marks=MARKS.get(n, pytest.mark.long)) for n in range(len(CALLS))])
def test_a_run_that_takes_over_is_killed_at_any_call(growth, number):
    killed = growth(number)
    kills = 0
    while kills == 0:  # a run may complete the file before the chosen call
        killed.output.unlink(missing_ok=True)
        killed.rows = set()
        killed.create()
        for call in (CALLS[number], killed.choice.choice(CALLS), CALLS[number]):
            kills += killed.kill_at(*call)
            killed.look()
    killed.finish(with_older=number % 2 == 0)
