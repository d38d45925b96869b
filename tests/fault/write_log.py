"""Reads the log of libwrite_log.so (write_log.c): every call that changed a result file, in the order of time.

A call has two positions in the log, `begun` and `over`. An instant is the number of records that had been appended by
then. `first.over < second.begun` means that the first call had returned when the second began.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import struct
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """The same as enum preload_kind."""

    OPEN, READ, WRITE, TRUNCATE, ALLOCATE, SYNC, CLOSE, RENAME, UNLINK = range(9)


class File(IntEnum):
    """The same as enum preload_file."""

    RESULT, PART, LOCK, FOLDER = range(4)


NEVER = float("inf")
RECORD = struct.Struct("=IIIiiiQqqq")


@dataclass
class Call:
    """One call. `over` is NEVER if the process was killed during the call."""

    kind: Kind
    file: File
    run: int  # the index of the log that it is in
    process: int
    inode: int
    offset: int
    bytes: int
    data: bytes
    begun: int
    over: float = NEVER
    failed: bool = False
    durable: float = NEVER  # the instant after which it cannot be lost

    @property
    def end(self):
        return self.offset + self.bytes


class Log:
    """The calls of one or several successive runs. A sync that is not honest makes nothing durable."""

    def __init__(self, paths, is_honest=lambda sync: True):
        self.paths, self.calls, self.length = paths, [], 0
        for run, path in enumerate(paths):
            self._read(run, path.read_bytes())
        self.syncs = [call for call in self.calls if call.kind == Kind.SYNC and not call.failed and is_honest(call)]
        for call in self.calls:
            call.durable = self._durable(call)

    def _read(self, run, log):
        place, open_calls = 0, {}
        while place < len(log):
            kind, file, is_over, process, thread, _, inode, offset, count, result = RECORD.unpack_from(log, place)
            place += RECORD.size
            if is_over:
                call = open_calls.pop(thread)
                call.over, call.failed, call.inode = self.length, result < 0, inode or call.inode
                assert call.kind != Kind.WRITE or result == call.bytes, "a short write"
            else:
                size = count if kind == Kind.WRITE else 0
                data = log[place : place + size]
                call = Call(Kind(kind), File(file), run, process, inode, offset, count, data, self.length)
                assert thread not in open_calls, "a call within a call"
                open_calls[thread] = call
                self.calls.append(call)
                place += size
            self.length += 1

    def _durable(self, call):
        """The instant at which a call becomes durable: when a sync has returned that began after the call, made by any
        thread of the same process, or by a later run. Syncs of other processes of the same run do not count, because
        these may be on another node."""
        if call.kind in (Kind.OPEN, Kind.RENAME, Kind.UNLINK):
            syncs = [sync for sync in self.syncs if sync.file == File.FOLDER]
        else:
            syncs = [sync for sync in self.syncs if sync.file != File.FOLDER and sync.inode == call.inode]
        return min(
            (
                sync.over
                for sync in syncs
                if sync.begun > call.over and (sync.process == call.process or sync.run > call.run)
            ),
            default=NEVER,
        )
