"""Every command is given folders, devices, pipes and far too large files as its files. It refuses them with one
sentence and the right status, in bounded time and memory, and leaves or changes no file."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import resource
import socket

import pytest

MEMORY = 1 << 30  # bytes of address space: MPI's libraries take half of it
SECONDS = 20  # of processor time per command


def bound_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.fixture
def bounded(refused, processor_seconds):
    """The same as `refused`, with limits of memory and processor time."""

    def run(*arguments, **options):
        before = processor_seconds()
        message = refused(*arguments, **options, preexec_fn=bound_memory)
        assert processor_seconds() - before < SECONDS
        return message

    return run


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


def a_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # the path of a socket must be short


def a_link_to(target):
    return lambda path: path.symlink_to(target)


def a_file(content, times):
    def make(path):
        with open(path, "wb") as file:
            for _ in range(times):
                file.write(content)

    return make


def holes(path):
    with open(path, "wb") as file:
        file.truncate(100 << 20)


MEGABYTE = 1 << 20
NO_FILES = {
    "folder": a_folder,
    "zeros": a_link_to("/dev/zero"),
    "null": a_link_to("/dev/null"),
    "random": a_link_to("/dev/random"),
    "terminal": a_link_to("/dev/tty"),
    "pipe": a_pipe,
    "socket": a_socket,
    "nothing": a_link_to("nowhere"),
    "itself": a_link_to("itself"),
}
LARGE_FILES = {
    "holes": holes,
    "comments": a_file(b"# " + b"x" * 1021 + b"\n", 100 << 10),
    "one-line": a_file(b"x" * MEGABYTE, 100),
    "brackets": a_file(b"[" * MEGABYTE, 100),
    "quotes": a_file(b'"' * (MEGABYTE - 1), 101),
    "commas": a_file(b"," * MEGABYTE, 100),
    "newlines": a_file(b"\n" * MEGABYTE, 100),
    "result": a_file(b"\x89HDF\r\n\x1a\n" + b"\0" * (MEGABYTE - 8), 100),
}

# Commands that read {file}.
READING = {
    "run": ["run", "{file}", "-o", "{new}"],
    "data": ["data", "{file}", "-o", "{new}"],
    "show": ["show", "{file}"],
    "status": ["status", "{file}"],
    "stop": ["stop", "{file}"],
    "verify": ["verify", "{file}"],
    "predict": ["predict", "{file}", "-c", "0", "--moons", "5,0,0", "-o", "{new}"],
    "predict --data": ["predict", "{sweep}", "-c", "0", "--data", "{file}", "-o", "{new}"],
}
# Commands that write {file}.
WRITING = {
    "run -o": ["run", "{job}", "-o", "{file}"],
    "run --force -o": ["run", "{job}", "-o", "{file}", "--force"],
    "data -o": ["data", "{job}", "-o", "{file}"],
    "predict -o": ["predict", "{sweep}", "-c", "0", "--moons", "5,0,0", "-o", "{file}"],
}


@pytest.fixture
def words(job, sweep, tmp_path):
    """Fills the paths of files into a command."""

    def fill(command, path):
        places = {"file": path, "new": tmp_path / "new", "sweep": sweep, "job": job()}
        return [word.format(**places) for word in command]

    return fill


@pytest.fixture(scope="session")
def large_files(tmp_path_factory):
    """Creates each large file once."""
    folder = tmp_path_factory.mktemp("large")

    def path(name):
        if not (folder / name).exists():
            LARGE_FILES[name](folder / name)
        return folder / name

    yield path
    for file in folder.iterdir():
        file.unlink()


@pytest.fixture
def made(large_files, tmp_path, monkeypatch):
    """Creates the file with a name of NO_FILES or LARGE_FILES in the test's folder."""
    monkeypatch.chdir(tmp_path)

    def make(name):
        if name in LARGE_FILES:
            os.link(large_files(name), tmp_path / name)
        else:
            NO_FILES[name](tmp_path / name)
        return tmp_path / name

    return make


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("name", NO_FILES)
def test_only_regular_files_are_read(bounded, words, made, tmp_path, name, command):
    path = made(name)
    bounded(66, *words(READING[command], path), words=[path])
    assert {entry.name for entry in tmp_path.iterdir()} <= {name, "job.yaml"}


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("name", LARGE_FILES)
def test_a_file_of_100_megabytes_is_refused(bounded, words, made, tmp_path, name, command):
    path = made(name)
    bounded(65, *words(READING[command], path), words=[path])
    assert {entry.name for entry in tmp_path.iterdir()} == {name, "job.yaml"}


def test_empty_lines_take_no_memory(moonsweep, sweep, tmp_path):
    with open(tmp_path / "gaps.csv", "wb") as file:
        file.write(b"x1,x2,label\n" + b"\n" * (100 << 20) + b"1,2,0")
    output = moonsweep("predict", sweep, "-c", "0", "--data", tmp_path / "gaps.csv", preexec_fn=bound_memory).stdout
    (tmp_path / "gaps.csv").unlink()
    assert output.startswith("samples 1\n")


@pytest.mark.parametrize("command", ["run -o", "run --force -o"])
@pytest.mark.parametrize("name", ["folder", "zeros", "null", "random", "pipe", "socket"])
def test_results_are_only_written_to_regular_files(bounded, words, made, tmp_path, name, command):
    path = made(name)
    bounded(73, *words(WRITING[command], path), words=[path.resolve()])
    assert {entry.name for entry in tmp_path.iterdir()} == {name, "job.yaml"}


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize("name", ["nothing", "itself", "folder"])
def test_nothing_is_written_where_no_file_can_be_created(bounded, words, made, tmp_path, name, command):
    path = made(name)
    bounded(66 if name != "folder" and command.startswith("run") else 73, *words(WRITING[command], path), words=[name])
    assert {entry.name for entry in tmp_path.iterdir()} == {name, "job.yaml"}


@pytest.mark.parametrize("command", ["run -o", "run --force -o"])
@pytest.mark.parametrize("name", ["holes", "result"])
def test_a_large_file_that_is_not_a_result_is_not_changed(bounded, words, made, tmp_path, name, command):
    path = made(name)
    before = path.stat()
    bounded(65, *words(WRITING[command], path), words=[path])
    after = path.stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
    assert {entry.name for entry in tmp_path.iterdir()} == {name, "job.yaml"}
