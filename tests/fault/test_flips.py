"""Every bit that flips in a result is found by `moonsweep verify`, and mended by `moonsweep run`, which says so."""

import json
import random
import re
import shutil
import sys

import h5py
import pytest

from fault import flips
from lib import damage, job_file, processes, result_file, waiting

# What training decides; all else follows from the job.
RESULTS = {
    "status", "iterations_done", "train_accuracy", "dev_accuracy", "train_outcomes", "dev_outcomes", "final_cost",
    "train_cost", "dev_cost", "train_seconds", "rank", "run", "W1", "b1", "W2", "b2", "checksum", "times_checksum",
    "cost", "cost_count",
}  # fmt: skip

# Who ran and trained when: covered by no checksum, made again by nothing, and never damage.
RECORDS = ("runs/", "leases/")


def is_record(name):
    return name.startswith(RECORDS) and name not in ("runs/run", "leases/lease")


@pytest.fixture(scope="module")
def finished(undisturbed):
    """A job, some of it diverging, and its finished result."""
    return undisturbed(
        n_h="[1, 3]", activation="[tanh, relu]", learning_rate="[0.5, 1.0e6]", iterations="[20, 200, 100]",
        more="# nothing but a remark\n",
    )  # fmt: skip


@pytest.fixture(scope="module")
def stopped(undisturbed, program, tmp_path_factory):
    """A job, its result stopped with checkpoints, and the result of the same job never stopped."""
    job, whole = undisturbed(samples=4000, n_h="[2, 3]", activation="[tanh, relu]", iterations="[100, 30000]")
    out = tmp_path_factory.mktemp("stopped") / "out.h5"
    running = processes.start(program, "run", job, "-o", out, "--checkpoint-seconds", "0.02")
    waiting.until(lambda: used_slots(out), running=running)
    processes.stop(running)
    return job, out, whole


def used_slots(path):
    """The slots that hold checkpoints of unfinished trajectories; none while there is no file."""
    if not path.exists():
        return []
    with h5py.File(path) as file:
        status, per_trajectory = file["status"][...], len(file["config"]) // len(file["trajectory"])
        finished = (status.reshape(-1, per_trajectory) != 0).all(axis=1)
        slots = file["checkpoint/trajectory"][...]
        return [slot for slot, trajectory in enumerate(slots) if trajectory >= 0 and not finished[trajectory]]


@pytest.fixture
def damaged(tmp_path):
    """A copy of a result with some bits turned over."""

    def make(path, *places):
        copy = tmp_path / "out.h5"
        shutil.copy(path, copy)
        for offset, bit in places:
            damage.flip_bit(copy, offset, bit)
        return copy

    return make


# ---- finding ------------------------------------------------------------------------------------------------------


@pytest.fixture
def missed(moonsweep, damaged):
    """The flips of a result that verify does not find."""

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
    assert len({name for name, _, _ in places}) > 60
    # Of records verify warns at most.
    assert missed(path, places) == [place for place in places if is_record(place[0])]


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


def test_hdf5_never_takes_the_program_with_it(moonsweep, finished, damaged, source, amount, request):
    """Bits of HDF5's own structure: whatever HDF5 makes of them, verify ends with a status, and says `sound` only
    where every value is still what it was."""
    _, path = finished
    copy, before = damaged(path), flips.values(path)
    crashes = 0
    for offset, bit in flips.between_variables(path, amount(60, 3000)):
        with damage.Flipped(copy, offset, bit):
            done = moonsweep("verify", copy, status=None)
            assert done.returncode in (0, 65), (offset, bit, done.returncode, done.stderr)
            crashes += "the HDF5 library crashed" in done.stderr
            if done.returncode == 0:
                # In a process of its own, for the same reason.
                read = processes.run(sys.executable, source / "tests" / "fault" / "flips.py", copy, status=None)
                after = json.loads(read.stdout) if read.returncode == 0 else {}
                assert after.items() <= before.items(), (offset, bit)
    if request.config.getoption("--long"):
        assert crashes > 0  # that this is worth a process


# ---- mending ------------------------------------------------------------------------------------------------------


def mend(moonsweep, job, copy, expected):
    """Carries a damaged result on; it must end as one that never was damaged. Gives what was said of it."""
    done = moonsweep("run", job, "-o", copy)
    assert result_file.differences(copy, expected) == []
    moonsweep("verify", copy)
    return done.stderr


