"""Users' HDF5 files of which some bytes were changed: each is read, or refused with one sentence, and HDF5 neither
crashes the program nor keeps it busy."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

import pytest

from lib.own_data import write_job

SEEDS = ["good-numbers.h5", "good-compressed.h5", "good-fixed-texts.h5"]
MESSAGE_STATUSES = {65, 71, 74}


def changed(data, source):
    """Replaces one to four bytes, mostly in the structure, by values that often break something."""
    data = bytearray(data)
    for _ in range(source.randint(1, 4)):
        place = source.randrange(len(data))
        data[place] = source.choice([0, 1, 0x7F, 0x80, 0xFF, data[place] ^ 1 << source.randrange(8)])
    return bytes(data)


@pytest.mark.parametrize("name", SEEDS)
def test_changed_bytes_are_read_or_refused(moonsweep, source, tmp_path, name, amount):
    original = (source / "tests" / "fuzz" / "corpus" / "arrays" / name).read_bytes()
    job = write_job(tmp_path, "file: points.h5, dev_file: points.h5")
    source_of_changes = random.Random(name)
    for _ in range(amount(60, 3000)):
        (tmp_path / "points.h5").write_bytes(changed(original, source_of_changes))
        done = moonsweep("data", job, "-o", "-", status=None)
        assert done.returncode in {0, *MESSAGE_STATUSES}, done.stderr
        if done.returncode != 0:
            assert done.stderr.startswith("moonsweep: ") and done.stderr.count("\n") == 1, done.stderr
