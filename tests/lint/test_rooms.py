"""The rooms and the arrows between them: a file includes only what stands to its left or in its own room."""

import json
import re
import shlex
from pathlib import Path

import pytest

from lib import SOURCE, processes

ROOMS = ["base", "core", "train", "job", "store", "sweep", "cli"]

# Headers from outside and the rooms that may include them.
GUARDED = {
    "mpi.h": {"sweep", "cli"},
    "hdf5.h": {"store"},
    "yaml.h": {"job"},
}
# What a room of pure functions on plain structs has no use for: files, terminals and clocks.
IMPURE = {"dirent.h", "fcntl.h", "poll.h", "pthread.h", "signal.h", "time.h", "unistd.h"}
IMPURE |= {"moonsweep/clock.h", "moonsweep/live.h", "moonsweep/terminal.h"}

FILES = sorted(file.relative_to(SOURCE) for file in (SOURCE / "src").rglob("*.[ch]"))


def includes(file):
    return re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', (SOURCE / file).read_text(), re.MULTILINE)


def room_of_public(header):
    """The room whose source has the header's name; a header of types alone belongs to the leftmost room."""
    stem = Path(header).stem
    return next((room for room in ROOMS if list((SOURCE / "src" / room).rglob(f"{stem}.c"))), ROOMS[0])


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_includes_only_what_stands_to_its_left(file):
    room = file.parts[1]
    for header in includes(file):
        if header.startswith("moonsweep/"):
            owner = room_of_public(header)
            assert ROOMS.index(owner) <= ROOMS.index(room), f"{header} belongs to {owner}"
        assert room in GUARDED.get(header, {room}), f"{header} is not for {room}"
        if room == "core":
            assert header not in IMPURE and not header.startswith("sys/"), f"{header} is not for core"


# All but moonsweep.h, which includes the others.
PUBLIC = sorted(path.name for path in (SOURCE / "include" / "moonsweep").glob("*.h") if path.name != "moonsweep.h")


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_header_needs_no_more_than_its_module_does(name):
    """So that a program that reads results compiles without MPI's headers, and none needs HDF5's."""
    room = room_of_public(name)
    for header in includes(Path("include") / "moonsweep" / name):
        assert room in GUARDED.get(header, {room}) and header not in ("hdf5.h", "yaml.h"), f"{header} in {name}"
        if header.startswith("moonsweep/") and list((SOURCE / "src" / room).rglob(f"{Path(name).stem}.c")):
            owner = room_of_public(header)
            assert ROOMS.index(owner) <= ROOMS.index(room), f"{header} belongs to {owner}"


@pytest.fixture(scope="session")
def compilations(build):
    """One compilation a room: {room: arguments up to the output}."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        parts = (build / entry["file"]).resolve().relative_to(SOURCE).parts
        arguments = shlex.split(entry["command"])
        if parts[0] == "src":
            found.setdefault(parts[1], arguments[: arguments.index("-o")])
    return found


@pytest.mark.parametrize(
    ("header", "room"),
    [(header, room) for header in ("mpi.h", "hdf5.h") for room in ROOMS[:-1]],
)
def test_mpi_and_hdf5_compile_only_where_they_belong(header, room, build, compilations, tmp_path):
    probe = tmp_path / "probe.c"
    probe.write_text(f"#include <{header}>\n")
    compiled = processes.run(*compilations[room], "-w", "-fsyntax-only", probe, cwd=build, status=None)
    allowed = room in GUARDED[header]
    assert (compiled.returncode == 0) == allowed, compiled.stderr
