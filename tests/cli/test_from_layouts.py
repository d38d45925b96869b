"""run --from with an older result that another program has chunked, compressed or otherwise laid out anew: it serves as
the original does, and a file that is not what it claims to be is refused before anything is created."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil
import subprocess

import h5py
import numpy as np
import pytest
import xarray

from lib import damage, processes, result_file
from lib.folder import names
from lib.run_messages import trained_iterations


def rebuild(source, target, **creation):
    """Writes every variable of a result to a new file, as h5py does by default. creation: options for those of at least
    one dimension."""
    with h5py.File(source) as file, h5py.File(target, "w") as made:

        def add(name, item):
            if isinstance(item, h5py.Dataset):
                made.create_dataset(name, data=item[()], dtype=item.dtype, **(creation if item.ndim > 0 else {}))

        file.visititems(add)
        for name, value in file.attrs.items():
            made.attrs[name] = value


def by_command(*words):
    return lambda source, target: subprocess.run([*words, source, target], check=True)


def by_h5py(**creation):
    return lambda source, target: rebuild(source, target, **creation)


def by_xarray(engine):
    def write(source, target):
        with xarray.open_dataset(source, decode_cf=False, engine=engine) as data:
            data.to_netcdf(target, engine=engine)

    return write


REWRITE = {
    "h5repack-gzip": by_command("h5repack", "-f", "GZIP=4"),
    "h5repack-shuffle": by_command("h5repack", "-f", "SHUF"),
    "h5repack-checksums": by_command("h5repack", "-f", "FLET"),
    "h5repack-chunks": by_command("h5repack", "-l", "cost,W1,W2,X_train,status:CHUNK=7"),
    "h5repack-compact": by_command("h5repack", "-l", "dev_accuracy,status,b2:COMPA"),
    "nccopy": by_command("nccopy", "-d", "4", "-s"),
    "h5py-plain": by_h5py(),
    "h5py-chunks": by_h5py(chunks=True),
    "h5py-unlimited": by_h5py(chunks=True, compression="gzip", maxshape=None),
    "xarray-netcdf4": by_xarray("netcdf4"),
    "xarray-h5netcdf": by_xarray("h5netcdf"),
}


@pytest.mark.parametrize("how", REWRITE)
def test_it_serves_as_the_original_does(moonsweep, old, new, tmp_path, how):
    packed, output = tmp_path / "packed.h5", tmp_path / "new.h5"
    REWRITE[how](old[1], packed)
    before = packed.read_bytes()
    done = moonsweep("run", new[0], "-o", output, "--from", packed)
    assert ": 8 configurations were taken over" in done.stderr
    assert trained_iterations(done.stderr) == 4 * 50 + 2 * 250
    assert result_file.differences(output, new[1]) == []
    assert moonsweep("verify", output).stderr == ""
    assert packed.read_bytes() == before
    assert names(tmp_path) == ["new.h5", "packed.h5"]
    with h5py.File(output) as file, h5py.File(old[1]) as source:
        taken = np.flatnonzero(file["rank"][:] == -1)
        for name in ("train_seconds", "train_cpu_seconds"):
            assert sorted(file[name][taken]) == sorted(source[name][:])
        command = file["runs/command"][1].tobytes().rstrip(b"\0").decode()
        known = "xarray" not in how  # xarray copies no groups, so that the runs are unknown
        assert command.startswith(f"{packed}, run 0: " + ("moonsweep run " if known else ""))
        assert (file["runs/id"][1] == source["runs/id"][0]) == known


def test_a_checkpoint_in_it_is_continued(start_until, moonsweep, undisturbed, tmp_path):
    grid = {"samples": 2000, "n_h": "[50]", "iterations": "[100, 10000]"}
    job, expected = undisturbed(**grid)
    often = ["--checkpoint-seconds", "0.05"]
    processes.stop_suspended(*start_until(job, tmp_path / "old.h5", "checkpoint/checksum", *often))
    REWRITE["h5repack-gzip"](tmp_path / "old.h5", tmp_path / "packed.h5")
    moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", tmp_path / "packed.h5")
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert result_file.begun_at(tmp_path / "new.h5", 0)[0] not in (0, 100)


@pytest.fixture
def packed(old, tmp_path):
    """A compressed older result that a test changes."""
    rebuild(old[1], tmp_path / "packed.h5", chunks=True, compression="gzip")
    return tmp_path / "packed.h5"


@pytest.mark.parametrize("name, place", [("W1", (1, 0, 0)), ("cost", 30), ("checksum", 1)])
def test_a_damaged_row_in_it_is_not_taken(moonsweep, new, packed, tmp_path, name, place):
    damage.flip_value(packed, name, place, mask=4)
    done = moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", packed)
    assert ": 7 configurations were taken over" in done.stderr
    assert "1 that do not match their checksums" in done.stderr
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []


# ---- what is refused -------------------------------------------------------------------------------------------------


def replace(path, name, **creation):
    """Replaces a variable of a file by another one, without values unless they are given."""
    with h5py.File(path, "r+") as file:
        del file[name]
        file.create_dataset(name, **creation)


def external(path):
    (path.parent / "values.raw").write_bytes(bytes(64))
    replace(path, "b2", shape=8, dtype="<f8", external=[("values.raw", 0, 64)])


def virtual(path):
    layout = h5py.VirtualLayout(shape=(8,), dtype="<f8")
    layout[:] = h5py.VirtualSource(str(path), "W2_elsewhere", shape=(8,))
    with h5py.File(path, "r+") as file:
        del file["b2"]
        file.create_virtual_dataset("b2", layout)


def linked(path):
    shutil.copyfile(path, path.parent / "other.h5")
    with h5py.File(path, "r+") as file:
        del file["b2"]
        file["b2"] = h5py.ExternalLink("other.h5", "b2")


def without(name):
    def change(path):
        with h5py.File(path, "r+") as file:
            del file[name]

    return change


def damaged_chunk(path):
    with h5py.File(path) as file:
        chunk = file["W1"].id.get_chunk_info(0)
    damage.write_bytes(path, chunk.byte_offset, b"\xa5" * chunk.size)


REFUSED = {
    "a claim of many values in chunks": (
        lambda path: replace(path, "cost", shape=2**50, chunks=2**20, dtype="<f8", compression="gzip"),
        "the variable cost is incomplete: the file has 0 of its 1073741824 chunks",
    ),
    "a claim of more values than there are numbers": (
        lambda path: replace(path, "W1", shape=(8, 2**31 - 1, 2**31 - 1), chunks=(1, 64, 64), dtype="<f8"),
        "the variable W1 claims more values than a file can have",
    ),
    "a claim of many values in one piece": (
        lambda path: replace(path, "cost", shape=2**50, dtype="<f8"),
        "the values of the variable cost are missing",
    ),
    "another size": (
        lambda path: replace(path, "b2", data=np.zeros(7), chunks=True),
        "dimension config of the variable b2 is 7, but 8 elsewhere",
    ),
    "too many rows": (
        lambda path: replace(path, "n_h", data=np.zeros(9, "<i4"), chunks=True),
        "dimension config of the variable activation is 8, but 9 elsewhere",
    ),
    "another type": (
        lambda path: replace(path, "b2", data=np.zeros(8, "<f4"), chunks=True),
        "the variable b2 does not have the type of format version 1",
    ),
    "longer texts": (
        lambda path: replace(path, "runs/hosts", data=np.zeros((1024, 1024), "S2"), chunks=True),
        "the variable runs/hosts does not have the type",
    ),
    "a missing variable": (without("b2"), "the variable b2 cannot be opened"),
    "a missing variable of a group": (without("runs/id"), "the variable runs/id cannot be opened"),
    "a missing attribute": (
        lambda path: h5py.File(path, "r+").attrs.__delitem__("job"),
        "the attribute job is missing",
    ),
    "a filter that is not available": (
        lambda path: replace(path, "b2", data=np.zeros(8), chunks=True, compression="lzf"),
        "the variable b2 is compressed with filter 32000 (lzf), which this HDF5 does not have; compress the",
    ),
    "values in another file": (external, "the values of the variable b2 are in another file"),
    "values in other variables": (virtual, "the values of the variable b2 are in another file"),
    "a link to another file": (linked, "the variable b2 cannot be opened"),
    "a damaged chunk": (damaged_chunk, "reading the variable W1 failed: "),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_what_it_claims_to_be(refused, new, packed, tmp_path, case):
    change, words = REFUSED[case]
    change(packed)
    before = names(tmp_path)
    refused(65, "run", new[0], "-o", tmp_path / "new.h5", "--from", packed, words=[packed, words])
    assert names(tmp_path) == before


def test_chunks_that_are_larger_than_the_variable(moonsweep, new, packed, tmp_path):
    """As netCDF makes them for an unlimited dimension. HDF5 needs memory for whole chunks."""
    with h5py.File(packed) as file:
        values = file["b2"][:]
    replace(packed, "b2", data=values, chunks=(2**20,), maxshape=(None,))
    moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", packed)
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []


def test_there_is_no_room_for_a_copy(refused, undisturbed, tmp_path):
    job, old = undisturbed(samples=400000, n_h="[1]", iterations="[1]")
    REWRITE["h5repack-gzip"](old, tmp_path / "packed.h5")
    words = [tmp_path / "packed.h5", "no room for a temporary copy", "new.h5 needs ", "is limited to 5.0 MB"]
    limited = ["prlimit", "--fsize=5000000"]
    refused(73, "run", job, "-o", tmp_path / "new.h5", "--from", tmp_path / "packed.h5", words=words, wrapper=limited)
    assert names(tmp_path) == ["packed.h5"]


def test_the_folder_of_the_new_file_is_missing(refused, new, packed, tmp_path):
    words = ["No such file or directory"]
    refused(73, "run", new[0], "-o", tmp_path / "none" / "new.h5", "--from", packed, words=words)


def test_the_copy_is_made_where_the_output_is(moonsweep, new, packed, tmp_path):
    """Not in a folder for temporary files, which may be small."""
    moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", packed, "-q", env={"TMPDIR": "/nonexistent"})
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []
