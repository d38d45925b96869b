"""Simulates disks that are full, small or faulty, and reads the program's message about them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import os
import subprocess

import pytest


def fault(build, result, *words):
    """The environment in which the program's calls on a result fail; words: as faulty_io.c describes them."""
    return {
        "LD_PRELOAD": str(build / "tests" / "fault" / "libfaulty_io.so"),
        "MOONSWEEP_FAULT": " ".join(words),
        "MOONSWEEP_FAULT_FILE": str(result),
    }


@contextlib.contextmanager
def mounted(folder, size):
    """Mounts a separate file system of a size (`64m`) at a new folder."""
    folder.mkdir()
    # Only root may mount, and not in every container. Without it the tests cannot run, which counts as a failure.
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def free_bytes(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def fill(folder, leave=0):
    """Fills a file system, except for some bytes, with one file, and returns its path."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        with pytest.raises(OSError, match="No space left on device"):
            while True:
                file.write(bytes(1 << 16))
        file.truncate(file.tell() - leave)
    return ballast


def message(errors):
    """The program's only error message. A line that Open MPI adds about a failed transfer is ignored."""
    lines = [line for line in errors.splitlines() if not line.startswith("mca_")]
    lines = [line for line in lines if "cannot reserve space" not in line]
    assert len(lines) == 1 and lines[0].startswith("moonsweep: "), errors
    return lines[0]
