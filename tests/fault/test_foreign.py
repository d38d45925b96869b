"""Files that are not sound results: truncated, partly overwritten, or of another kind. Every command refuses them with
status 65 and does not change them. A run repairs what it can from the second copy."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import re

import h5py
import numpy as np
import pytest

from lib import damage, pages, result_file

COMMANDS = {
    "run": ["run", "{job}", "-o", "{file}"],
    "run --force": ["run", "{job}", "-o", "{file}", "--force"],
    "verify": ["verify", "{file}"],
    "show": ["show", "{file}"],
    "status": ["status", "{file}"],
    "stop": ["stop", "{file}"],
    "predict": ["predict", "{file}", "-c", "0", "--moons", "5,0,0"],
}


@pytest.fixture(scope="module")
def result(undisturbed):
    """A job, and the bytes of its finished result."""
    job, output = undisturbed(n_h="[1, 3]", iterations="[20, 200]")
    return job, output.read_bytes()


def truncated_lengths(size, how_many):
    """Lengths to truncate a file of `size` bytes to: from 0 to all but one byte."""
    chance = random.Random(0)
    return [0, 1, 7, 8, 95, 96, 511, 4096, size // 2, size - 1, *(chance.randrange(size) for _ in range(how_many))]


def refuse(refused, job, path, command):
    before, folder = path.read_bytes(), sorted(path.parent.iterdir())
    words = [word.format(job=job, file=path) for word in COMMANDS[command]]
    message = refused(65, *words, words=[path])
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == folder
    return message


@pytest.mark.parametrize("command", COMMANDS)
def test_a_truncated_result_is_refused_and_not_changed(refused, result, tmp_path, command, amount):
    job, whole = result
    path = tmp_path / "out.h5"
    lengths = truncated_lengths(len(whole), amount(0, 40))
    # `run` starts MPI each time, so it gets fewer lengths.
    for length in lengths[:: amount(3, 1) if "run" in command else 1]:
        path.write_bytes(whole[:length])
        refuse(refused, job, path, command)


def of_another_program(path):
    with h5py.File(path, "w") as file:
        file["status"] = np.zeros(10, "u1")
        file.attrs["job"] = "mine"


def of_a_later_format(path):
    with h5py.File(path, "r+") as file:
        file.attrs.modify("format_version", np.int32(2))
    damage.set_page_hashes(path, format_version=2)


def without_a_variable(path):
    """The page checksums match, as if the file had been created without the variable."""
    remove_a_variable(path)
    damage.set_page_hashes(path)


FOREIGN = {
    "text": lambda path: path.write_text("n_h,accuracy\n1,95\n"),
    "another-program": of_another_program,
    "later-format": of_a_later_format,
    "variable-missing": without_a_variable,
}
# The message of every command about a file of a later format.
LATER = "has format version 2; this program reads and writes version 1"


# `run --force` may replace a file without a variable, because it recognises it as a result by the page checksums.
REFUSALS = [
    (kind, command)
    for kind in FOREIGN
    for command in COMMANDS
    if (kind, command) != ("variable-missing", "run --force")
]


@pytest.mark.parametrize("kind, command", REFUSALS)
def test_a_file_that_is_not_a_result_is_refused_and_not_changed(refused, result, tmp_path, kind, command):
    job, whole = result
    path = tmp_path / "out.h5"
    path.write_bytes(whole)
    FOREIGN[kind](path)
    message = refuse(refused, job, path, command)
    assert kind != "later-format" or LATER in message


def remove_a_variable(path):
    with h5py.File(path, "r+") as file:
        del file["W2"]


def lose_the_head(path):
    damage.write_bytes(path, 0, bytes(4096))


def lose_the_copy(path):
    footer = pages.footers(path.read_bytes())[0]
    damage.write_bytes(path, footer.start, bytes(footer.final))


def lose_the_data(path):
    with h5py.File(path) as file:
        place, _ = result_file.place_of(file, "X_train")
    damage.write_bytes(path, place, b"\xff" * 2000)


LOST = {"variable": remove_a_variable, "head": lose_the_head, "copy": lose_the_copy, "data": lose_the_data}


@pytest.mark.parametrize("what", LOST)
def test_lost_parts_of_a_result_are_repaired_from_the_second_copy(moonsweep, result, tmp_path, what):
    job, whole = result
    path = tmp_path / "out.h5"
    path.write_bytes(whole)
    LOST[what](path)
    lost = path.read_bytes()
    assert lost != whole and len(lost) == len(whole)
    assert "`moonsweep run` with its job file repairs this" in moonsweep("verify", path, status=65).stderr
    assert "file not changed" in moonsweep("stop", path, status=65).stderr
    assert path.read_bytes() == lost
    assert re.search(r"\d+ corrupt bytes were repaired: ", moonsweep("run", job, "-o", path).stderr)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("what", LOST)
def test_a_damaged_result_may_be_replaced(moonsweep, result, tmp_path, what):
    job, whole = result
    path = tmp_path / "out.h5"
    path.write_bytes(whole)
    LOST[what](path)
    moonsweep("run", job, "-o", path, "--force")
    assert ": sound: " in moonsweep("verify", path).stdout
