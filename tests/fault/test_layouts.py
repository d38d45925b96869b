"""Files that were made so that their checksums match although they have another layout: a variable is where HDF5's
structure, a scale, other variables or nothing is, with or without a table of places that says so, or it is stored in
another way. `run`, `stop` and `verify` refuse them with 65 and change nothing."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import shutil

import h5py
import numpy as np
import pytest

from fault import flips
from lib import damage, pages, result_file

# Variables that runs write, of every group, and the two that are written to stop and to identify a run.
VARIABLES = ["status", "runs/stop", "runs/current", "W1", "cost", "leases/run", "checkpoint/iteration"]

ROOM = 400_000  # bytes for integrity/pages in a file that is made again


@pytest.fixture(scope="module")
def unfinished(undisturbed):
    """A job, and a result whose rows are all pending: a run would write it."""
    job, path = undisturbed(samples=60, n_h="[1, 2]", activation="[tanh, relu]", iterations="[20, 40, 60]")
    with h5py.File(path) as file:
        start, _ = result_file.place_of(file, "status")
        count = len(file["status"])
    damage.write_bytes(path, start, bytes(count))
    return job, path


# Why such a file is refused, in the words of the messages.
REASONS = [
    "is not where the file was created with it; file not changed", "overlap: the file is corrupt",
    "a part of its structure is where a variable is, or is corrupt although", "lies outside the file",
    "is not contiguous", "cannot be opened",
]  # fmt: skip


def refuse(moonsweep, job, path):
    """Runs the commands that write or verify, which must end with 65, a reason, and the file unchanged. Returns their
    messages."""
    before, messages = path.read_bytes(), []
    for words in [["run", job, "-o", path], ["stop", path], ["verify", path]]:
        done = moonsweep(*words, status=65)
        assert done.stderr.startswith("moonsweep: ") and done.stderr.count("\n") == 1, done.stderr
        assert any(reason in done.stderr for reason in REASONS), done.stderr
        assert path.read_bytes() == before, words
        messages.append(done.stderr)
    return messages


# ---- another address ---------------------------------------------------------------------------------------------


def header_of(path, name):
    """The place of the header of a variable in the structure."""
    with h5py.File(path) as file:
        return h5py.h5o.get_info(file[name].id).addr


def texts_of(path):
    """The places of the heaps that contain the texts of attributes."""
    data = path.read_bytes()[: pages.footers(path.read_bytes())[0].start]
    return [at for at in range(0, len(data), 8) if data[at : at + 4] == b"GCOL"]


# Where a variable is put: (path, its name) -> address.
PLACES = {
    "superblock": lambda path, name: 0,
    "root group": lambda path, name: 96,
    "own header": header_of,
    "header of another variable": lambda path, name: header_of(path, "n_h"),
    "header of a group": lambda path, name: header_of(path, "runs"),
    "first texts": lambda path, name: texts_of(path)[0],
    "last texts": lambda path, name: texts_of(path)[-1],
    "scale": lambda path, name: pages.stored(path)["config"][0],
    "data": lambda path, name: pages.stored(path)["X_train"][0],
    "checksums of rows": lambda path, name: pages.stored(path)["checksum"][0] + 8,
    "pages": lambda path, name: pages.stored(path)["integrity/pages"][0],
    "footers": lambda path, name: path.stat().st_size - 128,
    "across the end": lambda path, name: path.stat().st_size - 4,
    "beyond the end": lambda path, name: path.stat().st_size + 4096,
    "far beyond": lambda path, name: 2**63 - 8,
    "nowhere": lambda path, name: 2**64 - 1,
}


def move(path, name, place, is_listed):
    """Moves a variable, with checksums that match. is_listed: the table of places says so, and lists nothing else that
    is there, as if the file had been created with this layout."""
    start, count = pages.stored(path)[name]
    data = path.read_bytes()
    _, places = pages.table(data, pages.footers(data)[0])
    damage.write_bytes(path, flips.addresses(path)[name], place.to_bytes(8, "little"))
    if is_listed:
        assert place + count <= pages.footers(data)[0].start
        (old,) = (other for other in places if other.start == start)
        free = [other for other in places if other.start + other.bytes <= place or place + count <= other.start]
        places = [other for other in free if other != old] + [old._replace(start=place)]
    damage.set_page_hashes(path, places)


def cases(path, amount):
    """(variable, address, is_listed) of all, or of one variable for each place. Addresses near the end or beyond it
    cannot be listed."""
    listed_end = pages.footers(path.read_bytes())[0].start - 100_000
    every = [(name, place) for place in PLACES for name in VARIABLES]
    some = [(VARIABLES[i % len(VARIABLES)], place) for i, place in enumerate(PLACES)]
    for name, place in amount(some, every):
        address = PLACES[place](path, name)
        yield name, address, False
        if address < listed_end:
            yield name, address, True


def test_a_variable_at_another_place_is_not_written(moonsweep, unfinished, tmp_path, amount):
    job, path = unfinished
    for name, address, is_listed in cases(path, amount):
        copy = shutil.copy(path, tmp_path / "out.h5")
        move(copy, name, address, is_listed)
        refuse(moonsweep, job, copy)


def test_any_address_with_checksums_that_match_is_not_written(moonsweep, unfinished, tmp_path, amount):
    """Every bit of every address that a run would write to, with checksums of the file that it makes."""
    job, path = unfinished
    places = flips.addresses(path)
    every = [(name, bit) for name in places if pages.is_written(name) for bit in range(64)]
    for name, bit in random.Random(4).sample(every, amount(3, len(every))):
        copy = shutil.copy(path, tmp_path / "out.h5")
        move(copy, name, pages.stored(path)[name][0] ^ 1 << bit, False)
        refuse(moonsweep, job, copy)


@pytest.mark.parametrize("name", ["cost", "status", "runs/current"])
def test_overlapping_variables_are_refused_without_page_checksums(moonsweep, unfinished, tmp_path, name):
    """As in a file that another program has rewritten, only HDF5's structure says where a variable is."""
    path = shutil.copy(unfinished[1], tmp_path / "out.h5")
    move(path, name, pages.stored(path)["W1"][0] + 8, False)
    whole = path.read_bytes()
    damage.write_bytes(path, len(whole) - 128, bytes(128))  # both footers
    before = path.read_bytes()
    for command in ("verify", "show", "status"):
        done = moonsweep(command, path, status=65)
        assert "overlap: the file is corrupt" in done.stderr and "W1" in done.stderr
        assert path.read_bytes() == before


