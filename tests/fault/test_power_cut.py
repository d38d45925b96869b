"""Power cuts while a sweep writes: whatever the state of the disk, nothing that was durable is lost, no corrupt value
is accepted, and the sweep resumes to the bits of an uninterrupted one.

No machine is switched off. All calls of a sweep are recorded once: it is created, killed, and resumed until it is
complete. From the log, states in which a disk may be are rebuilt (power_cut.py), many for each fate of the writes that
were not synced.

Three ways of writing are recorded: with frequent checkpoints, each of which waits for the disk; with a slow disk and
rows that a tick commits meanwhile; and with one rank that writes for the others.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import random
from dataclasses import dataclass

import pytest

from fault import judge, power_cut, promises, stop_at
from fault.write_log import NEVER, File, Kind, Log
from lib import processes, result_file, waiting

# Some trajectories are checkpointed often, some are bundled into one lease, and some diverge.
JOB = {
    "samples": 300, "n_h": "[50, 2]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 1.0e6]",
    "iterations": "[100, 3000, 20000]",
}  # fmt: skip
OFTEN = ["--checkpoint-seconds", "0.01"]

# Many trajectories that are too short for checkpoints. Their rows wait for the disk while others are trained.
ROWS = {
    "samples": 2000, "n_h": "[20]", "seed": str(list(range(32))), "iterations": "[400, 3000]",
}  # fmt: skip
SLOW_SYNC_MS = 600


@dataclass(frozen=True)
class Way:
    """How a sweep is recorded. The first run is killed at this sync of this rank."""

    job: dict
    options: list
    slow_sync_ms: int = 0
    rank: int = 1
    sync: int = 6


WAYS = {
    "checkpoints": Way(JOB, OFTEN),
    "rows": Way(ROWS, [], SLOW_SYNC_MS, sync=2),
    "one rank": Way(ROWS, ["--writers", "node"], SLOW_SYNC_MS, rank=0, sync=5),
}

QUICK = range(6)
LONG = [pytest.param(range(first, first + 50), marks=pytest.mark.long) for first in range(6, 306, 50)]


class Recorded:
    """A recorded sweep."""

    def __init__(self, way, job, output, expected, log):
        self.way, self.job, self.output, self.log = way, job, output, log
        self.expected = expected
        self.promises = promises.Promises(log, output)

    def findings(self, folder, disk, instant):
        """What is wrong with the state of a disk, as sentences."""
        promised = self.promises.at(instant)
        output = folder / "out.h5"
        if not output.exists():
            is_named = any(call.kind == Kind.RENAME and call.durable < instant for call in self.log.calls)
            return ["the file is gone"] if is_named else []
        contents = judge.look(output)
        # cost_count is overwritten as a trajectory grows. Where it is garbled, the whole trajectory is invalid.
        excused = self.promises.places.rows("cost_count", disk.damaged)
        trajectory_of = self.expected.columns["config_trajectory"]
        found = [f"row {row}: {name} is wrong" for row, name in self.expected.wrong(output, contents.rows)]
        found += [
            f"row {row} was durable and is lost"
            for row in sorted(promised.rows - contents.rows)
            if trajectory_of[row] not in excused
        ]
        found += [
            f"trajectory {trajectory} had reached iteration {before} and is now at {now}"
            for trajectory, (before, now) in enumerate(zip(promised.progress, contents.progress, strict=True))
            if now < before and trajectory not in excused
        ]
        if not disk.damaged:
            found += [f"row {row} is final but incomplete" for row in sorted(contents.final.keys() - contents.rows)]
            found += [f"C1: both slots of pair {pair} are corrupt" for pair in judge.broken_pairs(contents)]
        return found


def start(build, program, way, job, output, log, **environment):
    """Starts a sweep whose calls on the result are all logged. One of its ranks may be suspended at a chosen call."""
    names = ["libwrite_log.so", "libstop_at.so", "libslow_sync.so"]
    libraries = [build / "tests" / "fault" / name for name in names]
    return processes.start(
        program, "run", job, "-o", output, *way.options, ranks=2,
        wrapper=["env", "LD_PRELOAD=" + " ".join(map(str, libraries))],
        env={"MOONSWEEP_FAULT_FILE": output, "WRITE_LOG": log, "SLOW_SYNC_MS": way.slow_sync_ms, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module", params=WAYS)
def recorded(request, build, program, undisturbed, tmp_path_factory):
    way = WAYS[request.param]
    job, expected = undisturbed(**way.job)
    folder = tmp_path_factory.mktemp("recorded").resolve()
    output, logs = folder / "out.h5", [folder / "first.log", folder / "second.log"]

    chosen_sync = stop_at.call(Kind.SYNC, way.sync, rank=way.rank, is_over=False)
    killed = start(build, program, way, job, output, logs[0], STOP_AT=chosen_sync)
    waiting.until(lambda: processes.stopped_rank(killed), running=killed)
    processes.kill_ranks(killed)
    assert 0 < result_file.finals(output) < result_file.finals(expected)

    processes.end_of(start(build, program, way, job, output, logs[1]))
    assert result_file.differences(output, expected) == []
    return Recorded(way, job, output, judge.Expected(expected), Log(logs))


def instant_of(log, choice):
    """A random instant, or the one just before a sync returns, when most writes are not durable yet."""
    sync = choice.choice([sync for sync in log.syncs if sync.over != NEVER])
    return choice.choice([choice.randint(0, log.length), sync.over])


def test_the_log_contains_every_write(recorded):
    disk = power_cut.Disk(recorded.log, recorded.log.length, "kept", 0)
    assert disk.files["out.h5"] == recorded.output.read_bytes()
    assert recorded.promises.at(recorded.log.length).rows == set(range(result_file.finals(recorded.output)))
    # Each way has its intended property.
    assert bool(recorded.promises.checkpoints) is (recorded.way.job is JOB)
    assert written_during_a_sync(recorded.log) or not recorded.way.slow_sync_ms
    written = [call for call in recorded.log.calls if call.kind == Kind.WRITE and call.file == File.RESULT]
    ranks = {call.process for call in written if call.run == 0}
    assert len(ranks) == (1 if "node" in recorded.way.options else 2)


def written_during_a_sync(log):
    """The writes that began and ended during a sync of the same process."""
    return [
        call
        for call in log.calls
        if call.kind == Kind.WRITE
        and any(
            sync.process == call.process and sync.begun < call.begun and call.over < sync.over for sync in log.syncs
        )
    ]


@pytest.mark.parametrize("seeds", [QUICK, *LONG], ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
@pytest.mark.parametrize("fate", power_cut.FATES)
def test_after_a_power_cut_the_file_is_sound_and_nothing_durable_is_lost(recorded, tmp_path, fate, seeds):
    for seed in seeds:
        instant = instant_of(recorded.log, random.Random(f"{fate} {seed}"))
        folder = tmp_path / str(seed)
        folder.mkdir()
        disk = power_cut.Disk(recorded.log, instant, fate, seed)
        disk.save(folder)
        assert recorded.findings(folder, disk, instant) == [], f"fate {fate}, seed {seed}, instant {instant}"


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 64))])
def test_a_sweep_resumes_after_a_power_cut_to_the_same_bits(recorded, moonsweep, tmp_path, seed):
    choice = random.Random(seed)
    fate = list(power_cut.FATES)[seed % len(power_cut.FATES)] if seed > 0 else "garbled"
    instant = instant_of(recorded.log, choice)
    power_cut.Disk(recorded.log, instant, fate, seed).save(tmp_path)
    # The program agrees with the tests above.
    if (tmp_path / "out.h5").exists() and fate != "garbled":
        # A number of a lease or of a checkpoint that differs by one bit, because its write or that of its checksum was
        # lost, looks like a flipped bit. Checkpoints are often a power of two iterations apart.
        found = json.loads(moonsweep("verify", "--format", "json", tmp_path / "out.h5", status=None).stdout)
        assert [wrong for wrong in found if not wrong["place"].startswith(("leases/", "checkpoint/iteration"))] == []
    moonsweep("run", recorded.job, "-o", tmp_path / "out.h5", ranks=choice.choice([0, 1, 2, 3]))
    assert moonsweep("verify", tmp_path / "out.h5").stderr == ""
    assert result_file.differences(tmp_path / "out.h5", recorded.expected.path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out.h5"]


def test_missing_syncs_are_found(recorded, tmp_path):
    """Without the syncs of the result in the log, final rows are found incomplete."""
    log = Log(recorded.log.paths, is_honest=lambda sync: sync.file != File.RESULT)
    unsynced = Recorded(recorded.way, recorded.job, recorded.output, recorded.expected, log)
    status = max(call.over for call in log.calls if recorded.promises.places.rows("status", [call]))
    disk = power_cut.Disk(log, status + 1, "small", 0)
    disk.save(tmp_path)
    assert any("is final but incomplete" in found for found in unsynced.findings(tmp_path, disk, status + 1))
