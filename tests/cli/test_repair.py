"""verify says what `run` would repair, and `run` repairs exactly that."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil

import h5py
import numpy as np
import pytest

from lib import checksums, damage, pages, result_file


@pytest.fixture(scope="module")
def undamaged(undisturbed):
    """A job and its result, in which two of four trajectories diverge."""
    job, output = undisturbed(
        samples=60,
        n_h="[1, 3]",
        activation="[relu]",
        learning_rate="[0.5, 1.0e7]",
        iterations="[20, 200]",
    )
    with h5py.File(output) as file:
        assert set(file["status"][...]) == {1, 2}
    return job, output


@pytest.fixture
def job(undamaged):
    return undamaged[0]


@pytest.fixture
def whole(undamaged):
    return undamaged[1]


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copy(whole, tmp_path / "out.h5")


def first(file, status):
    """The first configuration with a status, and its trajectory."""
    config = int(np.flatnonzero(file["status"][...] == status)[0])
    return config, int(file["config_trajectory"][config])


def values(name, place, value):
    """Damages a variable by writing values."""

    def apply(file, path):
        file[name][place] = value

    return apply


def all_of(*damages):
    def apply(file, path):
        for each in damages:
            each(file, path)

    return apply


def count_of_costs(status, change):
    def apply(file, path):
        _, trajectory = first(file, status)
        file["cost_count"][trajectory] = change(int(file["cost_count"][trajectory]))

    return apply


def a_cost(file, path):
    file["cost"][int(file["cost_start"][first(file, 1)[1]]) + 15] = -1.0


def an_unknown_status(file, path):
    file["status"][0] = 9
    damage.set_checksums(file, 0)


def a_bit_of_an_activation(file, path):
    place = result_file.place_of(file, "activation", 3)[0]
    file.close()
    damage.flip_bit(path, place, 2)


def a_bit(name, place=0):
    """Damages a variable by flipping one bit in the file."""

    def apply(file, path):
        where = result_file.place_of(file, name)[0] + place
        file.close()
        damage.flip_bit(path, where, 4)

    return apply


def structure(file, path):
    """Damages four texts in the structure, and the superblock."""
    texts = [file.attrs[name].encode() for name in ("job_hash", "job_checksum", "date_created", "command")]
    file.close()
    data = path.read_bytes()
    for place in [0, 40, *(data.index(text) + 3 for text in texts)]:
        damage.flip_bit(path, place, 1)


def flags(file, path):
    """Changes attributes that another program may overwrite in place."""
    file["status"].attrs.modify("flag_values", np.array([0, 1, 2, 3, 5], "u1"))
    file.attrs.modify("numerics", np.int32(0))


REPAIRED = {
    "tuple": values("n_h", 2, 7),
    "data": values("X_train", (5, 1), np.nan),
    "place of costs": values("cost_start", 1, 3),
    "place of a data set": values("dev_count", 0, -1),
    "scale": values("trajectory", 1, 0),
    "parameter": values("W1", (0, 0, 0), np.inf),
    "times": values("train_seconds", 1, np.nan),
    "checksum": values("checksum", 3, 0),
    "cost": a_cost,
    "taken back": values("status", 0, 0),
    "unknown status": an_unknown_status,
    "a cost less": count_of_costs(1, lambda count: count - 1),
    "no costs": count_of_costs(1, lambda count: 0),
    "costs beyond": count_of_costs(1, lambda count: 1 << 40),
    "costs below 0": count_of_costs(1, lambda count: -count),
    "a cost more than a diverged one has": count_of_costs(2, lambda count: count + 1),
    "a cost less than a diverged one has": count_of_costs(2, lambda count: count - 1),
    "activation": a_bit_of_an_activation,
    "activations": values("activation", slice(None), 77),
    "structure": structure,
    "flags": flags,
    "a run": a_bit("runs/started"),
    "the present run": a_bit("runs/current", 3),
    "a request to stop": a_bit("runs/stop", 7),
    "a lease": a_bit("leases/count"),
    "second copy": a_bit("integrity/pages", 1000),
    "several": all_of(values("n_h", 0, 7), values("W2", (4, 0), 0.0), values("y_dev", 0, 3), a_cost),
}


@pytest.mark.parametrize("apply", REPAIRED.values(), ids=REPAIRED.keys())
def test_a_run_repairs_what_verify_says_it_repairs(moonsweep, job, whole, copy, apply):
    with h5py.File(copy, "r+") as file:
        apply(file, copy)
    assert "; `moonsweep run` with its job file repairs this\n" in moonsweep("verify", copy, status=65).stderr
    moonsweep("run", job, "-o", copy, "-q")
    assert result_file.differences(copy, whole) == []
    assert ": sound: " in moonsweep("verify", copy).stdout


def forged(name, value):
    def apply(file, path):
        file[name][0] = value
        damage.set_checksums(file, 0)

    return apply


FORGED = {
    "accuracy": forged("train_accuracy", 12.5),
    "outcomes": forged("dev_outcomes", [4, 4, 4, 4]),
    "iterations": forged("iterations_done", 19),
    "infinite": forged("b2", np.inf),
}


@pytest.mark.parametrize("apply", FORGED.values(), ids=FORGED.keys())
def test_verify_says_that_a_run_does_not_repair_forged_values(moonsweep, job, whole, copy, apply):
    """A forged row with matching checksums is only found by training it again."""
    with h5py.File(copy, "r+") as file:
        apply(file, copy)
    assert ": sound: " in moonsweep("verify", copy).stdout
    found = moonsweep("verify", copy, "--retrain", "all", status=65)
    assert "; `moonsweep run` does not repair this; with --force it starts over\n" in found.stderr
    moonsweep("run", job, "-o", copy, "-q")
    assert moonsweep("verify", copy, "--retrain", "all", status=65).stdout == found.stdout
    moonsweep("run", job, "-o", copy, "-q", "--force")
    assert result_file.differences(copy, whole) == []
    moonsweep("verify", copy)


def text_of_job(path):
    damage.write_text(path, b"name: job", b"nome: job")


def text_and_checksum_of_job(path):
    """As if another version of the program, with other keys, had written the file."""
    with h5py.File(path) as file:
        text, checksum = file.attrs["job"], file.attrs["job_checksum"]
    damage.write_text(path, b"name: job", b"nome: job")
    of_text = checksums.of_text(text.replace("name: job", "nome: job"))
    damage.write_text(path, checksum.encode(), of_text.encode())


def hash_of_job(path):
    with h5py.File(path) as file:
        stored = file.attrs["job_hash"].encode()
    damage.write_text(path, stored, b"0123456789abcdef")


def numerics(path):
    with h5py.File(path, "r+") as file:
        file.attrs.modify("numerics", np.int32(0))


def both_copies(place):
    """Damages a page and its copy."""

    def apply(path):
        footer = pages.footers(path.read_bytes())[0]
        for where in (place, footer.start + place):
            damage.flip_bit(path, where, 0)

    return apply


# Forged values, for which the page checksums are set; and pages that are corrupt in both copies.
WITH_MATCHING_PAGES = {
    "job_hash": hash_of_job,
    "numerics": numerics,
    "job of another version": text_and_checksum_of_job,
}
BEYOND_REPAIR = {"superblock": both_copies(40), "head": both_copies(1000)}


@pytest.mark.parametrize("name", [*WITH_MATCHING_PAGES, *BEYOND_REPAIR])
def test_verify_says_that_a_run_cannot_resume_a_file_that_it_refuses(moonsweep, job, copy, name):
    with h5py.File(copy, "r+") as file:
        file["W1"][4, 0, 0] = 9.0
    {**WITH_MATCHING_PAGES, **BEYOND_REPAIR}[name](copy)
    if name in WITH_MATCHING_PAGES:
        damage.set_page_hashes(copy)
    before = copy.read_bytes()
    found = moonsweep("verify", copy, status=65)
    assert "; `moonsweep run` cannot resume the file; with --force it starts over\n" in found.stderr
    done = moonsweep("run", job, "-o", copy, "-q", status=None)
    assert done.returncode in (65, 78)
    assert copy.read_bytes() == before
    moonsweep("run", job, "-o", copy, "-q", "--force")
    moonsweep("verify", copy)


def test_a_job_text_that_does_not_match_its_checksum_is_found(moonsweep, job, copy):
    """A run still resumes the file, because job_hash, the hash of the meaning, matches the job."""
    text_of_job(copy)
    damage.set_page_hashes(copy)
    found = moonsweep("verify", copy, status=65)
    assert "attribute job " in found.stdout and "does not repair this" in found.stderr
    assert "nothing to do" in moonsweep("run", job, "-o", copy).stderr


def test_verify_says_how_many_of_the_values_a_run_repairs(moonsweep, job, copy):
    """One value is forged, and two are damaged."""
    with h5py.File(copy, "r+") as file:
        forged("b2", 0.25)(file, copy)
        file["n_h"][:2] = 8
    message = moonsweep("verify", copy, "--retrain", "all", status=65).stderr
    assert "3 values are wrong; `moonsweep run` with its job file repairs 2 of them" in message
    moonsweep("run", job, "-o", copy, "-q")
    message = moonsweep("verify", copy, "--retrain", "all", status=65).stderr
    assert "1 value is wrong; `moonsweep run` does not repair this" in message


@pytest.mark.parametrize("is_forged", [False, True])
@pytest.mark.parametrize("what", ["parameter", "cost"])
def test_training_again_tells_damaged_from_forged_values(moonsweep, job, copy, what, is_forged):
    """Forged values match their checksums, so a run does not repair them."""
    with h5py.File(copy, "r+") as file:
        config, trajectory = first(file, 1)
        if what == "parameter":
            file["W2"][config, 0] += 1
        else:
            file["cost"][int(file["cost_start"][trajectory]) + 3] += 1
        for each in range(config, config + 2) if is_forged else ():
            damage.set_checksums(file, each)
    message = moonsweep("verify", copy, "--retrain", "all", status=65).stderr
    assert ("does not repair this" in message) == is_forged
    assert ("with its job file repairs this" in message) != is_forged
    moonsweep("run", job, "-o", copy, "-q")
    moonsweep("verify", copy, "--retrain", "all", status=65 if is_forged else 0)
