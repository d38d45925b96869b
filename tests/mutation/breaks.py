"""Deliberate breaks of the program, and the copy of the sources in which they are made.

A break is a patch in tests/mutation/breaks/. Before its first file, it says in a sentence what is broken, and which
tests notice it, each in a separate line:

    Noticed by: unit checkpoint
    Noticed by: tests/mpi/test_ranks.py::test_a_dedicated_coordinator_changes_no_bit_and_trains_nothing
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lib import SOURCE, sources

FOLDER = SOURCE / "tests" / "mutation" / "breaks"

# What Python tests run, apart from the libraries that tests/fault preloads.
PROGRAMS = ["moonsweep", "tests/mpi/store_ranks", "tests/mpi/leave_ranks"]


@dataclass(frozen=True)
class Break:
    """A patch. files: the names of the sources that it changes; tests: those that notice it."""

    path: Path
    sentence: str
    tests: tuple
    files: tuple

    @property
    def name(self):
        return self.path.stem


def read(path):
    text = path.read_text()
    head = text.split("\n--- ")[0]
    tests = re.findall(r"^Noticed by: (.+)$", head, re.MULTILINE)
    sentence = " ".join(head.split("Noticed by:")[0].split())
    return Break(path, sentence, tuple(tests), tuple(re.findall(r"^\+\+\+ b/(\S+)$", text, re.MULTILINE)))


BREAKS = [read(path) for path in sorted(FOLDER.glob("*.patch"))]


def apply(broken, folder, *options):
    """Applies the patch to the sources in a folder. Returns what git says against it; empty if nothing."""
    # Without a repository, git applies patches to any folder. It must not find one above the folder.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    done = subprocess.run(
        ["git", "apply", *options, broken.path], cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.stderr if done.returncode != 0 else ""


class Copy:
    """A copy of the sources and its build, in build-test/mutation/, where later runs find them again."""

    def __init__(self):
        self.source = SOURCE / "build-test" / "mutation" / "source"
        self.build = self.source.parent / "build"
        self._update()
        if not (self.build / "build.ninja").exists():
            # Tests expect no more on standard error than a release build prints.
            options = ["-Dtests=enabled", "--buildtype=debug", "-Doptimization=1", "-Derror_trace=disabled"]
            self._run("meson", "setup", *options, self.build, self.source)
        self._run("ninja", "-C", self.build, *PROGRAMS, *self._preloaded())

    def _update(self):
        """Makes the copy equal to the checkout. Files that are equal already keep their times, and are not compiled
        again."""
        names = set(sources.matching("*"))
        for path in [path for path in self.source.rglob("*") if path.is_file()]:
            if path.relative_to(self.source) not in names and "__pycache__" not in path.parts:
                path.unlink()
        for name in names:
            self._copy(name)

    def _copy(self, name):
        original, copied = SOURCE / name, self.source / name
        if not copied.exists() or copied.read_bytes() != original.read_bytes():
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, copied)
            shutil.copymode(original, copied)

    def _preloaded(self):
        modules = re.findall(r"shared_module\('(\w+)'", (SOURCE / "tests" / "fault" / "meson.build").read_text())
        return [f"tests/fault/lib{module}.so" for module in modules]

    def _run(self, *command):
        words = [str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, f"`{' '.join(words)}` failed:\n{done.stdout[-4000:]}{done.stderr}"

    def break_it(self, broken):
        """Breaks the copy. It does not remain broken if that fails."""
        refused = apply(broken, self.source)
        assert refused == "", f"{broken.path} does not apply to the sources: {refused}"
        try:
            self.make(broken.tests)
        except AssertionError:
            self.restore(broken)
            raise

    def restore(self, broken):
        """Undoes break_it; the next make() compiles the original sources again."""
        for name in broken.files:
            self._copy(name)

    def make(self, tests):
        """Builds what the tests run."""
        targets = {f"tests/unit/test_{test.removeprefix('unit ')}" for test in tests if test.startswith("unit ")}
        if len(targets) < len(tests):
            targets |= set(PROGRAMS)
        self._run("ninja", "-C", self.build, *sorted(targets))

    def passes(self, test):
        """Whether a test passes in the copy. Any other outcome than a passed or a failed test is an error."""
        if test.startswith("unit "):
            command = ["meson", "test", "-C", self.build, "--no-rebuild", test.removeprefix("unit ")]
        else:
            command = [sys.executable, "-m", "pytest", "-q", "-x", test]
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.source, env={**os.environ, "MOONSWEEP_BUILD": str(self.build)}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode in (0, 1), f"{test} did not run\n{done.stdout[-4000:]}{done.stderr}"
        return done.returncode == 0
