"""Writes a file or a folder as a whole or not at all."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Writes ``text`` to ``path``; an existing file is replaced when everything is written.

    A device or a pipe is written as it is. Errors: OSError with the name of the file.
    """
    if path.exists() and not path.is_file():
        with _named(path, path):
            path.write_text(text, encoding="utf-8")
        return
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yields a temporary name, on the same file system, for the file or the folder that ``path`` is to be.

    At the end of the block what was written there is renamed to ``path``; a file replaces a file, and a
    folder a folder. After an exception nothing has changed. Errors: OSError with the name ``path``.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name[:100]}.")
    with _named(path, temporary):
        folder = tempfile.mkdtemp(dir=temporary.parent, prefix=temporary.name, suffix=".part")
        try:
            part = Path(folder, "written")
            yield part
            _rename(part, target, Path(folder, "older"))
        finally:
            shutil.rmtree(folder)


def _rename(part: Path, target: Path, older: Path) -> None:
    """Renames ``part`` to ``target``. No rename replaces a folder: it is moved to ``older`` first."""
    if not (part.is_dir() and target.is_dir()):
        os.replace(part, target)
        return
    os.replace(target, older)
    try:
        os.replace(part, target)
    except BaseException:
        os.replace(older, target)
        raise


@contextmanager
def _named(path: Path, temporary: Path) -> Iterator[None]:
    """Gives errors of the system the name ``path`` if they have none, or one beginning with ``temporary``."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and not os.fsdecode(error.filename).startswith(os.fspath(temporary)):
            raise
        raise OSError(error.errno, error.strerror or str(error), os.fspath(path)) from error
