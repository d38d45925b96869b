"""The bytes of a result file, for HDF5: read in full, and compared with the checksums of the pages."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moonsweep.errors import SweepFileError
from moonsweep.pages import Pages


class ResultBytes(io.FileIO):
    """An unbuffered file whose ``readinto`` fills the whole buffer or raises.

    ``readinto`` of Python returns fewer bytes if more than about 2 GiB are requested, and at the end of a
    file that was cut off. HDF5 would take the rest of the buffer for values.
    """

    def __init__(self, path: Path) -> None:
        """Errors: OSError; SweepFileError if the checksums of the pages are corrupt."""
        super().__init__(path, "r")
        self.path = path
        self._failure: Exception | None = None
        try:
            self._pages = Pages.of(path, self.fileno())
        except BaseException:
            self.close()
            raise

    def state(self) -> tuple[int, int]:
        """The length of the file and the time of its last change: they differ after it was written to."""
        status = os.fstat(self.fileno())
        return status.st_size, status.st_mtime_ns

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills ``buffer`` from the position. Errors: OSError, SweepFileError."""
        view = memoryview(buffer).cast("B")
        offset = self.tell()
        try:
            self._fill(offset, view)
            if self._pages is not None:
                self._pages.check(offset, view)
        except (OSError, SweepFileError) as error:
            self._failure = error
            raise
        self.seek(offset + len(view))
        return len(view)

    def _fill(self, offset: int, view: memoryview) -> None:
        done = 0
        while done < len(view):
            try:
                count = os.preadv(self.fileno(), [view[done:]], offset + done)
            except OSError as error:
                error.filename = os.fspath(self.path)
                raise
            if count == 0:
                message = (
                    f"{self.path}: a damaged result file: it has {self.state()[0]} bytes,"
                    f" but {offset + len(view)} or more belong to it; it was cut off"
                )
                raise SweepFileError(message)
            done += count

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Raises what went wrong in reading in place of what HDF5 and its callers made of it.

        Errors: MemoryError; OSError if the system could not read; SweepFileError for all others.
        """
        self._failure = None
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:
            if self._failure is not None:
                raise self._failure from error
            if isinstance(error, SweepFileError):
                raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            message = f"{self.path}: a damaged result file: reading it failed ({reason})"
            raise SweepFileError(message) from error
        if self._failure is not None:
            raise self._failure
