"""Damages a result file at a place, and makes its checksums right again where a test wants a forgery."""

import h5py
import numpy as np

from lib import checksums


def write_bytes(path, offset, data):
    """Writes bytes at an offset of a file, which keeps its length unless they go beyond it."""
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def flip_bit(path, offset, bit):
    """Turns one bit of a byte of a file over."""
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1 << bit]))


class Flipped:
    """A file with one bit turned over as long as a `with` lasts."""

    def __init__(self, path, offset, bit):
        self.where = path, offset, bit

    def __enter__(self):
        flip_bit(*self.where)
        return self.where[0]

    def __exit__(self, *_):
        flip_bit(*self.where)


def flip_value(path, name, place, mask=1):
    """Turns bits over in the first byte of a variable's value; returns the value before and after."""
    with h5py.File(path, "r+") as file:
        before = file[name][place]
        after = np.array(before)
        after.reshape(-1).view(np.uint8)[0] ^= mask
        file[name][place] = after
        return before, after


def seal(file, config):
    """Makes both checksums of a configuration of an h5py.File right for what is stored."""
    file["checksum"][config], file["times_checksum"][config] = checksums.of_config(file, config)
