"""What a recorded sweep may rely on at an instant: the rows and checkpoints that it had made valid and durable."""

import struct

import h5py

from fault import judge
from fault.write_log import Kind
from store import checksums


class Places:
    """Which values of which variables a write of so many bytes at an offset is."""

    def __init__(self, path):
        self.variables = []
        with h5py.File(path) as file:
            file.visititems(self._add)

    def _add(self, name, variable):
        if isinstance(variable, h5py.Dataset) and variable.id.get_offset() is not None:
            size = variable.id.get_storage_size()
            if size > 0:
                rows = variable.shape[0] if variable.shape else 1
                self.variables.append((variable.id.get_offset(), size, size // rows, name))

    def of(self, write):
        """(variable, first row, rows); None beside all variables."""
        for offset, size, width, name in self.variables:
            if offset <= write.offset < offset + size:
                return name, (write.offset - offset) // width, write.bytes // width
        return None


class Promises:
    """expected: the path of the finished result, which has the same places."""

    def __init__(self, log, expected):
        self.expected = expected
        self.places = Places(expected)
        self.rows, self.checkpoints = [], []  # [(durable from, what)]
        slots = {}
        for call in log.calls:
            place = self.places.of(call) if call.kind == Kind.WRITE else None
            if place is None:
                continue
            name, first, count = place
            if name == "status":
                self.rows += [(call.durable, row) for row in range(first, first + count)]
            elif name in ("checkpoint/trajectory", "checkpoint/iteration"):
                width = "<i" if name == "checkpoint/trajectory" else "<q"
                slots[name, first] = struct.unpack(width, call.data)[0] if call.bytes < 9 else None
            elif name == "checkpoint/checksum" and ("checkpoint/trajectory", first) in slots:
                says = slots["checkpoint/trajectory", first], slots["checkpoint/iteration", first]
                self.checkpoints.append((call.durable, checksums.Checkpoint(first, *says, True)))

    def at(self, instant):
        """(rows, progress) that no cut at the instant may take."""
        rows = {row for durable, row in self.rows if durable < instant}
        checkpoints = [checkpoint for durable, checkpoint in self.checkpoints if durable < instant]
        with h5py.File(self.expected) as file:
            final = dict.fromkeys(rows, True)
            return rows, judge.progress_of(file, file["status"][...], final, checkpoints)
