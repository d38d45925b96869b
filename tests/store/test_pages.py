"""integrity/pages, compared with what Python computes from the bytes of the file and the places of its variables."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil

import h5py
import numpy as np
import pytest
import xxhash

from lib import checksums, damage, job_file, pages, processes


@pytest.fixture(scope="module")
def data(finished):
    return finished.read_bytes()


@pytest.fixture(scope="module")
def footer(data):
    return pages.footers(data)[0]


def places_by_h5py(path):
    """{name: (start, bytes)} of everything that a table lists: all variables and scales except the pages themselves."""
    found = pages.stored(path)
    del found["integrity/pages"]
    return found


def test_the_dataset_is_the_last_in_the_file(finished, data, footer):
    start, count = pages.stored(finished)["integrity/pages"]
    assert (footer.start, footer.bytes) == (start, count)
    assert start + count == len(data)
    with h5py.File(finished) as file:
        assert file["integrity/pages"].dtype == np.uint8
        assert file["integrity/pages"][-64:].tobytes() == data[-64:]


def test_both_footers_are_equal_and_match_their_hash(data, footer):
    assert data[-128:-64] == data[-64:]
    assert (footer.magic, footer.format_version) == (b"ms pages", 1)
    assert footer.hash == xxhash.xxh3_64_intdigest(data[-64:-8])


def test_both_tables_are_equal_and_the_rest_is_zero(data, footer):
    at, width = footer.tables
    assert data[at : at + width] == data[at + width : at + 2 * width]
    assert footer.table_hash == xxhash.xxh3_64_intdigest(data[at : at + width])
    assert not any(data[at + 2 * width : -128])


def test_the_places_are_those_of_the_variables(finished, data, footer):
    _, places = pages.table(data, footer)
    found = places_by_h5py(finished)
    assert [(place.start, place.bytes) for place in places] == sorted(found.values())
    # The ids follow the schema, whose order the checksums of rows also use. Scales come after the variables.
    names = {place: name for name, place in found.items()}
    by_id = [names[place.start, place.bytes] for place in sorted(places, key=lambda place: place.id)]
    assert len({place.id for place in places}) == len(places)
    assert [name for name in by_id if name in checksums.COVERED] == checksums.COVERED
    slots = [f"checkpoint/{name}" for name in checksums.SLOT]
    assert [name for name in by_id if name in slots] == slots
    assert by_id[-9:] == [
        "config", "trajectory", "dataset", "unit", "feature", "outcome", "runs/run", "leases/lease", "checkpoint/slot",
    ]  # fmt: skip


def test_every_byte_that_never_changes_has_its_hash_and_its_copy(finished, data, footer):
    hashes, _ = pages.table(data, footer)
    written = [place for name, place in places_by_h5py(finished).items() if pages.is_written(name)]
    pieces = pages.pieces(written, footer.start)
    assert [xxhash.xxh3_64_intdigest(data[start:end]) for start, end in pieces] == hashes
    final = b"".join(data[start:end] for start, end in pieces)
    assert len(hashes) == footer.pieces and len(final) == footer.final
    assert data[footer.start : footer.start + footer.final] == final
    assert footer.final + sum(count for _, count in written) == footer.start


def test_no_run_changes_the_pages(moonsweep, start, tmp_path):
    """The pages dataset of a new file has the same bytes as after training."""
    job, out = job_file.write(tmp_path, samples=2000, n_h="[20]", iterations="[10, 300000]"), tmp_path / "out.h5"
    sweep = start("run", job, "-o", out, "-q")
    while not out.exists():
        assert sweep.poll() is None
    created = out.read_bytes()
    processes.stop(sweep)
    moonsweep("run", job, "-o", out, "--time-limit", "1", "-q", status=75)
    place = pages.footers(created)[0].start
    assert out.read_bytes()[place:] == created[place:]
    assert out.read_bytes() != created


# Where a bit is flipped, and how `verify` reports it. Everything exists twice, including footers and tables.
PLACES = {
    "superblock": (lambda footer: 40, "structure, byte 40"),
    "copy": (lambda footer: footer.start + 100, "integrity/pages, byte 100"),
    "hashes": (lambda footer: footer.tables[0], "integrity/pages, byte "),
    "second table": (lambda footer: sum(footer.tables) + 9, "integrity/pages, byte "),
    "zeros": (lambda footer: footer.tables[0] + 2 * footer.tables[1] + 5, "integrity/pages, byte "),
    "first footer": (lambda footer: footer.start + footer.bytes - 128, "integrity/pages, byte "),
    "last footer": (lambda footer: footer.start + footer.bytes - 1, "integrity/pages, byte "),
}


@pytest.fixture(scope="module")
def whole(undisturbed):
    """A job and its finished result."""
    return undisturbed()


@pytest.mark.parametrize("place", PLACES)
def test_a_flipped_bit_is_reported_and_repaired(moonsweep, whole, tmp_path, place):
    job, result = whole
    copy = shutil.copy(result, tmp_path / "out.h5")
    where, name = PLACES[place]
    damage.flip_bit(copy, where(pages.footers(result.read_bytes())[0]), 3)
    verified = moonsweep("verify", copy, status=65)
    assert name in verified.stdout
    assert "1 value is wrong; `moonsweep run` with its job file repairs this" in verified.stderr
    run = moonsweep("run", job, "-o", copy)
    assert "1 corrupt byte was repaired: " in run.stderr
    assert copy.read_bytes() == result.read_bytes()


def test_a_page_that_is_damaged_in_both_copies_is_refused_and_not_changed(moonsweep, refused, whole, tmp_path):
    job, result = whole
    copy = shutil.copy(result, tmp_path / "out.h5")
    damage.flip_bit(copy, 40, 3)
    damage.flip_bit(copy, pages.footers(result.read_bytes())[0].start + 100, 3)
    before = copy.read_bytes()
    refused(65, "run", job, "-o", copy, words=["corrupt beyond repair", "file not changed"])
    verified = moonsweep("verify", copy, status=65)
    assert "unknown" in verified.stdout
    assert "cannot resume the file" in verified.stderr
    assert copy.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 64, 128, 5000])
def test_a_truncated_file_is_refused_and_not_changed(refused, whole, tmp_path, cut):
    job, result = whole
    copy = tmp_path / "out.h5"
    copy.write_bytes(result.read_bytes()[:-cut])
    before = copy.read_bytes()
    refused(65, "run", job, "-o", copy, words=[copy, "truncated"])
    assert copy.read_bytes() == before
