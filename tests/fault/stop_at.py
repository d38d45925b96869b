"""Suspends a process at a chosen call on its result file, by the library of stop_at.c, so that a test can kill it at
exactly that instant."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from fault.write_log import File

ANYWHERE = (0, 2**62)
ANY = -1  # any kind of call but reads


def call(kind, nth=1, *, file=File.RESULT, places=ANYWHERE, rank=0, is_over=True):
    """Describes the nth call of a kind on a file, for STOP_AT.

    places: of reads and writes, only those count that begin at a byte from the first place on and before the second.
    is_over: whether the process is suspended after the call has returned, or before it is made.
    """
    first, end = places
    return f"{rank}:{kind}:{file}:{nth}:{first}:{end}:{int(is_over)}"


def environment(build, output, chosen, *preload):
    """The environment in which a process without mpirun is suspended at a call; preload: further libraries."""
    libraries = [build / "tests" / "fault" / f"lib{name}.so" for name in (*preload, "stop_at")]
    missing = [path.name for path in libraries if not path.exists()]
    assert missing == [], "the loader ignores libraries that are not built, and the test would wait in vain"
    return {"LD_PRELOAD": ":".join(map(str, libraries)), "MOONSWEEP_FAULT_FILE": output, "STOP_AT": chosen}


def of_ranks(build, output, chosen):
    """The arguments of processes.start by which a rank of a sweep is suspended; mpirun does without the library."""
    environ = environment(build, output, chosen)
    return {"wrapper": ["env", f"LD_PRELOAD={environ.pop('LD_PRELOAD')}"], "env": environ}
