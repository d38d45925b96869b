"""Trajectories that ended before their last iteration, of which a run was killed between the commits of their rows:
rows that are final keep every byte, and the others say the same. Where `stop.max_seconds` ends a trajectory, another
training would not end, so nothing but the final rows says it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import signal

import h5py
import numpy as np
import pytest

from fault import stop_at
from fault.promises import Places
from fault.write_log import Kind
from lib import checksums, job_file, processes, waiting

# One trajectory of interest, whose configurations are not neighbours, so that their statuses are written one by one,
# and a short one between them.
SHORT = "{n_h: 2, activation: relu, learning_rate: 0.1, iterations: %d}"
DONE_ROW, ENDED_ROWS = 0, [2, 4, 6]


def grid(ended, counts):
    rows = [f"{{{ended}, iterations: {count}}}" for count in counts]
    between = [SHORT % count for count in (10, 20, 30)]
    return "[" + ", ".join(f"{a}, {b}" for a, b in zip(rows, between, strict=False)) + f", {rows[-1]}]"


TIMED = {
    "samples": 2000,
    "whole_grid": grid("n_h: 40, activation: tanh, learning_rate: 0.01", [20, 300000, 100000, 200000]),
    "more": "stop: {max_seconds: 0.2}\n",
}
PATIENT = {
    "whole_grid": grid("n_h: 5, activation: relu, learning_rate: 5", [20, 2000, 1000, 3000]),
    "more": "stop: {patience: 30}\n",
}
DIVERGING = {
    "samples": 40,
    "noise": 0,
    "whole_grid": grid("n_h: 10, activation: relu, learning_rate: 1.0e6", [20, 2000, 1000, 3000]),
}


class Sweep:
    """A sweep of one of these jobs, of which only the short trajectory is committed, and which can be killed at a
    call."""

    def __init__(self, build, moonsweep, program, folder, job):
        self.build, self.moonsweep, self.program = build, moonsweep, program
        self.output = folder.resolve() / "out.h5"
        self.words = ["run", job_file.write(folder, **job), "-o", self.output, "-q"]
        self.moonsweep(*self.words)
        with h5py.File(self.output, "r+") as file:
            for name in ("status", "checksum"):
                file[name][[DONE_ROW, *ENDED_ROWS]] = 0

    def kill_at(self, variable, row, is_over, options=()):
        """Runs the sweep and kills it before or after it writes a row of a variable. Returns whether it did."""
        first, end = Places(self.output).extent(variable)
        with h5py.File(self.output) as file:
            width = (end - first) // len(file[variable])
        place = first + row * width
        call = stop_at.call(Kind.WRITE, places=(place, place + width), is_over=is_over)
        suspended = stop_at.of_ranks(self.build, self.output, call)
        run = processes.start(self.program, *self.words, *options, ranks=1, **suspended)
        waiting.until(lambda: processes.stopped_rank(run) or run.poll() is not None, pause=0.01)
        was_stopped = processes.stopped_rank(run) is not None
        if was_stopped:
            processes.kill(processes.ranks_of(run).values(), signal.SIGKILL)
        run.communicate()
        return was_stopped

    def final_rows(self):
        """The final rows that match their checksums: {configuration: the bytes of all their variables}."""
        with h5py.File(self.output) as file:
            configs = len(file["n_h"])
            variables = [v for v in file.values() if isinstance(v, h5py.Dataset) and v.shape[:1] == (configs,)]
            final = [int(c) for c in np.flatnonzero(file["status"][:]) if checksums.match(file, int(c))]
            return {c: b"".join(np.asarray(v[c]).tobytes() for v in variables) for c in final}

    def expect_the_rows(self, before):
        """No row that was final has changed, and the rows of the trajectory that ended agree."""
        now = self.final_rows()
        assert {config: now.get(config) for config in before} == before
        with h5py.File(self.output) as file:
            rows = [c for c in ENDED_ROWS if c in now]
            for name in ("status", "iterations_done", "ended_by", "W1", "b1", "W2", "b2", "dev_cost", "final_cost"):
                assert len({np.asarray(file[name][c]).tobytes() for c in rows}) <= 1, name
        return now

    def finish(self, before, ranks=0):
        self.moonsweep(*self.words, ranks=ranks)
        assert len(self.expect_the_rows(before)) == 7
        assert "sound" in self.moonsweep("verify", self.output).stdout
        self.moonsweep("verify", "--retrain", 7, self.output)


@pytest.fixture
def sweep(build, moonsweep, program, tmp_path):
    return lambda job: Sweep(build, moonsweep, program, tmp_path, job)


@pytest.mark.parametrize("job", [TIMED, PATIENT, DIVERGING], ids=["time", "patience", "divergence"])
@pytest.mark.parametrize("row", ENDED_ROWS[:2])
def test_a_kill_between_the_statuses_of_an_ended_trajectory(sweep, job, row):
    killed = sweep(job)
    assert killed.kill_at("status", row, is_over=True)
    before = killed.final_rows()
    assert row in before
    assert ENDED_ROWS[-1] not in before
    # A resumed run has other pieces of training, after which the time is looked at. It is killed, too.
    assert killed.kill_at("W1", ENDED_ROWS[-1], is_over=False, options=["--checkpoint-seconds", "0.01"])
    assert "sound" in killed.moonsweep("verify", killed.output).stdout
    before = killed.expect_the_rows(before)
    killed.finish(before, ranks=2 if row == ENDED_ROWS[0] else 0)


def test_a_row_before_the_end_by_time_is_corrupt(sweep):
    """The trajectory is trained again from its beginning, and the run that does this is killed, too."""
    killed = sweep(TIMED)
    killed.moonsweep(*killed.words)
    before = killed.final_rows()
    with h5py.File(killed.output, "r+") as file:
        for row in (DONE_ROW, ENDED_ROWS[1]):
            file["W2"][row, 0] += 1.0
            del before[row]
    often = ["--checkpoint-seconds", "0.01"]
    assert killed.kill_at("status", DONE_ROW, is_over=True, options=often), "its status is set to pending first"
    killed.expect_the_rows(before)
    assert killed.kill_at("status", DONE_ROW, is_over=True, options=often)
    killed.finish(before)
