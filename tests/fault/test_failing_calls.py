"""Any call on the result, its lock or its folder may fail: the sweep ends cleanly with one message that names the
cause, and a status after which it is not restarted. It leaves no incomplete file, what was committed is intact, and the
same command resumes to the bits of an undisturbed sweep.

The calls of an undisturbed run are counted. Then each is made to fail in a separate run: some of them, spread over the
run, or with --long every one. The longer a run takes, the more of them it makes, because it writes more checkpoints.
One that ends before the call is repeated with a call at the same part of the run."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import collections
import errno
import itertools
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import h5py
import pytest

from fault import disk, judge
from fault.promises import Places
from lib import result_file

# Two rows per trajectory, with checkpoints before the second.
JOB = {"samples": 1000, "n_h": "[4, 8]", "learning_rate": "[0.5, 0.1]", "iterations": "[20, 10000]"}
CONFIGS = 8
OFTEN = ["--checkpoint-seconds", "0.01", "-q"]

CANNOT_CREATE, IO_ERROR, NO_PERMISSION = 73, 74, 77
# The failure is harmless, and the sweep continues.
HARMLESS = 0


@dataclass(frozen=True)
class Fault:
    """call and cause are words of faulty_io.c. quick: how many calls are tried without --long. lasting: all later calls
    of the kind fail too. resumed: the run resumes a stopped sweep. rank: of two, or None for one process without
    MPI."""

    call: str
    cause: str
    statuses: tuple
    quick: int
    lasting: bool = False
    resumed: bool = False
    rank: int | None = None

    def __str__(self):
        words = [self.call, self.cause, *["lasting"] * self.lasting, *["resumed"] * self.resumed]
        return "-".join([*words, *([] if self.rank is None else [f"rank{self.rank}"])])

    @property
    def ranks(self):
        return 0 if self.rank is None else 2


FAILED = (CANNOT_CREATE, IO_ERROR)
FAULTS = [
    Fault("open", "EMFILE", (HARMLESS, *FAILED), 2),
    Fault("open", "EROFS", (HARMLESS, *FAILED, NO_PERMISSION), 1),
    Fault("read", "EIO", FAILED, 3),
    Fault("read", "short", (HARMLESS,), 1),
    Fault("write", "EIO", (HARMLESS, *FAILED), 2),
    Fault("write", "ENOSPC", (HARMLESS, *FAILED), 4, lasting=True),
    Fault("write", "short", (HARMLESS,), 2),
    Fault("truncate", "EIO", (HARMLESS, *FAILED), 1),
    Fault("allocate", "EOPNOTSUPP", (HARMLESS,), 1, lasting=True),
    Fault("allocate", "EINTR", (HARMLESS,), 1),
    Fault("sync", "EIO", FAILED, 3),
    Fault("sync", "ENOSPC", FAILED, 1, lasting=True),
    Fault("close", "EIO", (HARMLESS, *FAILED), 1),
    Fault("rename", "EACCES", (NO_PERMISSION,), 1),
    Fault("unlink", "EIO", (HARMLESS, *FAILED), 1),
    Fault("read", "EIO", FAILED, 2, resumed=True),
    Fault("write", "EDQUOT", (HARMLESS, *FAILED), 1, resumed=True, lasting=True),
    Fault("write", "short", (HARMLESS,), 1, resumed=True),
    Fault("open", "EMFILE", FAILED, 1, rank=1),
    Fault("read", "EIO", FAILED, 1, rank=1),
    Fault("write", "ENOSPC", (IO_ERROR,), 2, rank=1, lasting=True),
    Fault("sync", "EIO", (IO_ERROR,), 1, rank=1),
]


@dataclass(frozen=True)
class Call:
    """A line of the log of faulty_io.c. number: which of its process's calls of the kind it was, counted from 1."""

    kind: str
    number: int
    file: str
    offset: int
    bytes: int
    failed: bool

    @classmethod
    def parse(cls, line):
        _, kind, number, file, offset, count, *failed = line.split()
        return cls(kind, int(number), file, int(offset), int(count), bool(failed))


@dataclass(frozen=True)
class Run:
    """A finished run: its exit status, its messages, its result, its calls, and the first call that failed."""

    status: int
    errors: str
    output: Path
    calls: list
    failed: Call | None


def most_calls(run, kind):
    """How many calls of a kind a process of a run has made, at most: files are read in separate processes."""
    return max((call.number for call in run.calls if call.kind == kind), default=0)


class Bench:
    """Runs sweeps of a job on faulty disks. whole: the result of an undisturbed run."""

    def __init__(self, moonsweep, build, folder, undisturbed):
        self.moonsweep, self.build, self.folder = moonsweep, build, folder
        self.job, self.whole = undisturbed(**JOB)
        self.stopped, self.numbers = folder / "stopped.h5", itertools.count()
        moonsweep("run", self.job, "-o", self.stopped, *OFTEN, "--time-limit", "0.01", status=75)
        self.expected, self.counted = judge.Expected(self.whole), {}

    def run(self, fault, *words):
        """Runs the job in a separate folder."""
        folder = self.folder / f"run{next(self.numbers)}"
        log, output = folder.with_suffix(".log"), folder / "out.h5"
        folder.mkdir()
        if fault.resumed:
            shutil.copy(self.stopped, output)
        env = disk.fault(self.build, output, f"log={log}", f"rank={fault.rank or 0}", *words)
        arguments = ["run", self.job, "-o", output, *OFTEN]
        done = self.moonsweep(*arguments, ranks=fault.ranks, env=env, status=None)
        calls = [Call.parse(line) for line in log.read_text().splitlines()]
        return Run(done.returncode, done.stderr, output, calls, next((call for call in calls if call.failed), None))

    def count(self, fault):
        """How many calls of the fault's kind a process of the same run makes without a fault, at most."""
        key = fault.resumed, fault.rank
        if key not in self.counted:
            run = self.run(fault)
            assert run.status == 0, run.errors
            self.counted[key] = run
        return most_calls(self.counted[key], fault.call)