@pytest.mark.parametrize("is_listed", [False, True])
def test_what_is_corrupt_in_a_file_with_another_layout_is_not_repaired(moonsweep, unfinished, tmp_path, is_listed):
    """A run does not write before the structure, as it will be when it is repaired, is known to be what was created."""
    job, path = unfinished
    copy = shutil.copy(path, tmp_path / "out.h5")
    move(copy, "status", PLACES["root group"](path, "status"), is_listed)
    for name in ["n_h", "X_train"]:
        damage.flip_bit(copy, pages.stored(path)[name][0], 0)
    damage.flip_bit(copy, header_of(path, "n_h"), 3)
    before = copy.read_bytes()
    refused = moonsweep("run", job, "-o", copy, status=65).stderr
    assert any(reason in refused for reason in REASONS)
    assert copy.read_bytes() == before


# ---- another kind of storage ------------------------------------------------------------------------------------


def make_again(path, change):
    """Changes the structure of a result with HDF5, and makes integrity/pages again as the last dataset of the file."""
    data, before = path.read_bytes(), pages.stored(path)
    listed = {place.start: place for place in pages.table(data, pages.footers(data)[0])[1]}
    ids = {name: listed[start].id for name, (start, _) in before.items() if start in listed}
    with h5py.File(path, "r+") as file:
        change(file)
        del file["integrity/pages"]
        creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        creation.set_layout(h5py.h5d.CONTIGUOUS)
        creation.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
        space = h5py.h5s.create_simple((ROOM,))
        made = h5py.h5d.create(file["integrity"].id, b"pages", h5py.h5t.STD_U8LE, space, creation)
        file.flush()
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros(ROOM, "u1"))
    now = pages.stored(path)
    start, count = now["integrity/pages"]
    assert start + count == path.stat().st_size
    footer = pages.FOOTER.pack(b"ms pages", 1, 0, start, count, 0, 0, 0, 0)
    damage.write_bytes(path, start + count - 128, 2 * footer)
    damage.set_page_hashes(path, [pages.Place(*now.get(name, before[name]), number) for name, number in ids.items()])


def replace(**options):
    """Returns a change that stores a variable in another way."""

    def change(file, name):
        old = file[name]
        data, shape, dtype = old[()], old.shape, h5py.Datatype(old.id.get_type())
        del file[name]
        new = file.create_dataset(name, shape, dtype, **options)
        if "external" not in options:
            new[...] = data

    return change


def compact(file, name):
    old = file[name]
    data, creation = np.asarray(old[()]), h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_layout(h5py.h5d.COMPACT)
    type, space = old.id.get_type(), old.id.get_space()
    del file[name]
    h5py.h5d.create(file.id, name.encode(), type, space, creation).write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def link(target):
    def change(file, name):
        del file[name]
        file[name] = file[target]

    return change


STORAGE = {
    "chunked": ("W1", replace(chunks=True)),
    "compressed": ("status", replace(chunks=True, compression="gzip")),
    "compact": ("status", compact),
    "compact-run": ("runs/stop", compact),
    "external": ("cost", replace(external=[("/dev/null", 0, h5py.h5f.UNLIMITED)])),
    "same-as-another": ("run", link("rank")),
    "missing": ("b1", lambda file, name: file.pop(name)),
}


@pytest.mark.parametrize("kind", STORAGE)
def test_a_variable_that_is_stored_in_another_way_is_not_written(moonsweep, unfinished, tmp_path, kind):
    job, path = unfinished
    name, change = STORAGE[kind]
    copy = shutil.copy(path, tmp_path / "out.h5")
    make_again(copy, lambda file: change(file, name))
    for message in refuse(moonsweep, job, copy):
        assert f"the variable {name} " in message or "overlap: the file is corrupt" in message


def test_a_file_that_was_made_again_with_its_layout_is_written(moonsweep, unfinished, tmp_path):
    """It is not refused for anything else than the layout."""
    job, path = unfinished
    copy = shutil.copy(path, tmp_path / "out.h5")
    make_again(copy, lambda file: None)
    moonsweep("run", job, "-o", copy)
    assert ": sound: " in moonsweep("verify", copy).stdout
    with h5py.File(copy) as file:
        assert all(file["status"][...])
