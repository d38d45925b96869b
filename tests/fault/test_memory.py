"""The program runs out of memory at any place: it says so in one sentence, on all ranks, and nothing is lost.

The call stacks of all allocations of a command are listed once (faulty_malloc.c). Then the command runs many times, and
each time another of its allocations fails. Either it exits with the status for that, or it does without the memory, and
its outcome must be as if nothing had failed.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import shutil
from dataclasses import dataclass

import h5py
import pytest

from fault import judge, stop_at
from fault.promises import Places
from fault.write_log import Kind
from lib import damage, job_file, processes, result_file, waiting

OUT_OF_MEMORY = 71

# Two trajectories that take long enough to be killed half-way, for the sweep that is resumed.
JOB = {"samples": 60, "n_h": "[2, 3]", "activation": "[tanh]", "iterations": "[20, 200000]"}


@dataclass
class Scenario:
    """A command, and the files that exist when it begins."""

    command: str
    files: tuple = ()  # copied from `stock`
    ranks: int = 0
    rank: str = "alone"  # the one whose allocations fail

    @property
    def trains(self):
        return self.command.startswith("run")


RUN = "run job.yaml -o out.h5"
SCENARIOS = {
    "a new sweep": Scenario(RUN, ("job.yaml",)),
    "a new sweep, rank 0 of 2": Scenario(RUN, ("job.yaml",), 2, "0"),
    "a new sweep, rank 1 of 2": Scenario(RUN, ("job.yaml",), 2, "1"),
    "a sweep that is resumed": Scenario(RUN, ("job.yaml", "half.h5")),
    "a sweep that is replaced": Scenario(f"{RUN} --force", ("job.yaml", "half.h5")),
    "a sweep that is repaired": Scenario(RUN, ("job.yaml", "damaged.h5")),
    "a finished sweep": Scenario(RUN, ("job.yaml", "whole.h5")),
    "another job": Scenario(RUN, ("other.yaml", "whole.h5")),
    "show as a table": Scenario("show out.h5 --sort train_seconds --min-train 10", ("whole.h5",)),
    "show as CSV": Scenario("show out.h5 --format csv", ("half.h5",)),
    "show as JSON": Scenario("show out.h5 --format json", ("whole.h5",)),
    "status": Scenario("status out.h5", ("half.h5",)),
    "verify": Scenario("verify out.h5", ("half.h5",)),
    "verify a damaged result": Scenario("verify out.h5 --format csv", ("damaged.h5",)),
    "verify by training": Scenario("verify out.h5 --retrain 1 --seed 0 --format csv", ("whole.h5",)),
    "predict fresh samples": Scenario("predict out.h5 --config 1 --moons 20,0.2,3 -o csv", ("whole.h5",)),
    "predict a table": Scenario("predict out.h5 --config 1 --data in.csv -o csv", ("whole.h5", "in.csv")),
    "data": Scenario("data job.yaml -o csv", ("job.yaml",)),
    "data over an older file": Scenario("data job.yaml -o in.csv", ("job.yaml", "in.csv")),
    "stop": Scenario("stop out.h5", ("whole.h5",)),
    "stop a damaged one": Scenario("stop out.h5", ("damaged.h5",)),
}  # fmt: skip

OFTEN = ["--checkpoint-seconds", "0.01"]

# How many places are tried without --long in scenarios that start MPI, and of the allocations of HDF5.
TRIED = 3
TRIED_OF_HDF5 = 12


def kill_half_way(build, program, folder):
    """Makes half.h5, the result of a sweep that was killed after a few checkpoints."""
    # Variables have the same offsets as in whole.h5 if the command, which the file contains, has the same length.
    place = Places(folder / "whole.h5").extent("checkpoint/checksum")
    begun = folder / "begun.h5"
    sweep = processes.start(
        program, "run", folder / "job.yaml", "-o", begun, *OFTEN,
        env=stop_at.environment(build, begun, stop_at.call(Kind.WRITE, 3, places=place)),
    )  # fmt: skip
    waiting.until(lambda: processes.is_stopped(sweep.pid), pause=0.01, running=sweep)
    sweep.kill()
    assert sweep.wait() < 0
    begun.rename(folder / "half.h5")
    begun.with_name("begun.h5.lock").unlink()
    contents = judge.look(folder / "half.h5")
    assert contents.checkpoints and len(contents.rows) < 4


@pytest.fixture(scope="module")
def stock(build, program, moonsweep, tmp_path_factory):
    """The folder with the files of the scenarios: jobs, a finished, a half-finished and a damaged result, a table."""
    folder = tmp_path_factory.mktemp("stock").resolve()
    job_file.write(folder, **JOB)
    job_file.write(folder, "other", **{**JOB, "n_h": "[2]"})
    (folder / "in.csv").write_text("x1,x2,label\n0.5,1,0\n-0.25,-1,1\n")
    moonsweep("run", folder / "job.yaml", "-o", folder / "whole.h5", *OFTEN)
    kill_half_way(build, program, folder)
    shutil.copy(folder / "half.h5", folder / "damaged.h5")
    with h5py.File(folder / "damaged.h5") as file:
        place, _ = result_file.place_of(file, "n_h", 1)
    for byte in (40, place):
        damage.flip_bit(folder / "damaged.h5", byte, 2)
    return folder


class Trial:
    """A scenario in a separate folder."""

    def __init__(self, build, moonsweep, stock, folder, scenario):
        self.library = build / "tests" / "fault" / "libfaulty_malloc.so"
        self.moonsweep, self.stock, self.folder, self.scenario = moonsweep, stock, folder, scenario
        self.expected = judge.Expected(stock / "whole.h5")
        self.list = folder.with_name("list")

    def run(self, fail=None, of=None):
        """Copies the files, runs the command, and returns the finished process. of: the library whose allocations are
        listed and fail; the program itself if it is None."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name in self.scenario.files:
            place = "out.h5" if name.endswith(".h5") else name.replace("other.", "job.")
            shutil.copy(self.stock / name, self.folder / place)
        self.before = self.read("out.h5")
        self.listed().unlink(missing_ok=True)
        wish = {"FAULTY_MALLOC_FAIL": fail, "FAULTY_MALLOC_OF": of, "FAULTY_MALLOC_RANK": self.scenario.rank}
        return self.moonsweep(
            *self.scenario.command.split(), ranks=self.scenario.ranks, status=None, cwd=self.folder,
            env={name: value for name, value in wish.items() if value is not None}
            | {"LD_PRELOAD": str(self.library), "FAULTY_MALLOC_LIST": str(self.list), "MOONSWEEP_PROGRESS": "off"},
        )  # fmt: skip

    def listed(self):
        return self.list.with_name(f"list.{self.scenario.rank}")

    def places(self):
        """The places of the last run, in the order of their first allocation."""
        return list(dict.fromkeys(line.split()[0] for line in self.listed().read_text().splitlines()))

    def has_failed(self):
        return any(line.startswith("failed ") for line in self.listed().read_text().splitlines())

    def read(self, name):
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    @staticmethod
    def without_numbers(line):
        return re.sub(r"[\d.]+", "#", line)

    def outcome(self, done):
        """Everything in which two runs must agree: status, output, messages without numbers such as times, and
        files."""
        lines = processes.messages(done.stderr)
        words = [self.without_numbers(line) for line in lines if not re.search("summary is incomplete: .*memory", line)]
        written = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        if self.scenario.trains:  # its result is judged separately
            written.pop("out.h5")
        # Without memory the lock is not checked; the text is vaguer then, but still true.
        shown = re.sub(
            "killed, or running (where this host sees no lock|under another name of the file)", "killed", done.stdout
        )
        return done.returncode, shown, words, written

    def faults(self, done, whole):
        """What is wrong with a run in which an allocation failed. whole: the outcome of a run without failures."""
        if done.returncode == OUT_OF_MEMORY:
            yield from self.faults_of_an_error(done, whole)
        elif self.outcome(done) != whole:
            yield f"status {done.returncode}: {done.stderr}"
        if self.scenario.trains:
            yield from self.faults_of_the_result()

    def faults_of_an_error(self, done, whole):
        *before, last = done.stderr.splitlines()
        if not re.match("moonsweep: .*memory", last) or not {*map(self.without_numbers, before)} <= {*whole[2]}:
            yield f"wrong messages: {done.stderr}"
        left = {path.name for path in self.folder.iterdir()} - {"job.yaml", "in.csv", "out.h5"}
        if left:
            yield f"files are left over: {left}"
        if self.read("in.csv") is not None and self.read("in.csv") != (self.stock / "in.csv").read_bytes():
            yield "the older table is changed"
        if not self.scenario.trains and self.read("out.h5") != self.before:
            yield "the result is changed"

    def faults_of_the_result(self):
        output = self.folder / "out.h5"
        if not output.exists():
            if self.before is not None:
                yield "the result is gone"
            return
        # HDF5 may not be able to read a damaged result that was not repaired yet.
        if "damaged.h5" not in self.scenario.files or self.read("out.h5") != self.before:
            contents = judge.look(output)
            if contents.final.keys() != contents.rows or self.expected.wrong(output, contents.rows):
                yield "a row is wrong"
        resumed = self.moonsweep("run", self.stock / "job.yaml", "-o", output, status=None)
        if resumed.returncode != 0:
            yield f"the sweep is not resumed: {resumed.stderr}"
        elif result_file.differences(output, self.expected.path):
            yield "the sweep resumes to other bits"


