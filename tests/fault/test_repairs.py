"""Bytes that never change are repaired from the second copy. If a repair is interrupted by a kill, a power cut or a
failing disk, nothing is lost, and the next run repairs the rest."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

import h5py
import pytest

from fault import disk, power_cut, promises, stop_at
from fault.write_log import File, Kind, Log
from lib import damage, pages, processes, result_file, waiting


class Damaged:
    """A finished result of the job that is damaged in many places, each of which can be repaired from the second
    copy."""

    def __init__(self, job, whole):
        self.job, self.whole = job, whole.read_bytes()
        self.bytes = None

    def write(self, path):
        """Writes the damaged result."""
        if self.bytes is None:
            path.write_bytes(self.whole)
            self._damage(path)
            self.bytes = path.read_bytes()
        path.write_bytes(self.bytes)
        return path

    def _damage(self, path):
        footer = pages.footers(self.whole)[0]
        at, width = footer.tables
        with h5py.File(path) as file:
            data, _ = result_file.place_of(file, "X_train")
            scale, _ = result_file.place_of(file, "runs/run", 700)
        for place in [0, 40, 900, 1700, scale, at + 3, at + 2 * width + 1, len(self.whole) - 5]:
            damage.flip_bit(path, place, 3)
        damage.write_bytes(path, data + 100, bytes(range(1, 256)) * 20)  # several pages
        # In the second copy, other pages than these are damaged.
        last = footer.start + footer.final
        damage.write_bytes(path, last - 3000, bytes(range(1, 256)))

    def is_halfway(self, content):
        """Whether each byte is either as damaged as before or right."""
        return len(content) == len(self.whole) and all(
            found in (before, right) for found, before, right in zip(content, self.bytes, self.whole, strict=True)
        )


@pytest.fixture(scope="module")
def damaged(undisturbed):
    return Damaged(*undisturbed(samples=2000, n_h="[1, 3]", iterations="[20, 200]"))


@pytest.fixture(scope="module")
def log(damaged, build, program, tmp_path_factory):
    """The log of a run that repairs it."""
    folder = tmp_path_factory.mktemp("log").resolve()
    output = damaged.write(folder / "out.h5")
    processes.run(
        program, "run", damaged.job, "-o", output,
        wrapper=["env", f"LD_PRELOAD={build / 'tests' / 'fault' / 'libwrite_log.so'}"],
        env={"MOONSWEEP_FAULT_FILE": output, "WRITE_LOG": folder / "log"},
    )  # fmt: skip
    assert output.read_bytes() == damaged.whole
    return Log([folder / "log"])


def writes_of(log):
    return [call for call in log.calls if call.kind == Kind.WRITE and call.file == File.RESULT]


def test_a_repair_writes_only_damaged_bytes_and_makes_them_durable(damaged, log):
    writes = writes_of(log)
    assert len(writes) > 10
    for call in writes:
        assert damaged.bytes[call.offset : call.end] != call.data == damaged.whole[call.offset : call.end]
    last = max(call.over for call in writes)
    assert any(sync.begun > last for sync in log.syncs if sync.file == File.RESULT)


def assert_repaired(moonsweep, damaged, output):
    """Asserts that the next run repairs the rest."""
    content = output.read_bytes()
    assert damaged.is_halfway(content)
    done = moonsweep("verify", output, status=None)
    if content == damaged.whole:
        assert done.returncode == 0
    else:
        assert done.returncode == 65 and "`moonsweep run` with its job file repairs this" in done.stderr
    moonsweep("run", damaged.job, "-o", output)
    assert output.read_bytes() == damaged.whole


@pytest.mark.parametrize("is_over", [0, 1])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, *(pytest.param(i / 20, marks=pytest.mark.long) for i in range(20))])
def test_a_repair_that_is_killed_is_finished_by_the_next_run(
    start, moonsweep, build, damaged, log, tmp_path, share, is_over
):
    output = damaged.write(tmp_path.resolve() / "out.h5")
    nth = 1 + round(share * (len(writes_of(log)) - 1))
    call = stop_at.call(Kind.WRITE, nth, is_over=is_over)
    run = start("run", damaged.job, "-o", output, env=stop_at.environment(build, output, call))
    waiting.until(lambda: processes.is_stopped(run.pid), pause=0.01, running=run)
    run.kill()
    run.communicate()
    assert_repaired(moonsweep, damaged, output)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 30))])
@pytest.mark.parametrize("fate", power_cut.FATES)
def test_a_power_cut_in_a_repair_costs_nothing(moonsweep, damaged, log, tmp_path, fate, seed):
    instant = random.Random(f"{fate} {seed}").randint(log.calls[0].begun, log.length)
    cut = power_cut.Disk(log, instant, fate, seed, before=damaged.bytes)
    cut.save(tmp_path)
    output = tmp_path / "out.h5"
    if not cut.damaged:
        assert damaged.is_halfway(output.read_bytes())
    assert moonsweep("verify", output, status=None).returncode in (0, 65)
    moonsweep("run", damaged.job, "-o", output)
    assert output.read_bytes() == damaged.whole


@pytest.mark.parametrize("call, cause, words", [
    ("write", "EIO", "repairing it failed: Input/output error"),
    ("write", "ENOSPC", "repairing it failed: No space left on device"),
    ("sync", "EIO", "repairing it failed: Input/output error"),
])  # fmt: skip
def test_a_repair_that_fails_says_why_and_the_next_run_repairs_it(
    moonsweep, build, damaged, log, tmp_path, call, cause, words
):
    output = damaged.write(tmp_path.resolve() / "out.h5")
    nth = 1 if call == "sync" else len(writes_of(log)) // 2
    env = disk.fault(build, output, "file=result", f"call={call}", f"nth={nth}", f"cause={cause}")
    message = disk.message(moonsweep("run", damaged.job, "-o", output, env=env, status=74).stderr)
    assert message.endswith(words)
    assert_repaired(moonsweep, damaged, output)


@pytest.mark.parametrize("ranks", [0, 2])
def test_an_incomplete_sweep_is_repaired_and_resumed_to_the_same_bits(start, moonsweep, undisturbed, tmp_path, ranks):
    job, whole = undisturbed(samples=2000, n_h="[15, 10]", activation="[tanh, relu]", iterations="[100, 30000]")
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, "--checkpoint-seconds", "0.05")
    waiting.until(lambda: result_file.is_under_way(output), running=sweep)
    sweep.kill()
    sweep.communicate()
    with h5py.File(output) as file:
        place, _ = result_file.place_of(file, "learning_rate", 3)
    for byte in (8, place + 6):
        damage.flip_bit(output, byte, 6)
    done = moonsweep("run", job, "-o", output, ranks=ranks)
    assert "2 corrupt bytes were repaired: structure, learning_rate\n" in done.stderr
    assert result_file.differences(output, whole) == []
    moonsweep("verify", output)


# ---- configurations that are trained again ---------------------------------------------------------------------------

# One trajectory of which the second row is corrupt, so that the third is trained again as well.
CORRUPT, AGAIN, KEPT = 1, [1, 2], [0, 3, 4, 5]
# Variables that a run writes when it commits a row.
OF_A_ROW = {"cost", "iterations_done", "dev_accuracy", "train_seconds", "W1", "b2", "checksum", "times_checksum"}


@pytest.fixture(scope="module")
def rows(undisturbed):
    """A job of two trajectories and its finished result."""
    return undisturbed(n_h="[1, 3]", iterations="[20, 200, 2000]")


def corrupt_row(rows, path):
    """Writes a copy of the result in which one row is corrupt."""
    path.write_bytes(rows[1].read_bytes())
    with h5py.File(path) as file:
        place, _ = result_file.place_of(file, "W1", CORRUPT)
    damage.flip_bit(path, place, 6)
    return path


@pytest.mark.parametrize("variable", ["cost", "W1", "times_checksum"])
def test_a_row_that_is_trained_again_is_pending_before_it_is_written(start, moonsweep, build, rows, tmp_path, variable):
    output = corrupt_row(rows, tmp_path.resolve() / "out.h5")
    with h5py.File(output) as file:
        first, last = file[variable].id.get_offset(), file[variable].id.get_storage_size()
        final = file["status"][...]
    call = stop_at.call(Kind.WRITE, places=(first, first + last))
    run = start("run", rows[0], "-o", output, env=stop_at.environment(build, output, call))
    waiting.until(lambda: processes.is_stopped(run.pid), pause=0.01, running=run)
    run.kill()
    run.communicate()
    with h5py.File(output) as file:
        assert file["status"][AGAIN].tolist() == [0, 0]
        assert file["status"][KEPT].tolist() == final[KEPT].tolist()
    moonsweep("verify", output)
    moonsweep("run", rows[0], "-o", output)
    assert result_file.differences(output, rows[1]) == []
    moonsweep("verify", output)


def test_the_pending_status_is_durable_before_any_other_byte_of_the_row_is_written(program, build, rows, tmp_path):
    output = corrupt_row(rows, tmp_path.resolve() / "out.h5")
    processes.run(
        program, "run", rows[0], "-o", output,
        wrapper=["env", f"LD_PRELOAD={build / 'tests' / 'fault' / 'libwrite_log.so'}"],
        env={"MOONSWEEP_FAULT_FILE": output, "WRITE_LOG": tmp_path / "log"},
    )  # fmt: skip
    log, places = Log([tmp_path / "log"]), promises.Places(output)
    statuses = [call for call in writes_of(log) if places.of(call)[0] == "status"]
    written = [call for call in writes_of(log) if places.of(call)[0] in OF_A_ROW]
    assert statuses[0].data == bytes(len(AGAIN)) and list(places.of(statuses[0])[1]) == AGAIN
    assert {row for call in written if places.of(call)[0] == "W1" for row in places.of(call)[1]} == set(AGAIN)
    assert statuses[0].durable < min(call.begun for call in written)
