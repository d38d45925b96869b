"""Files that are no whole results: truncated, overwritten in part, of another kind. Every command says so with status
65 and leaves every byte as it was."""

import random

import h5py
import numpy as np
import pytest

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
    """A job and its finished result, as bytes."""
    job, output = undisturbed(n_h="[1, 3]", iterations="[20, 200]")
    return job, output.read_bytes()


def truncated_lengths(size, how_many):
    """Lengths at which a file of so many bytes is cut off: nothing, a header, all but a byte, and in between."""
    chance = random.Random(0)
    return [0, 1, 7, 8, 95, 96, 511, 4096, size // 2, size - 1, *(chance.randrange(size) for _ in range(how_many))]


def refuse(refused, job, path, command):
    before, folder = path.read_bytes(), sorted(path.parent.iterdir())
    words = [word.format(job=job, file=path) for word in COMMANDS[command]]
    refused(65, *words, words=[path])
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_truncated_result_is_refused_and_left_as_it_is(refused, result, tmp_path, command, amount):
    job, whole = result
    path = tmp_path / "out.h5"
    lengths = truncated_lengths(len(whole), amount(0, 40))
    # MPI starts with each run.
    for length in lengths[:: amount(3, 1) if "run" in command else 1]:
        path.write_bytes(whole[:length])
        refuse(refused, job, path, command)


def of_another_program(path):
    with h5py.File(path, "w") as file:
        file["status"] = np.zeros(10, "u1")
        file.attrs["job"] = "mine"


def of_a_later_format(path):
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = np.int32(2)


def without_a_variable(path):
    with h5py.File(path, "r+") as file:
        del file["W2"]


def without_its_head(path):
    whole = path.read_bytes()
    path.write_bytes(bytes(4096) + whole[4096:])


FOREIGN = {
    "text": lambda path: path.write_text("n_h,accuracy\n1,95\n"),
    "another-program": of_another_program,
    "later-format": of_a_later_format,
    "variable-missing": without_a_variable,
    "head-lost": without_its_head,
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_is_none_of_ours_is_refused_and_left_as_it_is(refused, result, tmp_path, kind, command):
    job, whole = result
    path = tmp_path / "out.h5"
    path.write_bytes(whole)
    FOREIGN[kind](path)
    refuse(refused, job, path, command)
