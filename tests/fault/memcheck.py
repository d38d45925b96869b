"""Runs the program under Valgrind's memcheck, which finds definite leaks, invalid accesses, and uninitialized bytes in
conditions or system calls."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from pathlib import Path

SUPPRESSIONS = [
    Path("/usr/share/openmpi/openmpi-valgrind.supp"),  # from Open MPI itself; in Debian's openmpi-common
    Path(__file__).with_name("valgrind.supp"),
]

# The exit status of a process in which memcheck found errors.
FOUND = 99


def command(log):
    """The words before the program's name. Each process writes its errors to a separate file, log.PID."""
    return [
        "valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
        "--num-callers=50", "--keep-debuginfo=yes", f"--error-exitcode={FOUND}", f"--log-file={log}.%p",
        # Valgrind must not replace a preloaded malloc, which is part of the test.
        "--soname-synonyms=somalloc=nouserintercepts",
        *(f"--suppressions={path}" for path in SUPPRESSIONS if path.exists()),
    ]  # fmt: skip


def found(log):
    """The errors that memcheck found in all processes."""
    return "".join(path.read_text() for path in sorted(log.parent.glob(f"{log.name}.*")))
