"""A debug build, as that with sanitizers is, prints the way of each error; a release build contains nothing of it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import itertools
import re

from lib import SOURCE, processes


def levels_of(trace):
    """The levels of a trace, from the function that raised the error to main: [(path, line, function)]."""
    return [
        (path, int(line), name) for path, line, name in re.findall(r"^    (\S+):(\d+): (\w+)$", trace, re.MULTILINE)
    ]


def source_around(path, line):
    """The statement of a line, which may extend over some lines."""
    return "\n".join((SOURCE / path).read_text().splitlines()[line - 3 : line + 2])


def is_called(function, path, line):
    """Whether a line calls a function. The functions of commands are called by their addresses in a table."""
    return f"{function}(" in source_around(path, line) or function.startswith("command_")


def test_a_debug_build_prints_where_an_error_was_raised_and_through_which_calls_it_passes(moonsweep, tmp_path):
    errors = moonsweep("show", "missing.h5", cwd=tmp_path, status=66).stderr
    trace, _, message = errors.strip().rpartition("\n")
    assert message == "moonsweep: missing.h5: No such file or directory"
    assert trace.startswith("moonsweep: an error of status 66 was raised at\n")
    levels = levels_of(trace)
    assert len(levels) == trace.count("\n") > 3
    (path, line, _), (last, _, outermost) = levels[0], levels[-1]
    assert "ms_fail(" in source_around(path, line)
    assert (last, outermost) == ("src/cli/main.c", "main")
    for (_, _, function), (path, line, _) in itertools.pairwise(levels):
        assert is_called(function, path, line), f"{path}:{line} does not call {function}"


def test_the_environment_may_omit_the_trace(moonsweep, tmp_path):
    quiet = {"MOONSWEEP_ERROR_TRACE": "off"}
    assert moonsweep("show", "missing.h5", cwd=tmp_path, status=66, env=quiet).stderr.count("\n") == 1


def symbols(program):
    return processes.run("nm", program).stdout


def test_a_release_build_contains_nothing_that_prints_ways_of_errors(moonsweep, program, source, tmp_path):
    released = source / "build-test" / "gcc"
    errors = moonsweep("show", "missing.h5", cwd=tmp_path, status=66, of=released / "moonsweep").stderr
    assert errors == "moonsweep: missing.h5: No such file or directory\n"
    for name in ("ms_error_trace", "backtrace_full"):
        assert name in symbols(program)
        assert name not in symbols(released / "moonsweep")
    assert "trace" not in symbols(released / "src" / "base" / "libms_base.a.p" / "error.c.o")