@pytest.fixture
def trial(build, moonsweep, stock, tmp_path):
    return lambda scenario: Trial(build, moonsweep, stock, tmp_path / "trial", SCENARIOS[scenario])


def spread(places, count):
    """`count` of the places, including the first and the last."""
    return [places[i * (len(places) - 1) // (count - 1)] for i in range(count)]


# One allocation fails, or that one and all later ones.
CASES = [
    pytest.param(name, way, id=f"{name}, {way}", marks=[pytest.mark.long] if way == "lasting" else [])
    for name in SCENARIOS
    for way in ("once", "lasting")
]


@pytest.mark.parametrize(("scenario", "way"), CASES)
def test_out_of_memory_it_ends_with_one_sentence_and_nothing_is_lost(trial, amount, scenario, way):
    tried = trial(scenario)
    whole = tried.outcome(tried.run())
    places = tried.places()
    assert len(places) > 4
    if tried.scenario.trains:
        places = amount(spread(places, TRIED), places)
    wrong, ended = [], 0
    for place in places:
        done = tried.run(place + (":1+" if way == "lasting" else ""))
        if tried.has_failed():  # with two ranks, not every run reaches every place
            wrong += [f"{place}: {fault}" for fault in tried.faults(done, whole)]
            ended += done.returncode == OUT_OF_MEMORY
    assert wrong == []
    assert ended > 0


OPENING = ["show as a table", "status", "verify", "predict a table", "stop"]


@pytest.mark.parametrize("way", ["once", pytest.param("lasting", marks=pytest.mark.long)])
@pytest.mark.parametrize("scenario", OPENING)
def test_hdf5_out_of_memory_neither_ends_the_program_nor_is_taken_for_damage(trial, amount, scenario, way):
    """HDF5 1.10 reports an allocation that failed, or crashes, or exits, or recurses until the stack is full."""
    tried = trial(scenario)
    whole = tried.outcome(tried.run(of="libhdf5"))
    places = tried.places()
    assert len(places) > 1000
    wrong, ended = [], 0
    for place in amount(spread(places, TRIED_OF_HDF5), places):
        done = tried.run(place + (":1+" if way == "lasting" else ""), of="libhdf5")
        assert tried.has_failed()
        wrong += [f"{place}: {fault}" for fault in tried.faults(done, whole)]
        ended += done.returncode == OUT_OF_MEMORY
    assert wrong == []
    assert ended > 0
