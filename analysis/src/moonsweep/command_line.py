"""The command line: ``python -m moonsweep``.

Only this module prints errors and sets exit codes, which are those of the program (sysexits.h).
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import moonsweep
from moonsweep.errors import MissingPackageError, SweepFileError
from moonsweep.export import SUFFIXES, export
from moonsweep.selection import Criteria
from moonsweep.sweep import Sweep, open_sweep
from moonsweep.writing import write_whole

if TYPE_CHECKING:
    from moonsweep.figures import Subject

FORMATS = ("png", "pdf", "svg")

PAGE_START = b"<!doctype html"  # of a report, in lower case

EXIT_USAGE = 64
EXIT_BAD_INPUT = 65
EXIT_NO_INPUT = 66
EXIT_UNAVAILABLE = 69
EXIT_NO_MEMORY = 71
EXIT_CANNOT_CREATE = 73
EXIT_IO_ERROR = 74
EXIT_NO_PERMISSION = 77

FIGURES_HELP = """\
Draws the figures of a result file, finished or still running, and prints their paths.

  python -m moonsweep figures out.h5 -o figures
  python -m moonsweep figures out.h5 -o figures --min-train 99 --max-gap 0.5
  python -m moonsweep figures out.h5 -o figures --config 126 271 --format svg
  python -m moonsweep figures out.h5 -o figures --compare other.h5
"""

REPORT_HELP = """\
Writes a report of a result file, finished or still running: one HTML file, which needs no network, with
interactive figures and a table of all configurations. The thresholds can be changed in the report.

  python -m moonsweep report out.h5 -o report.html
"""

EXPORT_HELP = """\
Writes a result file, finished or still running, in a format of other programs, which the suffix of the output
chooses. Results of pending configurations are missing, and activations have their names.

  python -m moonsweep export out.h5 -o sweep.parquet   a table with a row for each configuration
  python -m moonsweep export out.h5 -o sweep.csv       the same table as text
  python -m moonsweep export out.h5 -o sweep.zarr      all variables, including networks, costs and data
"""


class _Parser(argparse.ArgumentParser):
    """An argparse parser with the program's exit status for a wrong command line."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


