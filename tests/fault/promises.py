"""What a recorded sweep may rely on at an instant: the rows and checkpoints that it had made valid and durable."""

import h5py

from fault import judge
from fault.write_log import File, Kind
from lib import checksums


class Places:
    """Which values of which variables a write of so many bytes at an offset is. Where a variable is depends on what the
    file was made by (its command, among others), not on the job alone. The superblock counts as one."""

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
        """(variable, its rows); (None, no rows) beside all variables."""
        for offset, size, width, name in self.variables:
            if offset <= write.offset < offset + size:
                first = (write.offset - offset) // width
                return name, range(first, first + write.bytes // width)
        return None, range(0)

    def extent(self, variable):
        """(first, end) of the bytes of a variable."""
        return next((offset, offset + size) for offset, size, _, name in self.variables if name == variable)

    def rows(self, variable, calls):
        """The rows of a variable that are written by calls."""
        places = [self.of(call) for call in calls if call.kind == Kind.WRITE]
        return {row for name, rows in places if name == variable for row in rows}


class Promises:
    """output: the file that the log is of, when the sweep is finished."""

    def __init__(self, log, output):
        self.output = output
        self.places = Places(output)
        self.rows, self.checkpoints = [], []  # [(durable from, what)]
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
                says = slots["checkpoint/trajectory", rows[0]], slots["checkpoint/iteration", rows[0]]
                self.checkpoints.append((call.durable, checksums.Checkpoint(rows[0], *says, True)))

    def at(self, instant):
        """What a file must hold after a cut at the instant."""
        final = dict.fromkeys((row for durable, row in self.rows if durable < instant), True)
        checkpoints = [checkpoint for durable, checkpoint in self.checkpoints if durable < instant]
        with h5py.File(self.output) as file:
            return judge.Held(final, checkpoints, judge.progress_of(file, final, checkpoints))
