"""Disks that are full, small or faulty, and what the program must say of them."""

import contextlib
import os
import subprocess

import pytest


def fault(build, result, *words):
    """The environment in which the program's calls on a result fail as faulty_io.c describes it."""
    return {
        "LD_PRELOAD": str(build / "tests" / "fault" / "libfaulty_io.so"),
        "MOONSWEEP_FAULT": " ".join(words),
        "MOONSWEEP_FAULT_FILE": str(result),
    }


@contextlib.contextmanager
def mounted(folder, size):
    """A file system of its own with so much room (`64m`) at a new folder."""
    folder.mkdir()
    # Only root may, and not in every container. Nothing here can be tested without it: that is a failure.
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def free_bytes(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def fill(folder, leave=0):
    """Fills a file system but for some bytes with one file, and gives its path."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        with pytest.raises(OSError, match="No space left on device"):
            while True:
                file.write(bytes(1 << 16))
        file.truncate(file.tell() - leave)
    return ballast


def message(errors):
    """The one sentence that the program ends with. Open MPI adds a line of its own of a transfer that fails."""
    said = [line for line in errors.splitlines() if not line.startswith("mca_")]
    said = [line for line in said if "cannot reserve space" not in line]
    assert len(said) == 1 and said[0].startswith("moonsweep: "), errors
    return said[0]