def test_what_was_flipped_is_mended_by_the_next_run_which_says_so(moonsweep, finished, damaged, amount):
    job, path = finished
    places = [place for place in flips.of_variables(path, amount(0, 10), seed=1) if not is_record(place[0])]
    random.Random(2).shuffle(places)
    together = amount(8, 1)
    for first in range(0, len(places), together):
        bits = {name: (offset, bit) for name, offset, bit in places[first : first + together]}
        said = mend(moonsweep, job, damaged(path, *bits.values()), path)
        named = re.search(r"restored from the job: (.*)\n", said)
        restored = set(named[1].split(", ") if named else [])
        assert restored == {name for name in bits if name not in RESULTS}, bits
        # A result that a flip made pending is not known to have been there.
        results = bits.keys() & (RESULTS - {"status", "cost_count"})
        assert not results or re.search(r" (is|are) trained again: ", said), (bits, said)


def test_several_damages_are_mended_at_once_on_several_ranks(moonsweep, finished, damaged):
    job, path = finished
    chosen = {"W1", "cost", "n_h", "activation", "X_dev", "checksum", "outcome"}
    places = {name: (offset, bit) for name, offset, bit in flips.of_variables(path, 1, seed=2) if name in chosen}
    copy = damaged(path, *places.values())
    done = moonsweep("run", job, "-o", copy, ranks=2)
    assert "restored from the job: n_h, activation, X_dev, outcome\n" in done.stderr
    assert re.search(r"damaged: \d+ configurations? (does|do) not match .* trained again: ", done.stderr)
    assert result_file.differences(copy, path) == []
    moonsweep("verify", copy)


def test_damaged_configurations_are_named(moonsweep, finished, damaged):
    job, path = finished
    with h5py.File(path) as file:
        places = [result_file.place_of(file, "W2", config)[0] for config in (4, 13)]
    said = mend(moonsweep, job, damaged(path, *((place, 3) for place in places)), path)
    assert "damaged: 2 configurations do not match their checksums and are trained again: 4, 13\n" in said


def test_a_damaged_checkpoint_is_not_used_and_the_result_is_the_same(moonsweep, stopped, damaged, amount):
    job, path, whole = stopped
    slot = used_slots(path)[0]
    places = [
        place
        for place in flips.of_variables(path, amount(0, 5), seed=3, rows={"checkpoint": [slot]})
        if place[0].startswith("checkpoint/") and place[0] != "checkpoint/slot"
    ]
    for name, offset, bit in places[:: amount(3, 1)]:
        said = mend(moonsweep, job, damaged(path, (offset, bit)), whole)
        assert re.search(r"\d checkpoints? (is|are) damaged, or half written when a run was killed", said), name


def test_costs_before_a_checkpoint_that_were_flipped_are_made_again(moonsweep, stopped, damaged):
    job, path, whole = stopped
    with h5py.File(path) as file:
        slot = used_slots(path)[0]
        trajectory, iteration = int(file["checkpoint/trajectory"][slot]), int(file["checkpoint/iteration"][slot])
        place, _ = result_file.place_of(file, "cost", int(file["cost_start"][trajectory]) + iteration - 1)
    copy = damaged(path, (place, 5))
    found = moonsweep("verify", copy, status=65).stdout
    assert f"checkpoint/cost_hash[{slot}]" in found
    assert " checkpoints are damaged" in mend(moonsweep, job, copy, whole)


def test_a_damaged_remark_in_the_job_does_not_keep_it_from_going_on(moonsweep, finished, damaged):
    job, path = finished
    (first, *_) = flips.of_text(path, b"nothing but a remark", 0)
    copy = damaged(path, first)
    done = moonsweep("run", job, "-o", copy)
    assert "the text of its job is damaged where it cannot be mended; what it meant is this job\n" in done.stderr
    assert result_file.differences(copy, path) == []


@pytest.mark.parametrize("name", ["samples: 200", "job_hash"])
def test_a_job_that_cannot_be_believed_is_left_untouched(moonsweep, finished, damaged, tmp_path, name):
    job, path = finished
    with h5py.File(path) as file:
        text = file.attrs[name].encode() if name == "job_hash" else name.encode()
    (start, _), *_ = flips.of_text(path, text, 0)
    copy = damaged(path, (start + re.search(rb"\d", text).start(), 0))  # a digit becomes another
    before = copy.read_bytes()
    if name == "job_hash":
        refused = moonsweep("run", job, "-o", copy, status=65)
        assert "its job_hash is damaged where it cannot be mended" in refused.stderr
    else:
        other = job_file.write(tmp_path, name="other", n_h="[1]")
        refused = moonsweep("run", other, "-o", copy, status=65)
        assert "the job in it is damaged, and this one is not what it was" in refused.stderr
    assert copy.read_bytes() == before
