"""The rows and checkpoints that a recorded sweep had made valid and durable at an instant."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py

from fault import judge
from fault.write_log import File, Kind
from lib import checksums


class Places:
    """Maps writes in a file to variables and rows. The superblock counts as a variable. The offset of a variable
    depends not only on the job, but also, for example, on the length of the command that created the file."""

    def __init__(self, path):
        self.variables = [(0, 96, 96, "superblock")]
        with h5py.File(path) as file:
            file.visititems(self._add)

    def _add(self, name, variable):
        if isinstance(variable, h5py.Dataset) and variable.id.get_offset() is not None:
            size = variable.id.get_storage_size()
            if size > 0:
                rows = variable.shape[0] if variable.shape else 1
                self.variables.append((variable.id.get_offset(), size, size // rows, name))

    def of(self, write):
        """(variable, rows) of a write; (None, no rows) outside all variables."""
        for offset, size, width, name in self.variables:
            if offset <= write.offset < offset + size:
                first = (write.offset - offset) // width
                return name, range(first, first + write.bytes // width)
        return None, range(0)

    def extent(self, variable, row=None):
        """The offsets (first, end) of a variable's bytes, or of those of one row."""
        offset, size, width = next((*place, width) for *place, width, name in self.variables if name == variable)
        return (offset, offset + size) if row is None else (offset + row * width, offset + (row + 1) * width)

    def rows(self, variable, calls):
        """The rows of a variable that calls wrote."""
        places = [self.of(call) for call in calls if call.kind == Kind.WRITE]
        return {row for name, rows in places if name == variable for row in rows}


class Promises:
    """output: the file of the log, after the sweep is complete."""

    def __init__(self, log, output):
        self.log, self.output = log, output
        self.places = Places(output)
        self.rows, self.checkpoints = [], []  # [(durable from this instant, row or checkpoint)]
        slots = {}
        for call in log.calls:
            if call.kind != Kind.WRITE or call.file != File.RESULT:
                continue
            name, rows = self.places.of(call)
            if name == "status":
                self.rows += [(call.durable, row) for row in rows]
            elif name in ("checkpoint/trajectory", "checkpoint/iteration"):
                slots[name, rows[0]] = int.from_bytes(call.data, "little")
            elif name == "checkpoint/checksum":
                place = slots["checkpoint/trajectory", rows[0]], slots["checkpoint/iteration", rows[0]]
                self.checkpoints.append((call.durable, checksums.Checkpoint(rows[0], *place, True)))

    def at(self, instant):
        """The contents that a file must have after a cut at the instant."""
        final = dict.fromkeys((row for durable, row in self.rows if durable < instant), True)
        checkpoints = [checkpoint for durable, checkpoint in self.checkpoints if durable < instant]
        with h5py.File(self.output) as file:
            return judge.Contents(final, checkpoints, judge.progress_of(file, final, checkpoints))
