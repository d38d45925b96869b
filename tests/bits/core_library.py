"""The sources of src/core/ that make data, compiled into a library that Python calls."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes
import subprocess

SOURCES = ["base/error.c", "base/plural.c", "core/data.c", "core/maths.c", "core/moons.c", "core/names.c", "core/rng.c"]


class Data(ctypes.Structure):
    """struct ms_data"""

    _fields_ = [
        ("rows", ctypes.c_int64),
        ("n_x", ctypes.c_int32),
        ("X", ctypes.POINTER(ctypes.c_double)),
        ("y", ctypes.POINTER(ctypes.c_uint8)),
    ]


def load(source, folder, compiler, *options):
    """Compiles the sources with the arithmetic flags of meson.build and these options."""
    path = folder / "core.so"
    command = [compiler, *options, "-std=c17", "-ffp-contract=off", "-D_POSIX_C_SOURCE=200809L"]
    files = [source / "src" / name for name in SOURCES]
    command += ["-shared", "-fPIC", f"-I{source / 'include'}", *files, "-lm", "-o", path]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(path))


def moons(core, samples, noise, seed):
    """The coordinates, twice as many as samples, and the labels of two moons."""
    data, error = Data(), ctypes.create_string_buffer(2048)
    made = core.ms_moons_make(
        ctypes.c_int64(samples), ctypes.c_double(noise), ctypes.c_uint32(seed), None, ctypes.byref(data), error
    )
    assert made == 0
    coordinates, labels = data.X[: 2 * samples], data.y[:samples]
    core.ms_data_free(ctypes.byref(data))
    return coordinates, labels
