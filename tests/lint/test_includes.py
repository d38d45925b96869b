"""The order of the modules: a file includes only headers of its module and of those to its left."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import shlex
from pathlib import Path

import pytest

from lib import MODULES, SOURCE, processes

# Headers of libraries, and the modules that may include them.
ALLOWED = {
    "mpi.h": {"sweep", "cli"},
    "hdf5.h": {"store"},
    "yaml.h": {"job"},
}
# What core, which consists of pure functions on plain structs, must not use: files, terminals and clocks.
IMPURE = {"dirent.h", "fcntl.h", "poll.h", "pthread.h", "signal.h", "time.h", "unistd.h"}
IMPURE |= {"moonsweep/clock.h", "moonsweep/live.h", "moonsweep/terminal.h"}

FILES = sorted(file.relative_to(SOURCE) for file in (SOURCE / "src").rglob("*.[ch]"))


def includes(file):
    return re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', (SOURCE / file).read_text(), re.MULTILINE)


def module_of_public(header):
    """The module that has a source with the header's name. A header of types only belongs to the first one."""
    stem = Path(header).stem
    return next((module for module in MODULES if list((SOURCE / "src" / module).rglob(f"{stem}.c"))), MODULES[0])


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_includes_only_its_own_module_and_those_to_its_left(file):
    module = file.parts[1]
    for header in includes(file):
        if header.startswith("moonsweep/"):
            owner = module_of_public(header)
            assert MODULES.index(owner) <= MODULES.index(module), f"{header} belongs to {owner}"
        assert module in ALLOWED.get(header, {module}), f"{header} is not for {module}"
        if module == "core":
            assert header not in IMPURE and not header.startswith("sys/"), f"{header} is not for core"


# All except moonsweep.h, which includes the others.
PUBLIC = sorted(path.name for path in (SOURCE / "include" / "moonsweep").glob("*.h") if path.name != "moonsweep.h")


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_header_includes_no_more_than_its_module_may(name):
    """A program that reads results compiles without MPI's headers, and no program needs those of HDF5."""
    module = module_of_public(name)
    for header in includes(Path("include") / "moonsweep" / name):
        assert module in ALLOWED.get(header, {module}) and header not in ("hdf5.h", "yaml.h"), f"{header} in {name}"
        if header.startswith("moonsweep/") and list((SOURCE / "src" / module).rglob(f"{Path(name).stem}.c")):
            owner = module_of_public(header)
            assert MODULES.index(owner) <= MODULES.index(module), f"{header} belongs to {owner}"


@pytest.fixture(scope="session")
def compilations(build):
    """One compilation of each module: {module: arguments up to the output}."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        parts = (build / entry["file"]).resolve().relative_to(SOURCE).parts
        arguments = shlex.split(entry["command"])
        if parts[0] == "src":
            found.setdefault(parts[1], arguments[: arguments.index("-o")])
    return found


@pytest.mark.parametrize(
    ("header", "module"),
    [(header, module) for header in ("mpi.h", "hdf5.h") for module in MODULES[:-1]],
)
def test_mpi_and_hdf5_compile_only_where_they_belong(header, module, build, compilations, tmp_path):
    probe = tmp_path / "probe.c"
    probe.write_text(f"#include <{header}>\n")
    compiled = processes.run(*compilations[module], "-w", "-fsyntax-only", probe, cwd=build, status=None)
    allowed = module in ALLOWED[header]
    assert (compiled.returncode == 0) == allowed, compiled.stderr
