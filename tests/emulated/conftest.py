"""Processors that qemu emulates: how their programs are built and started.

A test that uses the fixture `processor` runs once on each:

    def test_it_knows_its_version(processor):
        processor.run("moonsweep", "--version")
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib import SOURCE, processes

# Debian's packages of the libraries that the program and its tests need.
PACKAGES = ["libopenmpi-dev", "libhdf5-dev", "libyaml-dev", "libxxhash-dev", "check", "libmpfr-dev"]

# x86-64 without AVX, and with AVX2 but not AVX-512. Features that qemu does not support are removed.
X86_64 = {"nehalem": "Nehalem", "haswell": "Haswell-noTSX,-pcid,-x2apic,-tsc-deadline,-invpcid"}


@dataclass(frozen=True)
class Processor:
    """An emulated processor."""

    name: str
    isa: str  # the instruction set that must be chosen on it
    emulator: list  # the command that starts a program
    build: Path  # the folder of its programs
    is_cross_build: bool = False  # its programs are compiled when they are first used

    def run(self, program, *arguments, **options):
        """Runs a program of the build, with the arguments of lib.processes.run()."""
        if self.is_cross_build:
            processes.run("ninja", "-C", self.build, "-j", len(os.sched_getaffinity(0)), program)
        return processes.run(self.build / program, *arguments, wrapper=self.emulator, **options)


@pytest.fixture(scope="session")
def aarch64():
    """64-bit ARM."""
    root, build = SOURCE / "build-test" / "aarch64-root", SOURCE / "build-test" / "aarch64"
    processes.run(SOURCE / "tests" / "emulated" / "sysroot.sh", "arm64", root, *PACKAGES)
    if not (build / "build.ninja").exists():
        where = SOURCE / "build-test" / "aarch64-root.ini"
        where.write_text(f"[constants]\nroot = '{root}'\n")
        cross = ["--cross-file", where, "--cross-file", SOURCE / "tests" / "emulated" / "aarch64.ini"]
        processes.run("meson", "setup", "--werror", "-Dtests=enabled", *cross, build, SOURCE)
    return Processor("aarch64", "neon", ["qemu-aarch64", "-L", root], build, is_cross_build=True)


@pytest.fixture(scope="session")
def x86_64(build):
    """Makes an x86-64 processor by name, which runs the program under test."""

    def make(name):
        if platform.machine() != "x86_64":
            pytest.skip("the program under test is not an x86-64 program")
        isa = {"nehalem": "portable", "haswell": "avx2"}[name]
        return Processor(name, isa, ["qemu-x86_64", "-cpu", X86_64[name]], build)

    return make


@pytest.fixture(scope="session")
def emulated(request):
    """Makes any emulated processor by name."""

    def make(name):
        if name == "aarch64":
            return request.getfixturevalue("aarch64")
        return request.getfixturevalue("x86_64")(name)

    return make


@pytest.fixture(scope="session", params=["aarch64", *X86_64])
def processor(request, emulated):
    """Each emulated processor in turn."""
    return emulated(request.param)
