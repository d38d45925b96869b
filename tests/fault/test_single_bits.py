"""Any single bit of a finished result outside the rows: neither `run` nor `stop` writes before it is known that the
structure is what was created, `verify` names the bit, and `run` repairs it from the second copy. If the copy is corrupt
as well, the file is refused and stays as it is. Most tests use flip_bits.c, which does this in one process."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import re
import shutil

import pytest

from fault import flips
from lib import damage, job_file, pages, processes

# malloc returns memory of this size to the system only at the end, which makes flip_bits three times as fast.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 25), "MALLOC_TRIM_THRESHOLD_": str(1 << 27)}

PARTS = 16  # of the test of all bits


@pytest.fixture(scope="module")
def small(undisturbed):
    """A job of 12 configurations and 60 samples, and its finished result."""
    return undisturbed(samples=60, n_h="[1, 2]", activation="[tanh, relu]", iterations="[20, 40, 60]")


@pytest.fixture(scope="module")
def large(moonsweep, tmp_path_factory):
    """A result with rows of 2000 units and 100,000 samples, of which nothing is trained."""
    folder = tmp_path_factory.mktemp("large")
    job = job_file.write(folder, samples=100000, n_h="[1, 2000]", seed=list(range(50)), iterations="[100, 200000]")
    moonsweep("run", job, "-o", folder / "out.h5", "-q", "--time-limit", "0.001", status=75)
    return folder / "out.h5"


@pytest.fixture
def flip_bits(build, tmp_path):
    """Runs flip_bits on a copy of a result, with (offset, bit, offset of the copy or 0, place as verify names it). One
    of `every` bits is really repaired."""

    def run(path, bits, every):
        copy = shutil.copy(path, tmp_path / "out.h5")
        lines = "".join(f"{offset} {bit} {second} {place}\n" for offset, bit, second, place in bits)
        done = processes.run(build / "tests" / "fault" / "flip_bits", copy, every, input=lines, env=KEEP_MEMORY)
        assert int(done.stdout) == lines.count("\n") > 0

    return run


def of_addresses(path):
    """(offset, bit) of every bit of every address."""
    return [(place + bit // 8, bit % 8) for place in flips.addresses(path).values() for bit in range(64)]


def test_every_bit_of_every_address_is_named_and_repaired(flip_bits, small, amount):
    bits = of_addresses(small[1])
    assert len(bits) > 5000
    flip_bits(small[1], [(offset, bit, 0, f"structure, byte {offset}") for offset, bit in bits], amount(40, 1))


def test_a_file_with_a_corrupt_address_and_a_corrupt_copy_of_it_is_not_written(flip_bits, small, amount):
    path = small[1]
    start = pages.footers(path.read_bytes())[0].start
    chosen = of_addresses(path)[:: amount(61, 1)]
    copies = {offset: start + pages.place_in_copy(path, offset) for offset, _ in chosen}
    flip_bits(path, [(offset, bit, copies[offset], "structure") for offset, bit in chosen], 1)


def test_bits_of_the_addresses_of_a_large_result_are_named_and_repaired(flip_bits, large, amount):
    chosen = random.Random(1).sample(of_addresses(large), amount(40, 2000))
    flip_bits(large, [(offset, bit, 0, f"structure, byte {offset}") for offset, bit in chosen], 1)


def test_bits_anywhere_outside_the_rows_are_named_and_repaired(flip_bits, small, amount):
    permanent = flips.Permanent(small[1])
    chance = random.Random(2)
    chosen = chance.sample(list(permanent.offsets()), amount(250, 20000))
    flip_bits(small[1], [(offset, chance.randrange(8), 0, permanent.name(offset)) for offset in chosen], 4)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_bit_outside_the_rows_is_named_and_repaired(flip_bits, small, part):
    permanent = flips.Permanent(small[1])
    names = [(offset, permanent.name(offset)) for offset in list(permanent.offsets())[part::PARTS]]
    flip_bits(small[1], [(offset, bit, 0, name) for offset, name in names for bit in range(8)], 13)


def moved(path):
    """(offset, bit) of the bits of addresses that move something to where nothing else is, but within the file: HDF5
    itself finds nothing wrong with these."""
    size, places, addresses = path.stat().st_size, pages.stored(path), flips.addresses(path)
    found = []
    for name, (start, count) in places.items():
        others = [place for other, place in places.items() if other != name]
        for bit in range(64):
            place = start ^ 1 << bit
            if place + count <= size and all(place + count <= at or at + bytes <= place for at, bytes in others):
                found.append((addresses[name] + bit // 8, bit % 8))
    return found


def test_the_commands_repair_what_an_address_has_moved(moonsweep, small, tmp_path, amount):
    job, path = small
    chosen = moved(path)
    assert len(chosen) > 300
    for offset, bit in random.Random(3).sample(chosen, amount(4, len(chosen))):
        copy = shutil.copy(path, tmp_path / "out.h5")
        damage.flip_bit(copy, offset, bit)
        before = copy.read_bytes()
        assert f"structure, byte {offset}  " in moonsweep("verify", copy, status=65).stdout
        assert "is corrupt (structure); file not changed" in moonsweep("stop", copy, status=65).stderr
        assert copy.read_bytes() == before
        assert re.search(r": 1 corrupt byte was repaired: structure\n", moonsweep("run", job, "-o", copy).stderr)
        assert copy.read_bytes() == path.read_bytes()
        assert ": sound: " in moonsweep("verify", copy).stdout
