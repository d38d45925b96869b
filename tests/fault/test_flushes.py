"""What a rank has reported as finished is durable. tests/unit/test_durability.c tests the calls of one process, and
test_power_cut.py what remains of a sweep after a power cut."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import pytest

from fault.promises import Promises
from fault.write_log import NEVER, Kind, Log
from lib import job_file, processes, result_file


@pytest.fixture
def record(build, program, tmp_path):
    """Runs a sweep, and returns its Promises and its result."""

    def run(*options, ranks=0, slow_sync_ms=0, **job):
        output = tmp_path.resolve() / "out.h5"
        libraries = [build / "tests" / "fault" / f"lib{name}.so" for name in ("write_log", "slow_sync")]
        processes.run(
            program, "run", job_file.write(tmp_path, **job), "-o", output, *options, ranks=ranks,
            wrapper=["env", "LD_PRELOAD=" + " ".join(map(str, libraries))],
            env={"MOONSWEEP_FAULT_FILE": output, "WRITE_LOG": tmp_path / "log", "SLOW_SYNC_MS": slow_sync_ms},
        )  # fmt: skip
        return Promises(Log([tmp_path / "log"]), output), output

    return run


def durable_instants(promises, rows):
    """The instants from which the statuses of these rows cannot be lost."""
    found = {row: durable for durable, row in promises.rows if row in rows}
    assert found.keys() == set(rows)
    return found.values()


def test_a_lease_with_checkpoints_is_recorded_when_its_rows_are_durable(record):
    promises, output = record("--checkpoint-seconds", "0.01", samples=300, n_h="[3, 50]", iterations="[100, 20000]")
    checkpointed = {checkpoint.trajectory for _, checkpoint in promises.checkpoints}
    with h5py.File(output) as file:
        first, count = (file["leases"][name][...] for name in ("first_trajectory", "count"))
        trajectory = file["config_trajectory"][...]
    compared = 0
    for call in promises.log.calls:
        name, rows = promises.places.of(call) if call.kind == Kind.WRITE else (None, ())
        if name != "leases/checksum":
            continue
        lease = range(first[rows[0]], first[rows[0]] + count[rows[0]])
        if checkpointed & set(lease):
            configs = [config for config, t in enumerate(trajectory) if t in lease]
            assert max(durable_instants(promises, configs)) < call.begun
            compared += 1
    assert compared > 0


@pytest.mark.parametrize("writers", ["rank", "node"])
def test_a_status_is_written_when_its_row_is_durable(record, writers):
    """The disk takes so long to flush that a status which does not wait for it is written too early."""
    promises, output = record(
        "--writers", writers, ranks=2, slow_sync_ms=30, samples=300, n_h="[2, 3]", seed=str(list(range(6)))
    )
    durable = {
        row: call.durable
        for call in promises.log.calls
        if call.kind == Kind.WRITE and promises.places.of(call)[0] == "checksum"
        for row in promises.places.of(call)[1]
    }
    final = 0
    for call in promises.log.calls:
        name, rows = promises.places.of(call) if call.kind == Kind.WRITE else (None, ())
        if name == "status":
            assert all(durable[row] < call.begun for row in rows)
            final += len(rows)
    assert final == result_file.finals(output) == 12


def test_every_rank_makes_its_rows_durable_before_it_leaves(record):
    promises, _ = record(ranks=2, samples=300, n_h="[2, 3]", seed=str(list(range(20))), iterations="[10, 100]")
    assert max(durable_instants(promises, range(80))) < NEVER
