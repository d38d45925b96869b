"""A sweep that is killed several times, and judged after each kill."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import collections
import signal
import time

import pytest

from fault import judge, stop_at
from fault.promises import Places
from fault.write_log import File, Kind
from lib import processes, result_file, waiting

# A dozen trajectories, checkpointed and committed every few milliseconds: five long ones, some that diverge, and some
# that are leased together.
JOB = {
    "samples": 400, "n_h": "[50, 2]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 0.1, 1.0e6]",
    "iterations": "[100, 3000, 20000]",
}  # fmt: skip
CONFIGS = 36
OFTEN = ["--checkpoint-seconds", "0.01"]

VICTIMS = ["a rank", "rank 0", "mpirun", "all at once"]
PHASES = ["creation", "training", "committing", "closing"]

# The calls at which ranks are suspended: the kind of call, the file, the variable that it writes (None: any), and the
# range from which the number of the call is chosen.
WHOLE = None
CALLS = {
    "creation": [
        (stop_at.ANY, File.PART, WHOLE, 1, 100), (Kind.WRITE, File.LOCK, WHOLE, 1, 1),
        (Kind.RENAME, File.PART, WHOLE, 1, 1),
    ],
    "training": [
        *((Kind.WRITE, File.RESULT, f"runs/{name}", 1, 1) for name in ("id", "command", "checksum", "current")),
        *((Kind.WRITE, File.RESULT, f"leases/{name}", 1, 3) for name in ("run", "finished", "checksum")),
        *((Kind.WRITE, File.RESULT, name, 1, 3) for name in ("cost", "cost_count")),
        *((Kind.WRITE, File.RESULT, f"checkpoint/{name}", 1, 3) for name in ("W1", "iteration", "checksum")),
    ],
    "committing": [
        *((Kind.WRITE, File.RESULT, name, 1, 2) for name in ("status", "W1", "checksum", "times_checksum", "rank")),
        (Kind.WRITE, File.RESULT, "train_cpu_seconds", 1, 2),
        (Kind.SYNC, File.RESULT, WHOLE, 1, 6),
    ],
    "closing": [
        *((Kind.WRITE, File.RESULT, f"runs/{name}", 2, 2) for name in ("ended", "how_ended", "checksum")),
        (Kind.UNLINK, File.LOCK, WHOLE, 1, 1),
    ],
}  # fmt: skip


class Tally:
    """Counts the kills by victim and phase, and records how long it took until all processes had ended."""

    def __init__(self):
        self.kills, self.ended_s = collections.Counter(), collections.defaultdict(list)

    def add(self, victim, phase, how, ended_s):
        self.kills[victim, phase, how] += 1
        self.ended_s[victim].append(ended_s)

    def lines(self):
        yield f"\n{sum(self.kills.values())} kills:"
        for (victim, phase, how), count in sorted(self.kills.items()):
            yield f"{count:5d} {victim}, {phase}, {how}"
        for victim, seconds in sorted(self.ended_s.items()):
            yield f"{victim}: every process had ended after at most {max(seconds):.1f} s"


class Chain:
    """A sweep that is killed several times."""

    def __init__(self, build, moonsweep, program, whole, tally, output, choice):
        self.libraries = [build / "tests" / "fault" / f"lib{name}.so" for name in ("stop_at", "slow_sync")]
        self.moonsweep, self.program, self.tally = moonsweep, program, tally
        self.output, self.choice = output, choice
        self.job, self.expected = whole
        self.contents = None  # of the result after the last kill

    # ---- a run that is killed

    def create(self):
        """Creates the file without training, so that the offsets of its variables are known."""
        result_file.create(self.output, lambda *limit: processes.end_of(self.start(1, *limit), processes.STOPPED))

    def start(self, ranks, *options, call=None, slow_sync_ms=0):
        """Starts a run. slow_sync_ms: makes flushes slower, so that more happens during one."""
        wish = {"MOONSWEEP_FAULT_FILE": self.output, "STOP_AT": call, "SLOW_SYNC_MS": slow_sync_ms}
        preload = "LD_PRELOAD=" + " ".join(map(str, self.libraries))
        return processes.start(
            self.program, "run", self.job, "-o", self.output, *OFTEN, *options, ranks=ranks,
            wrapper=["env", preload] if call or slow_sync_ms else [], env=wish,
        )  # fmt: skip

    def call_of(self, call, rank):
        """The value of STOP_AT for one of CALLS."""
        kind, file, variable, *which = call
        places = Places(self.output).extent(variable) if variable else stop_at.ANYWHERE
        nth, is_over = self.choice.randint(*which), self.choice.randint(0, 1)
        return stop_at.call(kind, nth, file=file, places=places, rank=rank, is_over=is_over)

    def wait_for_stop(self, sweep):
        """Waits until a rank is suspended and returns its process, or None if the sweep ended without that call."""
        waiting.until(lambda: processes.stopped_rank(sweep) or sweep.poll() is not None, pause=0.01)
        return processes.stopped_rank(sweep)

    def wait_for_phase(self, sweep, phase):
        """Waits until a random instant of the phase."""
        final, part = self.choice.randint(1, CONFIGS - 1), self.output.with_name("out.h5.part")
        is_there, latest_s = {
            "creation": (part.exists, 0.01),
            "training": (lambda: result_file.finals(self.output) > 0, 0.4),
            "committing": (lambda: result_file.finals(self.output) >= final, 0.01),
            "closing": (lambda: result_file.finals(self.output) == CONFIGS, 0.1),
        }[phase]
        waiting.until(lambda: sweep.poll() is not None or is_there(), pause=0.001)
        time.sleep(self.choice.uniform(0, latest_s))

    def kill(self, sweep, victim, stopped):
        """Kills, waits until every process has ended, and returns how long that took, or None if the sweep was complete
        before."""
        ranks, mpirun = processes.ranks_of(sweep), processes.mpirun_of(sweep)
        others = [pid for rank, pid in ranks.items() if rank > 0]
        victims = {
            "a rank": [stopped] if stopped in others else others[:1],
            "rank 0": [ranks[0]] if 0 in ranks else [],
            "mpirun": [mpirun] if mpirun else [],
            "all at once": [*ranks.values(), mpirun] if mpirun else [],
        }[victim]
        processes.kill(victims)
        killed = time.monotonic()
        if stopped is not None:
            processes.kill([stopped], signal.SIGCONT)
        _, errors = sweep.communicate()
        assert victims or sweep.returncode == 0, errors  # nothing else may end it
        waiting.until(lambda: processes.are_gone(ranks.values()), pause=0.01)
        return time.monotonic() - killed if sweep.returncode != 0 else None

    def run_and_kill(self, victim, phase, how, call=None):
        """Returns whether a run was killed before it ended. call: one of CALLS; None: a random one."""
        ranks = self.choice.randint(2, 4)
        rank = 0 if victim == "rank 0" or phase in ("creation", "closing") else self.choice.randrange(ranks)
        # An existing file is created again only with --force.
        options = ["--force"] if phase == "creation" and self.output.exists() else []
        # With --writers node, only rank 0 writes.
        if rank == 0 or how == "at random":
            options += ["--writers", self.choice.choice(["rank", "node"])]
        slow_sync_ms = self.choice.choice([0, 30])
        if how == "at a call":
            if phase != "creation" and not self.output.exists():
                self.create()
            call = call or self.choice.choice(CALLS[phase])
            sweep = self.start(ranks, *options, call=self.call_of(call, rank), slow_sync_ms=slow_sync_ms)
            stopped = self.wait_for_stop(sweep)
        else:
            sweep, stopped = self.start(ranks, *options, slow_sync_ms=slow_sync_ms), None
            self.wait_for_phase(sweep, phase)
        ended_s = self.kill(sweep, victim, stopped)
        if ended_s is not None:
            self.tally.add(victim, phase, how, ended_s)
        return ended_s is not None

    # ---- checks after a kill

    def look(self):
        """Asserts that the contents of the file are right, and that nothing is missing that was there before."""
        if not self.output.exists():
            assert self.contents is None, "the result is gone"
            return
        contents = judge.look(self.output)
        assert self.moonsweep("verify", self.output).stderr == ""
        assert contents.final.keys() == contents.rows, "a final row is incomplete"
        assert self.expected.wrong(self.output, contents.rows) == []
        assert judge.broken_pairs(contents) == [], "C1: both slots of a pair are corrupt"
        if self.contents is not None:
            assert self.contents.rows <= contents.rows, "a row was lost"
            assert all(map(float.__le__, map(float, self.contents.progress), map(float, contents.progress))), (
                "work was lost"
            )
        self.contents = contents

    def link(self, victim, phase, how, call=None):
        """Kills one run. If the run ends before the chosen instant, the sweep begins again."""
        for _ in range(8):
            inode = self.output.stat().st_ino if self.output.exists() else None
            is_killed = self.run_and_kill(victim, phase, how, call)
            if inode is not None and self.output.stat().st_ino != inode:
                self.contents = None  # it was replaced
            self.look()
            if is_killed:
                return
            self.output.unlink()
            self.contents = None
        pytest.fail(f"every run ended before it could be killed: {victim}, {phase}, {how}")

    def finish(self):
        """Resumes the sweep until it is complete."""
        processes.end_of(self.start(self.choice.randint(1, 4)))
        assert result_file.differences(self.output, self.expected.path) == []
        assert [path.name for path in self.output.parent.iterdir()] == ["out.h5"]
