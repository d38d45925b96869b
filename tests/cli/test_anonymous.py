"""run --anonymous: the file does not contain where, by whom and by which command it was made."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import getpass
import os
import pwd
import socket

import h5py
import pytest

from lib import job_file, processes, result_file, waiting

BATCH_JOB = "7788990012"


@pytest.fixture
def place(tmp_path):
    """A folder with a unique name and a job."""
    folder = tmp_path / "hushed-folder"
    folder.mkdir()
    job_file.write(folder, "hushed-job", samples=2000, n_h="[20]", iterations="[10, 30000]")
    # The text of the job, including its name, is stored even so. Only the name of the job file must not be.
    path = folder / "hushed-job.yaml"
    path.write_text(path.read_text().replace("hushed-job", "plain"))
    return folder


def words(place):
    """The words that must not be in the file, as bytes."""
    user = pwd.getpwuid(os.getuid())
    found = {socket.gethostname(), getpass.getuser(), user.pw_name, user.pw_dir, "hushed", str(place.parent), BATCH_JOB}
    return [word.encode() for word in found]


def texts(path):
    """All texts of a file: attributes and text variables."""
    found = []

    def look(_, node):
        found.extend(str(value).encode() for value in node.attrs.values())
        if isinstance(node, h5py.Dataset) and node.dtype.kind == "S":
            found.append(node[...].tobytes())

    with h5py.File(path) as file:
        look("", file)
        file.visititems(look)
    assert any(b"hidden layer" in text for text in found)
    return b"\n".join(found)


def words_in(path, words):
    """Those of the words that are in a file. Short ones are only searched in its texts, because they may occur in the
    bytes of numbers by chance."""
    data, text = path.read_bytes(), texts(path)
    return [word for word in words if word in (data if len(word) > 3 else text)]


def options(place):
    return {"cwd": place, "env": {"SLURM_JOB_ID": BATCH_JOB}}


@pytest.mark.parametrize("ranks", [0, 2])
def test_the_file_does_not_say_who_made_it(start, moonsweep, place, ranks):
    out = place / "hushed-out.h5"
    command = ["run", "--anonymous", place / "hushed-job.yaml", "-o", out, "-q", "--checkpoint-seconds", "0.01"]
    sweep = start(*command, ranks=ranks, **options(place))
    waiting.until(lambda: result_file.checkpointed(out), running=sweep)
    processes.stop(sweep)
    moonsweep(*command, ranks=ranks, **options(place))
    assert words_in(out, words(place)) == []
    assert result_file.how_ended(out) == ["stopped", "finished"]
    assert moonsweep("verify", out).stdout.startswith(f"{out}: sound")


def test_without_anonymous_the_file_says_who_made_it(moonsweep, place):
    out = place / "hushed-out.h5"
    moonsweep("run", place / "hushed-job.yaml", "-o", out, "-q", **options(place))
    made_by = [word.encode() for word in (socket.gethostname(), BATCH_JOB, "hushed-job.yaml", str(out))]
    assert words_in(out, made_by) == made_by
