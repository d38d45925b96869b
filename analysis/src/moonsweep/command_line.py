"""The command line: ``python -m moonsweep``.

The one place that prints errors and decides exit codes, which are those of the program (sysexits.h).
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import moonsweep
from moonsweep.errors import SweepFileError
from moonsweep.selection import Criteria
from moonsweep.sweep import open_sweep

EXIT_USAGE = 64
EXIT_BAD_INPUT = 65
EXIT_NO_INPUT = 66
EXIT_CANNOT_CREATE = 73
EXIT_IO_ERROR = 74
EXIT_NO_PERMISSION = 77

FIGURES_HELP = """\
Draws the figures of a result file, finished or still running, and prints their paths.

  python -m moonsweep figures out.h5 -o figures
  python -m moonsweep figures out.h5 -o figures --min-train 99 --max-gap 0.5
"""


class _Parser(argparse.ArgumentParser):
    """argparse, but with the program's exit status for a wrong command line."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


class _Failure(Exception):  # noqa: N818 (never leaves this file)
    """What is to be printed and the exit status that goes with it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def main(arguments: Sequence[str]) -> int:
    """Carries out the command line and gives the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        _write_figures(chosen.result, chosen.output, Criteria(chosen.min_train, chosen.max_gap))
        sys.stdout.flush()
    except _Failure as failure:
        print(f"moonsweep: {failure}", file=sys.stderr)
        return failure.status
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not try to flush it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_IO_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m moonsweep", description="Looks at the result file of a sweep.")
    parser.add_argument("--version", action="version", version=f"moonsweep {moonsweep.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    figures = commands.add_parser(
        "figures",
        help="draw its figures as PNG files",
        description=FIGURES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    defaults = Criteria()
    figures.add_argument("result", type=Path, metavar="OUT.h5", help="the result file")
    figures.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder for them, made if missing"
    )
    figures.add_argument(
        "--min-train",
        type=_percentage,
        default=defaults.min_train,
        metavar="P",
        help="select what has a training accuracy above P percent (%(default)g)",
    )
    figures.add_argument(
        "--max-gap",
        type=_percentage,
        default=defaults.max_gap,
        metavar="P",
        help="and a dev accuracy at most P points away from it (%(default)g)",
    )
    return parser


def _percentage(text: str) -> float:
    """A number from 0 to 100. Errors: argparse's, with what was written."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 100.0:
        message = f"{text} is not a number from 0 to 100"
        raise argparse.ArgumentTypeError(message)
    return value


def _write_figures(result: Path, folder: Path, criteria: Criteria) -> None:
    """Draws the figures of result into folder, printing each path. Errors: _Failure."""
    # Only now: matplotlib takes its time, and a wrong command line should not wait for it.
    from moonsweep.figures import Subject, write_figures

    try:
        sweep = open_sweep(result)
    except SweepFileError as error:
        raise _Failure(EXIT_BAD_INPUT, str(error)) from None
    except PermissionError as error:
        raise _Failure(EXIT_NO_PERMISSION, _sentence(error)) from None
    except OSError as error:
        raise _Failure(EXIT_NO_INPUT, _sentence(error)) from None
    with sweep:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _Failure(EXIT_CANNOT_CREATE, _sentence(error)) from None
        try:
            for path, note in write_figures(Subject.of(sweep, criteria), folder):
                print(path)
                if note:
                    print(f"moonsweep: {path.name}: {note}", file=sys.stderr)
        except BrokenPipeError:
            raise
        except PermissionError as error:
            raise _Failure(EXIT_NO_PERMISSION, _sentence(error)) from None
        except OSError as error:
            raise _Failure(EXIT_IO_ERROR, _sentence(error)) from None


def _sentence(error: OSError) -> str:
    """What the system says, with the file first."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
