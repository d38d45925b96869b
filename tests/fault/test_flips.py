"""`moonsweep verify` finds every flipped bit of a result, and `moonsweep run` repairs it and says so."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import random
import re
import shutil
import subprocess
import sys

import h5py
import pytest

from fault import flips
from lib import damage, job_file, pages, processes, result_file, waiting

# The variables that training determines. All others follow from the job.
RESULTS = {
    "status", "iterations_done", "train_accuracy", "dev_accuracy", "train_outcomes", "dev_outcomes", "final_cost",
    "train_cost", "dev_cost", "stop_best", "stop_count", "train_seconds", "train_cpu_seconds", "rank", "run", "W1",
    "b1", "W2", "b2", "checksum", "times_checksum", "cost", "cost_count",
}  # fmt: skip


def never_changes(name):
    """Whether a variable never changes. A run repairs these and says so; it repairs runs and leases silently."""
    return not pages.is_written(name)


@pytest.fixture(scope="module")
def finished(undisturbed):
    """A job with some diverging configurations, and its finished result."""
    return undisturbed(
        n_h="[1, 3]", activation="[tanh, relu]", learning_rate="[0.5, 1.0e6]", iterations="[20, 200, 100]",
        more="# nothing but a comment\n",
    )  # fmt: skip


@pytest.fixture(scope="module")
def stopped(undisturbed, program, tmp_path_factory):
    """A job, its result when it was stopped with checkpoints, and the result of an undisturbed run."""
    job, whole = undisturbed(samples=4000, n_h="[2, 3]", activation="[tanh, relu]", iterations="[100, 30000]")
    out = tmp_path_factory.mktemp("stopped") / "out.h5"
    running = processes.start(program, "run", job, "-o", out, "--checkpoint-seconds", "0.02")
    waiting.until(lambda: used_slots(out), running=running)
    processes.stop(running)
    return job, out, whole


def used_slots(path):
    """The slots with checkpoints of unfinished trajectories; none if there is no file yet."""
    if not path.exists():
        return []
    with h5py.File(path) as file:
        status, per_trajectory = file["status"][...], len(file["config"]) // len(file["trajectory"])
        finished = (status.reshape(-1, per_trajectory) != 0).all(axis=1)
        slots = file["checkpoint/trajectory"][...]
        return [slot for slot, trajectory in enumerate(slots) if trajectory >= 0 and not finished[trajectory]]


@pytest.fixture
def damaged(tmp_path):
    """Copies a result and flips bits at places (offset, bit) of the copy."""

    def make(path, *places):
        copy = tmp_path / "out.h5"
        shutil.copy(path, copy)
        for offset, bit in places:
            damage.flip_bit(copy, offset, bit)
        return copy

    return make


# ---- detection ----------------------------------------------------------------------------------------------------


@pytest.fixture
def missed(moonsweep, damaged):
    """Flips bits of a result one by one, and returns those that verify does not find."""

    def look(path, places):
        copy, left = damaged(path), []
        for name, offset, bit in places:
            with damage.Flipped(copy, offset, bit):
                done = moonsweep("verify", copy, status=None)
            assert done.returncode in (0, 65), (name, offset, bit, done.stderr)
            if done.returncode == 0:
                left.append((name, offset, bit))
        assert copy.read_bytes() == path.read_bytes()
        return left

    return look


@pytest.mark.parametrize("precision", ["float64", pytest.param("float32", marks=pytest.mark.long)])
def test_every_flipped_bit_of_a_finished_result_is_found(missed, finished, undisturbed, precision, amount):
    _, path = finished
    if precision == "float32":
        _, path = undisturbed(n_h="[1, 3]", learning_rate="[0.5, 1.0e6]", iterations="[20, 9000]", precision=precision)
    places = flips.of_variables(path, amount(2, 60))
    assert len({name for name, _, _ in places}) > 75
    assert missed(path, places) == []


def test_every_flipped_bit_of_a_checkpoint_is_found(missed, stopped, amount):
    _, path, _ = stopped
    slots = used_slots(path)
    assert slots
    places = [
        place
        for slot in slots
        for place in flips.of_variables(path, amount(0, 20), seed=slot, rows={"checkpoint": [slot]})
        if place[0].startswith("checkpoint/") and place[0] != "checkpoint/slot"
    ]
    assert len(places) >= 22 * len(slots)
    assert missed(path, places) == []


@pytest.mark.parametrize("name", ["job", "job_hash", "job_checksum"])
def test_every_flipped_bit_of_the_job_is_found(missed, finished, name, amount):
    _, path = finished
    with h5py.File(path) as file:
        text = file.attrs[name].encode()
    places = [(name, offset, bit) for offset, bit in flips.of_text(path, text, amount(8, 400))]
    assert missed(path, places) == []


def test_every_flipped_bit_of_the_structure_is_found_before_hdf5_follows_it(moonsweep, finished, damaged, amount):
    """Commands that check the file do not let HDF5 read corrupt structures."""
    job, path = finished
    copy = damaged(path)
    for offset, bit in flips.between_variables(path, amount(60, 3000)):
        with damage.Flipped(copy, offset, bit):
            done = moonsweep("verify", copy, status=65)
            assert f"structure, byte {offset}  " in done.stdout, (offset, bit)
            assert done.stderr.endswith(": damaged: 1 value is wrong; `moonsweep run` with its job file repairs this\n")
            asked = moonsweep("stop", copy, status=65)
            assert "is corrupt (structure); file not changed; `moonsweep run` repairs it" in asked.stderr
    assert copy.read_bytes() == path.read_bytes()


@pytest.fixture(scope="module")
def rewritten(finished, tmp_path_factory):
    """The finished result rewritten by h5repack, which removes the page checksums."""
    path = tmp_path_factory.mktemp("rewritten") / "out.h5"
    subprocess.run(["h5repack", "-l", "CONTI", "-f", "NONE", finished[1], path], check=True)
    return path


def test_a_crash_of_hdf5_does_not_end_the_program(moonsweep, rewritten, damaged, source, amount, request):
    """In a file without page checksums, flipped bits in HDF5's own structures reach HDF5. Whatever it does then, verify
    exits with a status, and reports `sound` only if every value is unchanged."""
    copy, before = damaged(rewritten), flips.values(rewritten)
    crashes = 0
    for offset, bit in flips.between_variables(rewritten, amount(60, 3000)):
        with damage.Flipped(copy, offset, bit):
            done = moonsweep("verify", copy, status=None)
            assert done.returncode in (0, 65), (offset, bit, done.returncode, done.stderr)
            crashes += "HDF5 crashed" in done.stderr
            if done.returncode == 0:
                # In a separate process, because HDF5 may crash.
                command = [sys.executable, "-m", "fault.flips", copy]
                read = processes.run(*command, cwd=source / "tests", status=None)
                after = json.loads(read.stdout) if read.returncode == 0 else {}
                assert after.items() <= before.items(), (offset, bit)
    if request.config.getoption("--long"):
        assert crashes > 0  # otherwise verify would not need a separate process


# ---- repair -------------------------------------------------------------------------------------------------------


def repair(moonsweep, job, copy, expected):
    """Runs a job on its damaged result, which must then equal the undamaged one. Returns the messages of the run."""
    done = moonsweep("run", job, "-o", copy)
    assert result_file.differences(copy, expected) == []
    moonsweep("verify", copy)
    return done.stderr


def reported_repairs(errors):
    """What a run reports as repaired: (number of bytes, names of the variables or structures that contain them)."""
    found = re.search(r": (\d+) corrupt bytes? (?:was|were) repaired: (.*)\n", errors)
    return (int(found[1]), set(found[2].split(", "))) if found else (0, set())


def test_the_next_run_repairs_flipped_bits_and_reports_them(moonsweep, finished, damaged, amount):
    job, path = finished
    places = flips.of_variables(path, amount(0, 10), seed=1)
    random.Random(2).shuffle(places)
    together = amount(8, 1)
    for first in range(0, len(places), together):
        bits = {name: (offset, bit) for name, offset, bit in places[first : first + together]}
        copy = damaged(path, *bits.values())
        errors = repair(moonsweep, job, copy, path)
        constant = {name for name in bits if never_changes(name)}
        assert reported_repairs(errors) == (len(constant), constant), (bits, errors)
        # If a flip makes a row pending, the run cannot know that there was a result.
        results = bits.keys() & (RESULTS - {"status", "cost_count"})
        assert not results or re.search(r" (is|are) trained again: ", errors), (bits, errors)
        # Two flipped bits in one record cannot be repaired, because it has only one checksum.
        groups = [name.partition("/")[0] for name in bits if not never_changes(name)]
        if not bits.keys() & RESULTS and len(set(groups)) == len(groups):
            assert copy.read_bytes() == path.read_bytes(), bits


def test_a_flipped_bit_of_the_structure_is_repaired_or_the_file_is_refused(moonsweep, finished, damaged, amount):
    """One bit is always repaired. With a second one in the second copy of the same page, it cannot be repaired."""
    job, path = finished
    footer = pages.footers(path.read_bytes())[0]
    for offset, bit in flips.between_variables(path, amount(8, 300), seed=5):
        copy = damaged(path, (offset, bit))
        assert reported_repairs(repair(moonsweep, job, copy, path)) == (1, {"structure"})
        assert copy.read_bytes() == path.read_bytes()

        place = footer.start + pages.place_in_copy(path, offset)
        copy = damaged(path, (offset, bit), (place, 7 - bit))
        before = copy.read_bytes()
        refused = moonsweep("run", job, "-o", copy, status=65)
        # Any byte of the page, or of its variables, may be wrong.
        assert re.search(r"is corrupt beyond repair \(.*structure.*\); file not changed", refused.stderr)
        assert "unknown" in moonsweep("verify", copy, status=65).stdout
        assert copy.read_bytes() == before


def test_every_byte_of_the_pages_dataset_can_be_repaired(moonsweep, finished, damaged, amount):
    """Flips bits in all its parts: the copy of the pages, both tables, the padding, and both footers."""
    job, path = finished
    footer = pages.footers(path.read_bytes())[0]
    at, width = footer.tables
    footers_end = footer.start + footer.bytes
    parts = {
        "copy": (footer.start, footer.start + footer.final), "first table": (at, at + width),
        "second table": (at + width, at + 2 * width), "zeros": (at + 2 * width, footers_end - 128),
        "first footer": (footers_end - 128, footers_end - 64), "second footer": (footers_end - 64, footers_end),
    }  # fmt: skip
    chance = random.Random(6)
    for name, (first, end) in parts.items():
        for place in {first, end - 1, *(chance.randrange(first, end) for _ in range(amount(1, 40)))}:
            copy = damaged(path, (place, chance.randrange(8)))
            assert f"integrity/pages, byte {place - footer.start}  " in moonsweep("verify", copy, status=65).stdout, (
                name
            )
            assert reported_repairs(repair(moonsweep, job, copy, path)) == (1, {"integrity/pages"}), (name, place)
            assert copy.read_bytes() == path.read_bytes()


def test_several_flipped_bits_are_repaired_at_once_on_several_ranks(moonsweep, finished, damaged):
    job, path = finished
    chosen = {"W1", "cost", "n_h", "activation", "X_dev", "checksum", "outcome"}
    places = {name: (offset, bit) for name, offset, bit in flips.of_variables(path, 1, seed=2) if name in chosen}
    copy = damaged(path, *places.values())
    done = moonsweep("run", job, "-o", copy, ranks=2)
    assert reported_repairs(done.stderr) == (4, {"n_h", "activation", "X_dev", "outcome"})
    assert re.search(r"damaged: \d+ configurations? (does|do) not match .* trained again: ", done.stderr)
    assert result_file.differences(copy, path) == []
    moonsweep("verify", copy)


def test_damaged_configurations_are_named(moonsweep, finished, damaged):
    job, path = finished
    with h5py.File(path) as file:
        places = [result_file.place_of(file, "W2", config)[0] for config in (4, 13)]
    errors = repair(moonsweep, job, damaged(path, *((place, 3) for place in places)), path)
    assert "damaged: 2 configurations do not match their checksums and are trained again: 4, 13\n" in errors


def test_a_damaged_checkpoint_is_not_used_and_the_result_is_the_same(moonsweep, stopped, damaged, amount):
    job, path, whole = stopped
    slot = used_slots(path)[0]
    places = [
        place
        for place in flips.of_variables(path, amount(0, 5), seed=3, rows={"checkpoint": [slot]})
        if place[0].startswith("checkpoint/") and place[0] != "checkpoint/slot"
    ]
    for name, offset, bit in places[:: amount(5, 1)]:
        errors = repair(moonsweep, job, damaged(path, (offset, bit)), whole)
        assert re.search(r"\d checkpoints? (is|are) corrupt, or half written when a run was killed", errors), name


def test_flipped_costs_before_a_checkpoint_are_trained_again(moonsweep, stopped, damaged):
    job, path, whole = stopped
    with h5py.File(path) as file:
        slot = used_slots(path)[0]
        trajectory, iteration = int(file["checkpoint/trajectory"][slot]), int(file["checkpoint/iteration"][slot])
        place, _ = result_file.place_of(file, "cost", int(file["cost_start"][trajectory]) + iteration - 1)
    copy = damaged(path, (place, 5))
    found = moonsweep("verify", copy, status=65).stdout
    assert f"checkpoint/cost_hash[{slot}]" in found
    # One or both slots of the trajectory have a checkpoint after the flipped cost.
    assert re.search(r"\d checkpoints? (is|are) corrupt", repair(moonsweep, job, copy, whole))


def test_a_damaged_comment_in_the_job_is_repaired(moonsweep, finished, damaged):
    job, path = finished
    (first, *_) = flips.of_text(path, b"nothing but a comment", 0)
    copy = damaged(path, first)
    assert reported_repairs(repair(moonsweep, job, copy, path)) == (1, {"structure"})
    assert copy.read_bytes() == path.read_bytes()


def test_a_job_with_corrupt_text_is_recognised_by_its_hash(moonsweep, finished, damaged):
    """The page checksums match the damaged comment, so it is not repaired."""
    job, path = finished
    (first, *_) = flips.of_text(path, b"nothing but a comment", 0)
    copy = damaged(path, first)
    damage.set_page_hashes(copy)
    before = copy.read_bytes()
    assert "nothing to do" in moonsweep("run", job, "-o", copy).stderr
    assert copy.read_bytes() == before


@pytest.mark.parametrize("name", ["samples: 200", "job_hash"])
def test_a_file_with_a_corrupt_job_is_refused_and_not_changed(moonsweep, finished, damaged, tmp_path, name):
    job, path = finished
    with h5py.File(path) as file:
        text = file.attrs[name].encode() if name == "job_hash" else name.encode()
    (start, _), *_ = flips.of_text(path, text, 0)
    copy = damaged(path, (start + re.search(rb"\d", text).start(), 0))  # a digit becomes another
    damage.set_page_hashes(copy)
    before = copy.read_bytes()
    if name == "job_hash":
        refused = moonsweep("run", job, "-o", copy, status=65)
        assert "job_hash is corrupt: it is " in refused.stderr
    else:
        other = job_file.write(tmp_path, name="other", n_h="[1]")
        refused = moonsweep("run", other, "-o", copy, status=65)
        assert "stored job text is corrupt and its hash does not match this job; file not changed" in refused.stderr
    assert copy.read_bytes() == before
