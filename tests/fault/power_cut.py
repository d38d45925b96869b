"""What a disk may hold after the power was cut at some instant of a recorded sweep.

What was made durable before is there. What became of every other write is drawn: it is there, lost, torn, or something
else is in its place; and the last changes of names may not have come to pass. Disks and file systems do less than
that: they keep some order. Two things are relied on, as by every file that is changed in place: bytes beside those
that are written stay as they are, and a write of what is there already does no harm.
"""

from fault.write_log import File, Kind

SECTOR, PAGE = 512, 4096
NAMES = {File.RESULT: "out.h5", File.PART: "out.h5.part"}


# ---- what becomes of a write: each gives the pieces [(offset, bytes)] of it that are there -------------------


def kept(write, choice, disk):
    return [(write.offset, write.data)]


def lost(write, choice, disk):
    return []


def random_bytes(write, choice, disk):
    return [(write.offset, choice.randbytes(write.bytes))]


def zeros(write, choice, disk):
    return [(write.offset, bytes(write.bytes))]


def torn(unit):
    """Some of its sectors or pages are there."""

    def pieces(write, choice, disk):
        edges = [write.offset, *range((write.offset // unit + 1) * unit, write.end, unit), write.end]
        return [
            (start, write.data[start - write.offset : end - write.offset])
            for start, end in zip(edges, edges[1:])
            if choice.random() < 0.5
        ]

    return pieces


def garbled(write, choice, disk):
    if bytes(disk[write.offset : write.end]) == write.data:
        return []
    return choice.choice([kept, lost, zeros, random_bytes])(write, choice, disk)


def some(share):
    """So many of the writes are there."""
    return lambda write, choice, disk: kept(write, choice, disk) if choice.random() < share else []


def by_size(is_there):
    """Statuses, counts and checksums are small: this order is the worst that may happen to them, or the contrary."""
    return lambda write, choice, disk: kept(write, choice, disk) if is_there(write.bytes) else []


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


def content(log, inode, instant, fate, choice):
    """The bytes of a file."""
    disk = bytearray()
    for call in log.calls:
        if call.begun >= instant or call.failed or call.inode != inode:
            continue
        is_durable = call.durable < instant
        if call.kind == Kind.WRITE:
            for offset, data in kept(call, choice, disk) if is_durable else fate(call, choice, disk):
                disk.extend(bytes(max(0, offset + len(data) - len(disk))))
                disk[offset : offset + len(data)] = data
        elif call.kind == Kind.TRUNCATE and (is_durable or choice.random() < 0.5):
            del disk[call.offset :]
            disk.extend(bytes(call.offset - len(disk)))
        elif call.kind == Kind.ALLOCATE and (is_durable or choice.random() < 0.5):
            disk.extend(bytes(max(0, call.end - len(disk))))
    return bytes(disk)


def names(log, instant, choice):
    """{name: inode}: the changes come to pass in their order, those that are not durable up to some point."""
    changes = [
        call
        for call in log.calls
        if call.kind in (Kind.OPEN, Kind.RENAME, Kind.UNLINK) and call.begun < instant and not call.failed
    ]
    durable = max((i + 1 for i, change in enumerate(changes) if change.durable < instant), default=0)
    found = {}
    for change in changes[: choice.randint(durable, len(changes))]:
        if change.kind == Kind.RENAME:
            found[File.RESULT] = found.pop(change.file)
        elif change.kind == Kind.UNLINK:
            found.pop(change.file, None)
        elif change.file == File.PART:
            found.setdefault(File.PART, change.inode)
    return {NAMES[file]: inode for file, inode in found.items()}


def restore(log, instant, fate, choice, folder):
    """Writes what is left after a cut at the instant into a folder."""
    for name, inode in names(log, instant, choice).items():
        (folder / name).write_bytes(content(log, inode, instant, fate, choice))