class _Failure(Exception):  # noqa: N818 (never leaves this file)
    """An error message and its exit status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def main(arguments: Sequence[str]) -> int:
    """Executes the command line and returns the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.execute(chosen)
        sys.stdout.flush()
    except _Failure as failure:
        print(f"moonsweep: {_printable(str(failure))}", file=sys.stderr)
        return failure.status
    except BrokenPipeError:
        # The reader of our output has ended; Python must not try to flush it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_IO_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m moonsweep", description="Evaluates the result file of a sweep.")
    parser.add_argument("--version", action="version", version=f"moonsweep {moonsweep.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    figures = commands.add_parser(
        "figures",
        help="draw the figures as PNG, PDF or SVG files",
        description=FIGURES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_files(figures, "DIR", "folder for the figures, created if missing")
    _add_criteria(figures)
    _add_pick(figures)
    figures.add_argument(
        "--format",
        nargs="+",
        choices=FORMATS,
        default=["png", "pdf"],
        help="of the files: one or more of png, pdf and svg (default: png and pdf)",
    )
    figures.add_argument(
        "--compare",
        type=_path,
        metavar="OTHER.h5",
        help="also draw the dev accuracies of another result file against those of this one",
    )
    figures.set_defaults(execute=_write_figures)
    report = commands.add_parser(
        "report",
        help="write a report with interactive figures as one HTML file",
        description=REPORT_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_files(report, "FILE", "the report, such as report.html; an existing report is replaced")
    _add_criteria(report)
    report.add_argument(
        "--max-seconds",
        type=_positive,
        metavar="S",
        help="and with at most S seconds of processor time (default: no limit)",
    )
    report.set_defaults(execute=_write_report)
    copy = commands.add_parser(
        "export",
        help="write the result as a Parquet, CSV or Zarr file",
        description=EXPORT_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_result(copy)
    copy.add_argument(
        "-o",
        "--output",
        type=_exported_path,
        required=True,
        metavar="FILE",
        help="the copy; its name ends in .parquet, .csv or .zarr (which is a folder)",
    )
    copy.add_argument("--force", action="store_true", help="replace an existing copy")
    copy.set_defaults(execute=_export)
    return parser


def _add_result(parser: argparse.ArgumentParser) -> None:
    """Adds the result that is read."""
    parser.add_argument("result", type=_path, metavar="OUT.h5", help="the result file")


def _add_files(parser: argparse.ArgumentParser, output: str, output_help: str) -> None:
    """Adds the result that is read, and the option -o."""
    _add_result(parser)
    parser.add_argument("-o", "--output", type=_path, required=True, metavar=output, help=output_help)


def _add_criteria(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the selection."""
    defaults = Criteria()
    parser.add_argument(
        "--min-train",
        type=_percentage,
        default=defaults.min_train,
        metavar="P",
        help="select configurations with a training accuracy above P percent (default: %(default)g)",
    )
    parser.add_argument(
        "--max-gap",
        type=_percentage,
        default=defaults.max_gap,
        metavar="P",
        help="and with a dev accuracy at most P points away from it (default: %(default)g)",
    )


def _add_pick(figures: argparse.ArgumentParser) -> None:
    """The options that choose the configurations to show in detail."""
    pick = figures.add_mutually_exclusive_group()
    pick.add_argument(
        "--best",
        action="store_true",
        help="show the network with the highest dev accuracy in detail, not the quickest of the selection",
    )
    pick.add_argument(
        "--config",
        nargs="+",
        type=_index,
        default=[],
        metavar="N",
        help="show the networks and cost curves of these configurations in detail",
    )


def _index(text: str) -> int:
    """Parses the number of a configuration. Errors: argparse's, with the text."""
    if not text.isascii() or not text.isdecimal():
        message = f"{text} is not the number of a configuration"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _path(text: str) -> Path:
    """Parses a path. Errors: argparse's, if it is empty, which Path would take for the current folder."""
    if not text:
        message = "the name is empty"
        raise argparse.ArgumentTypeError(message)
    return Path(text)


def _exported_path(text: str) -> Path:
    """Parses the path of a copy. Errors: argparse's, if its suffix is not that of a format."""
    path = _path(text)
    if path.suffix not in SUFFIXES:
        message = f"{text}: the name must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise argparse.ArgumentTypeError(message)
    return path


def _percentage(text: str) -> float:
    """Parses a number from 0 to 100. Errors: argparse's, with the text."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 100.0:
        message = f"{text} is not a number from 0 to 100"
        raise argparse.ArgumentTypeError(message)
    return value


def _positive(text: str) -> float:
    """Parses a number above 0. Errors: argparse's, with the text."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value < float("inf"):
        message = f"{text} is not a number above 0"
        raise argparse.ArgumentTypeError(message)
    return value


def _use_no_backend() -> None:
    """Figures are drawn without a backend. Matplotlib cannot be imported if it does not know the user's."""
    os.environ["MPLBACKEND"] = "agg"


def _write_report(chosen: argparse.Namespace) -> None:
    """Writes the report and prints its path. Errors: _Failure."""
    _use_no_backend()
    # Imported late, because its libraries load slowly.
    from moonsweep.report import make_report

    result, output = chosen.result, chosen.output
    with _failing(result, otherwise=EXIT_NO_INPUT):
        sweep = open_sweep(result)
    with sweep:
        _refuse_result(output, result, "the report")
        if output.is_dir():
            raise _Failure(EXIT_CANNOT_CREATE, f"{output}: this is a folder; give the name of a file")
        with _failing(result, otherwise=EXIT_CANNOT_CREATE):
            _refuse_other_file(output)
        with _failing(result, otherwise=EXIT_IO_ERROR, aim="draw its report"):
            page = make_report(sweep, Criteria(chosen.min_train, chosen.max_gap), chosen.max_seconds)
    with _failing(result, otherwise=EXIT_CANNOT_CREATE):
        write_whole(output, page)
    print(output)


def _export(chosen: argparse.Namespace) -> None:
    """Writes a copy in another format and prints its path. Errors: _Failure."""
    result, output = chosen.result, chosen.output
    with _failing(result, otherwise=EXIT_NO_INPUT):
        sweep = open_sweep(result)
    with sweep:
        _refuse_result(output, result, "the copy")
        if os.path.lexists(output) and not chosen.force:
            raise _Failure(EXIT_CANNOT_CREATE, f"{output}: it exists already; --force replaces it")
        with _failing(result, otherwise=EXIT_CANNOT_CREATE, aim="export it"):
            export(sweep, output)
    print(output)


def _refuse_result(output: Path, result: Path, name: str) -> None:
    """Errors: _Failure if the output, whose name is in the message, would replace the result."""
    if output.exists() and output.samefile(result):
        raise _Failure(EXIT_USAGE, f"{output}: this is the result itself; give {name} another name")


def _refuse_other_file(output: Path) -> None:
    """Errors: _Failure if the report would replace a file that is no page; OSError if it cannot be read."""
    if not output.is_file():
        return
    with output.open("rb") as file:
        start = file.read(len(PAGE_START))
    if start and start.lower() != PAGE_START:
        sentence = f"{output}: it exists and is not a report; give the report another name"
        raise _Failure(EXIT_CANNOT_CREATE, sentence)


def _write_figures(chosen: argparse.Namespace) -> None:
    """Draws the figures of a result and prints each path. Errors: _Failure."""
    _use_no_backend()
    # Imported late, because matplotlib loads slowly and errors in the command line should appear at once.
    from moonsweep.figures import write_figures

    result, folder = chosen.result, chosen.output
    with ExitStack() as opened:
        with _failing(result, otherwise=EXIT_NO_INPUT):
            sweep = opened.enter_context(open_sweep(result))
        other = None
        if chosen.compare is not None:
            with _failing(chosen.compare, otherwise=EXIT_NO_INPUT):
                other = opened.enter_context(open_sweep(chosen.compare))
        subject = _subject(chosen, sweep, other)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            sentence = f"{folder}: this is a file; give the name of a folder"
            raise _Failure(EXIT_CANNOT_CREATE, sentence) from None
        except OSError as error:
            raise _Failure(EXIT_CANNOT_CREATE, _sentence(error)) from None
        with _failing(result, otherwise=EXIT_IO_ERROR):
            for path, note in write_figures(subject, folder, list(dict.fromkeys(chosen.format))):
                print(path)
                if note:
                    print(f"moonsweep: {path.name}: {note}", file=sys.stderr)


def _subject(chosen: argparse.Namespace, sweep: Sweep, other: Sweep | None) -> "Subject":
    """The subject of the figures. Errors: _Failure, also if there is no such configuration."""
    from moonsweep.figures import Subject

    with _failing(chosen.result, otherwise=EXIT_IO_ERROR):
        unknown = [config for config in chosen.config if config not in sweep["config"].values]
        if unknown:
            last = sweep.sizes["config"] - 1
            sentence = f"{chosen.result}: there is no configuration {unknown[0]} (there are: 0 to {last})"
            raise _Failure(EXIT_USAGE, sentence)
        criteria = Criteria(chosen.min_train, chosen.max_gap)
        return Subject.of(sweep, criteria, best=chosen.best, configs=chosen.config, other=other)


@contextmanager
def _failing(result: Path, *, otherwise: int, aim: str = "draw its figures") -> Iterator[None]:
    """Turns errors into a _Failure.

    otherwise: the exit status for errors of the system; aim: what is done with the result.
    """
    try:
        yield
    except (BrokenPipeError, _Failure):
        raise
    except SweepFileError as error:
        raise _Failure(EXIT_BAD_INPUT, str(error)) from None
    except MissingPackageError as error:
        raise _Failure(EXIT_UNAVAILABLE, str(error)) from None
    except PermissionError as error:
        raise _Failure(EXIT_NO_PERMISSION, _sentence(error)) from None
    except OSError as error:
        raise _Failure(otherwise, _sentence(error)) from None
    except MemoryError:
        raise _Failure(EXIT_NO_MEMORY, f"{result}: not enough memory to {aim}") from None
    except Exception as error:
        # Values that no checksum protects, in a file that xarray saved or that was forged, may be anything.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        sentence = (
            f"{result}: it is not possible to {aim} ({reason}); `moonsweep verify` tells if it is damaged"
        )
        raise _Failure(EXIT_BAD_INPUT, sentence) from error


def _printable(text: str) -> str:
    """The text with control characters as escape sequences, because a terminal would obey them."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def _sentence(error: OSError) -> str:
    """The system's message, after the file name."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
