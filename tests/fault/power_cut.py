"""Rebuilds a state in which a disk may be after a power cut at some instant of a recorded sweep.

What had been made durable is there. The fate of every other write is drawn at random: it is there, lost, torn, or
replaced by other bytes. The last changes of names may be lost. Real disks and file systems lose less than that, because
they keep some order. The format relies on two properties of disks, like every format that is changed in place: a write
does not change the bytes next to it, and rewriting bytes with the same values is harmless.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

from fault.write_log import File, Kind

SECTOR, PAGE = 512, 4096
NAMES = {File.RESULT: "out.h5", File.PART: "out.h5.part"}


# ---- the fates of a write: each function returns the pieces [(offset, bytes)] that are on the disk -----------


def kept(write, choice):
    return [(write.offset, write.data)]


def lost(write, choice):
    return []


def random_bytes(write, choice):
    return [(write.offset, choice.randbytes(write.bytes))]


def zeros(write, choice):
    return [(write.offset, bytes(write.bytes))]


def torn(unit):
    """Half of its sectors or pages, at random, are there."""

    def pieces(write, choice):
        edges = [write.offset, *range((write.offset // unit + 1) * unit, write.end, unit), write.end]
        return [
            (start, write.data[start - write.offset : end - write.offset])
            for start, end in zip(edges, edges[1:])
            if choice.random() < 0.5
        ]

    return pieces


def garbled(write, choice):
    return choice.choice([kept, lost, zeros, random_bytes])(write, choice)


def some(share):
    """This share of the writes is there."""
    return lambda write, choice: kept(write, choice) if choice.random() < share else []


def by_size(is_there):
    """Only writes of some sizes are there. Statuses, counts and checksums are small; the worst case is that only they
    are there."""
    return lambda write, choice: kept(write, choice) if is_there(write.bytes) else []


FATES = {
    "lost": lost,
    "kept": kept,
    "few": some(0.1),
    "half": some(0.5),
    "most": some(0.9),
    "small": by_size(lambda size: size <= 8),
    "large": by_size(lambda size: size > 8),
    "torn sectors": torn(SECTOR),
    "torn pages": torn(PAGE),
    "garbled": garbled,
}


# ---- the disk ------------------------------------------------------------------------------------------------


class Disk:
    """The state after a cut at an instant. files: {name: bytes}; damaged: the writes whose bytes are now neither the
    old nor the new ones.

    before: the bytes of a result that existed and was durable when the log began.
    """

    def __init__(self, log, instant, fate, seed, before=None):
        self._log, self._instant, self._fate, self._before = log, instant, FATES[fate], before
        self._choice = random.Random(f"{fate} {seed} {instant}")
        self.damaged = []
        self.files = {name: self._content(inode) for name, inode in self._names().items()}

    def save(self, folder):
        for name, content in self.files.items():
            (folder / name).write_bytes(content)

    def _names(self):
        """{name: inode}. Changes of names happen in order: all that are durable, and some of those that follow."""
        changes = [
            call
            for call in self._log.calls
            if call.kind in (Kind.OPEN, Kind.RENAME, Kind.UNLINK) and call.begun < self._instant and not call.failed
        ]
        durable = max((i + 1 for i, change in enumerate(changes) if change.durable < self._instant), default=0)
        found = {} if self._before is None else {File.RESULT: self._inode_before()}
        for change in changes[: self._choice.randint(durable, len(changes))]:
            if change.kind == Kind.RENAME:
                found[File.RESULT] = found.pop(change.file)
            elif change.kind == Kind.UNLINK:
                found.pop(change.file, None)
            elif change.file == File.PART:
                found.setdefault(File.PART, change.inode)
        return {NAMES[file]: inode for file, inode in found.items()}

    def _inode_before(self):
        return next(call.inode for call in self._log.calls if call.file == File.RESULT)

    def _content(self, inode):
        content = bytearray(self._before or b"")
        for call in self._log.calls:
            if call.begun >= self._instant or call.failed or call.inode != inode:
                continue
            is_durable = call.durable < self._instant
            if call.kind == Kind.WRITE:
                self._write(content, call, is_durable)
            elif call.kind == Kind.TRUNCATE and (is_durable or self._choice.random() < 0.5):
                del content[call.offset :]
                content.extend(bytes(call.offset - len(content)))
            elif call.kind == Kind.ALLOCATE and (is_durable or self._choice.random() < 0.5):
                content.extend(bytes(max(0, call.end - len(content))))
        return bytes(content)

    def _write(self, content, write, is_durable):
        before = bytes(content[write.offset : write.end])
        fate = kept if is_durable or before == write.data else self._fate
        for offset, data in fate(write, self._choice):
            content.extend(bytes(max(0, offset + len(data) - len(content))))
            content[offset : offset + len(data)] = data
        if bytes(content[write.offset : write.end]) not in (before, write.data):
            self.damaged.append(write)
