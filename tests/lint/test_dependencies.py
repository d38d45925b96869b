"""The sources of a module do not depend on each other in a circle, and most modules do not depend on MPI."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import graphlib
import subprocess

import pytest

from lib import MODULES, SOURCE


def symbols(build, module):
    """The objects of a module: {object: (names that it defines, names that it uses)}."""
    found = {}
    for path in (build / "src" / module / f"libms_{module}.a.p").glob("*.o"):
        defined, needed = set(), set()
        for line in subprocess.check_output(["nm", path], text=True).splitlines():
            kind, name = line.split()[-2:]
            if kind in "TDRB":
                defined.add(name)
            elif kind == "U":
                needed.add(name)
        found[path.name] = defined, needed
    return found


def circle(objects):
    """The first circle found among objects that use each other's names, as a list of objects; [] if there is none."""
    owner = {name: path for path, (defined, _) in objects.items() for name in defined}
    graph = {
        path: {owner[name] for name in needed if owner.get(name, path) != path} for path, (_, needed) in objects.items()
    }
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        return error.args[1]
    return []


@pytest.mark.parametrize("module", MODULES)
def test_the_sources_of_a_module_have_no_circular_dependency(build, module):
    objects = symbols(build, module)
    assert len(objects) >= len(list((SOURCE / "src" / module).rglob("*.c"))) - 1 - 8 * (module == "train")
    assert circle(objects) == []


def test_a_circular_dependency_is_detected():
    """Two objects use each other by way of a third one, or in only one direction."""
    objects = {"a.o": ({"a"}, {"b", "malloc"}), "b.o": ({"b"}, {"c", "b"}), "c.o": ({"c"}, {"a"})}
    assert {*circle(objects)} == {"a.o", "b.o", "c.o"}
    assert circle({**objects, "c.o": ({"c"}, {"malloc"})}) == []


@pytest.mark.parametrize("module", ["base", "core", "train", "job", "store"])
def test_modules_before_sweep_do_not_use_mpi(build, module):
    """A program that only trains networks, or writes and reads results, links without MPI."""
    needed = {name for _, names in symbols(build, module).values() for name in names}
    assert {name for name in needed if name.startswith(("MPI_", "ompi_", "mpi_"))} == set()
