"""Files that were made to cost far more than their size: readers refuse them or read them, with little processor time
and memory."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import resource
import shutil
import struct

import h5py
import numpy as np
import pytest
import xxhash

from lib import damage, job_file
from lib.own_data import write_job

MEMORY = 1 << 30  # bytes of address space: MPI's libraries take half of it
SECONDS = 20  # of processor time; a sound file of this size takes a fiftieth

READERS = ["show", "status", "verify"]


@pytest.fixture
def bounded(moonsweep, processor_seconds):
    """Runs the program with limits of memory and processor time."""

    def run(*arguments, status=0):
        before = processor_seconds()
        done = moonsweep(
            *arguments, status=status, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        )
        assert processor_seconds() - before < SECONDS
        return done

    return run


@pytest.fixture
def circular(tmp_path):
    """A file whose root group has a heap with a list of free blocks that never ends: HDF5 1.10 reads all of it into
    memory."""
    path = tmp_path / "circular.h5"
    with h5py.File(path, "w", libver="earliest") as file:
        for name, value in {"format_version": 1, "numerics": 5}.items():
            file.attrs.create(name, value, dtype=np.int32)
        for name, value in {"precision": "float64", "job_hash": "0" * 16}.items():
            file.attrs[name] = value
        file["n_h"] = np.zeros(4, np.int32)
    data = path.read_bytes()
    heap = data.index(b"HEAP")
    _, free, address = struct.unpack_from("<QQQ", data, heap + 8)
    damage.write_bytes(path, address + free, struct.pack("<Q", free))
    return path


@pytest.mark.parametrize("command", READERS)
def test_a_structure_without_an_end_is_corrupt(bounded, circular, command):
    done = bounded(command, circular, status=65)
    assert done.stderr == (
        f"moonsweep: {circular}: its structure is corrupt: HDF5 requests more memory to read it than any result needs\n"
    )


@pytest.mark.parametrize("command", READERS)
def test_many_links_to_the_root_group_are_read(bounded, sweep, tmp_path, command):
    path = shutil.copy(sweep, tmp_path / "links.h5")
    with h5py.File(path, "r+") as file:
        for i in range(300):
            file[f"link{i}"] = file["/"]
    assert bounded(command, path).stdout.replace(str(path), "") != ""


def test_a_file_of_samples_that_is_one_name_is_refused_at_once(bounded, tmp_path):
    """Its bytes are neither copied nor examined several times."""
    (tmp_path / "points.csv").touch()
    os.truncate(tmp_path / "points.csv", 256 << 20)
    job = write_job(tmp_path)
    refused = bounded("data", job, "-o", "-", status=65)
    assert "points.csv:1: the name of column 1, " in refused.stderr and "has 268435456 bytes" in refused.stderr


def test_a_job_that_is_a_result_is_named_as_such_whatever_its_size(refused, sweep, tmp_path):
    path = shutil.copy(sweep, tmp_path / "out.h5")
    for size in [1000, 1 << 21]:
        os.truncate(path, size)
        refused(65, "plan", path, words=["out.h5: the file is an HDF5 file, as results are; it must be plain text"])


def test_a_stored_job_is_no_longer_than_a_job_file_may_be(bounded, sweep, tmp_path):
    path = shutil.copy(sweep, tmp_path / "out.h5")
    text = "name: [" + "0," * (10 << 20) + "0]\n"
    with h5py.File(path, "r+") as file:
        file.attrs["job"] = text
        file.attrs["job_checksum"] = f"{xxhash.xxh3_64_intdigest(text):016x}"
    assert "\nattribute job  " in bounded("verify", path, status=65).stdout
    refused = bounded("verify", path, "--retrain", 1, status=65)
    assert f"the text of the job has {len(text)} bytes; it may have at most 1048576" in refused.stderr


def test_many_configurations_in_descending_order_are_verified(moonsweep, bounded, tmp_path):
    count = 120_000
    job = job_file.write(tmp_path, samples=60, iterations=[*range(count, 0, -1)])
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, "--time-limit", 0.001, status=75)
    assert f"{count} are pending" in bounded("verify", output).stdout
    assert f"configurations {count}\n" in bounded("plan", job).stdout


def test_many_corrupt_bytes_are_restored_while_they_are_read(moonsweep, bounded, tmp_path):
    """Every other byte of the samples is wrong, so that there are as many places to restore."""
    job = job_file.write(tmp_path, samples=100_000, iterations="[1]")
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        start, size = file["X_train"].id.get_offset(), file["X_train"].id.get_storage_size()
    with open(output, "r+b") as file:
        file.seek(start)
        data = np.frombuffer(file.read(size), np.uint8).copy()
        data[::2] ^= 1
        file.seek(start)
        file.write(data.tobytes())
    assert "damaged: " in bounded("verify", output, status=65).stderr
