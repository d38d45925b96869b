"""Valgrind's memcheck as a wrapper around the program: no definite leak, no access to what is not there, no byte
without a value in a condition or in what is given to the system."""

from pathlib import Path

SUPPRESSIONS = [
    Path("/usr/share/openmpi/openmpi-valgrind.supp"),  # of Open MPI's own; in Debian's openmpi-common
    Path(__file__).with_name("valgrind.supp"),
]

# The exit status of a process that memcheck has found something in.
FOUND = 99


def command(log):
    """The words before the program's name; each process writes what is found to a file of its own beside log."""
    return [
        "valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
        "--num-callers=50", "--keep-debuginfo=yes", f"--error-exitcode={FOUND}", f"--log-file={log}.%p",
        # A malloc that is preloaded is a part of the program, not one to be replaced.
        "--soname-synonyms=somalloc=nouserintercepts",
        *(f"--suppressions={path}" for path in SUPPRESSIONS if path.exists()),
    ]  # fmt: skip


def found(log):
    """What memcheck has found in all processes."""
    return "".join(path.read_text() for path in sorted(log.parent.glob(f"{log.name}.*")))