@pytest.fixture(scope="module")
def bench(moonsweep, build, tmp_path_factory, undisturbed):
    return Bench(moonsweep, build, tmp_path_factory.mktemp("bench"), undisturbed)


def check_message(fault, run):
    message = disk.message(run.errors)
    assert os.strerror(getattr(errno, fault.cause)) in message, message
    assert str(run.output) in message
    if fault.rank:
        assert "moonsweep: rank 1 on " in message


def check_what_is_left(bench, fault, run):
    """Checks that the folder contains nothing but a sound result, and returns its final rows."""
    left = {path.name for path in run.output.parent.iterdir()} - {"out.h5"}
    assert left <= ({"out.h5.lock", "out.h5.part"} if fault.call == "unlink" else set())
    if not run.output.exists():
        return set()
    contents = judge.look(run.output)
    assert contents.rows == contents.final.keys()
    assert bench.expected.wrong(run.output, contents.rows) == []
    return contents.rows


def check_no_commit_after(run):
    """After a failed sync the system treats lost pages as written, so the run must not make anything valid any more."""
    places = Places(run.output)
    later = run.calls[run.calls.index(run.failed) :]
    written = {places.of(call)[0] for call in later if call.kind == "write" and call.file == "result"}
    assert not written & {"status", "checkpoint/checksum"}


def check_resume(bench, run, rows):
    """Checks that the same command resumes, and does not train again what was committed."""
    before = {}
    if run.output.exists():
        with h5py.File(run.output) as file:
            before = {row: int(file["run"][row]) for row in rows}
    bench.moonsweep("run", bench.job, "-o", run.output, "-q")
    assert result_file.differences(run.output, bench.whole) == []
    with h5py.File(run.output) as file:
        assert {row: int(file["run"][row]) for row in rows} == before


def fail(bench, fault, number):
    """Runs until a call has failed: the one with this number of those that were counted, or, if the run makes fewer,
    the one that is as far from its first to its last."""
    count = bench.count(fault)
    while True:
        nth = f"{number}-" if fault.lasting else f"{number}"
        run = bench.run(fault, f"call={fault.call}", f"nth={nth}", f"cause={fault.cause}")
        if run.failed:
            return run
        assert run.status == 0, run.errors
        made = most_calls(run, fault.call)
        assert 0 < made < number
        number, count = max(1, number * made // count), made
        shutil.rmtree(run.output.parent)


def check(bench, fault, number):
    """Checks a run with one fault, and the next run. Returns the status of the first."""
    run = fail(bench, fault, number)
    assert run.status in fault.statuses, (run.failed, run.status, run.errors)
    if run.status != 0:
        check_message(fault, run)
    rows = check_what_is_left(bench, fault, run)
    if run.status == 0:
        assert len(rows) == CONFIGS
    if fault.call == "sync" and run.failed.file == "result":
        check_no_commit_after(run)
    check_resume(bench, run, rows)
    shutil.rmtree(run.output.parent)
    return run.status


def chosen(count, some):
    """At most `some` of the numbers 1 .. count, spread evenly."""
    return sorted({1 + round((i + 0.5) * (count - 1) / some) for i in range(some)})


def try_all(bench, fault, numbers):
    ends = collections.Counter(check(bench, fault, number) for number in numbers)
    print(f"{fault}: {len(numbers)} calls failed; exit statuses: {dict(ends)}")


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failed_call_loses_nothing(bench, fault):
    try_all(bench, fault, chosen(bench.count(fault), fault.quick))


def test_rows_whose_sync_failed_are_never_made_valid(bench):
    """Not even if the next sync succeeds."""
    fault = Fault("sync", "EIO", (IO_ERROR,), 1)
    reached = 0
    # The first syncs belong to the beginning of the run, the next ones to rows and checkpoints.
    for number in range(4, 10):
        run = bench.run(fault, "call=sync", f"nth={number}", "cause=EIO")
        if not run.failed:
            break  # a slow disk is flushed less often
        assert run.status == IO_ERROR, run.errors
        places, before = Places(run.output), run.calls[: run.calls.index(run.failed)]
        rows = [call for call in before if call.kind == "write" and places.of(call)[0] == "checksum"]
        valid = [call for call in before if call.kind == "write" and places.of(call)[0] == "status"]
        if rows and (not valid or before.index(rows[-1]) > before.index(valid[-1])):
            reached += 1
            check_no_commit_after(run)
    assert reached > 0


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_every_failed_call_loses_nothing(bench, fault):
    try_all(bench, fault, range(1, bench.count(fault) + 1))
