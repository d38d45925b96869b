"""What a disk may hold after the power was cut at some instant of a recorded sweep.

What was made durable before is there. What became of every other write is drawn: it is there, lost, torn, or something
else is in its place; and the last changes of names may not have come to pass. Disks and file systems do less than
that: they keep some order. Two things are relied on, as by every file that is changed in place: bytes beside those
that are written stay as they are, and a write of what is there already does no harm.
"""

import random

from fault.write_log import File, Kind

SECTOR, PAGE = 512, 4096
NAMES = {File.RESULT: "out.h5", File.PART: "out.h5.part"}


# ---- what becomes of a write: each gives the pieces [(offset, bytes)] of it that are there -------------------


def kept(write, choice):
    return [(write.offset, write.data)]


def lost(write, choice):
    return []


def random_bytes(write, choice):
    return [(write.offset, choice.randbytes(write.bytes))]


def zeros(write, choice):
    return [(write.offset, bytes(write.bytes))]


def torn(unit):
    """Some of its sectors or pages are there."""

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
    """So many of the writes are there."""
    return lambda write, choice: kept(write, choice) if choice.random() < share else []


def by_size(is_there):
    """Statuses, counts and checksums are small: that they alone are there is the worst that may happen."""
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
    """What is left after a cut at an instant: {name: bytes}, and the writes in whose place is something else.

    before: the bytes of a result that was there, durable, when the log begins.
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
        """{name: inode}: changes come to pass in their order, those that are not durable up to some point."""
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
