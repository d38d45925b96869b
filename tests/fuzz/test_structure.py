"""Files that HDF5 opens without errors but that are not valid results: each variable in turn has another type, shape,
size or storage. Such a file must not be read beyond its bounds, or make the reader allocate more memory than its
size."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import shutil
import struct

import h5py
import numpy as np
import pytest

# The job of tests/fuzz/result_base.c.
JOB = {
    "name": "base", "samples": 20, "data_seed": 5, "dev_fraction": 0.25, "split_seed": 6, "n_h": "[1, 2]",
    "activation": "[tanh, relu]", "iterations": "[2, 4]",
}  # fmt: skip

# One variable of each type, number of dimensions and group. With --long, all are tested.
SOME = ["activation", "status", "iterations", "train_outcomes", "W1", "b2", "cost", "noise", "X_train", "y_dev"]
SOME += ["leases/run", "leases/started", "runs/id", "runs/hosts", "runs/current", "checkpoint/W1", "integrity/pages"]


@pytest.fixture(scope="module")
def base(undisturbed):
    """A finished result of the same job as the fuzz target's."""
    return undisturbed(**JOB)[1]


def variables(base):
    """The paths of all variables, without groups and datasets that are only dimension scales."""
    found = []

    def look(name, node):
        if isinstance(node, h5py.Dataset) and node.attrs.get("CLASS") != b"DIMENSION_SCALE":
            found.append(name)

    with h5py.File(base) as file:
        file.visititems(look)
    return found


def replace_variable(file, path, data=None, **options):
    """Replaces a variable by another dataset with the same name."""
    old = file[path]
    options.setdefault("shape", old.shape)
    options.setdefault("dtype", h5py.Datatype(old.id.get_type()))  # NumPy types do not distinguish all kinds of text
    del file[path]
    new = file.create_dataset(path, **options)
    if data is not None:
        new[...] = data


def other_type(file, path):
    is_real = file[path].dtype.kind == "f"
    replace_variable(file, path, 0, dtype="i2" if is_real else "f2")


def big_endian(file, path):
    if file[path].dtype.itemsize == 1:
        other_type(file, path)
    else:
        replace_variable(file, path, 0, dtype=file[path].dtype.newbyteorder(">"))


def compressed(file, path):
    if file[path].shape == ():
        missing(file, path)
    else:
        replace_variable(file, path, file[path][...], chunks=True, compression="gzip")


def virtual(file, path):
    old = file[path]
    layout = h5py.VirtualLayout(shape=old.shape, dtype=old.dtype)
    if old.shape != ():
        layout[...] = h5py.VirtualSource(file.filename, "status", shape=old.shape)
    del file[path]
    file.create_virtual_dataset(path, layout)


def external(file, path):
    replace_variable(file, path, external=[("/dev/zero", 0, h5py.h5f.UNLIMITED)])


def missing(file, path):
    del file[path]


def relinked(link):
    def change(file, path):
        del file[path]
        file[path] = link

    return change


def longer(file, path):
    shape, data = file[path].shape, file[path][()]
    replace_variable(file, path, shape=(shape[0] + 1, *shape[1:]) if shape else (1,))
    file[path][: len(data) if shape else 1] = data


def huge(file, path):
    rank = max(1, len(file[path].shape))
    replace_variable(file, path, shape=(2 ** (60 // rank // 2),) * rank)


def deeper(file, path):
    replace_variable(file, path, shape=(*file[path].shape, 1))


def nothing(file, path):
    dtype = file[path].dtype
    del file[path]
    file.create_dataset(path, data=h5py.Empty(dtype))


def group(file, path):
    del file[path]
    file.create_group(path)


# How a variable is changed, and a part of the message for any variable.
CHANGES = {
    "missing": (missing, "cannot be opened"),
    "group": (group, "cannot be opened"),
    "link-to-nothing": (relinked(h5py.SoftLink("/nowhere")), "cannot be opened"),
    "link-to-itself": (lambda file, path: relinked(h5py.SoftLink("/" + path))(file, path), "cannot be opened"),
    "link-to-a-device": (relinked(h5py.ExternalLink("/dev/zero", "/x")), "cannot be opened"),
    "other-type": (other_type, "does not have the type"),
    "big-endian": (big_endian, "does not have the type"),
    "deeper": (deeper, "dimensions"),
    "nothing": (nothing, ""),
    "longer": (longer, "dimension"),
    "huge": (huge, "the variable"),
    "compressed": (compressed, ""),
    "virtual": (virtual, ""),
    "external": (external, ""),
    "unwritten": (lambda file, path: replace_variable(file, path), "lies outside the file"),
}


REWRITTEN = "was truncated, or rewritten by another program"

# No other variable has the dimension of these, so readers accept its size.
OTHERWISE = {("longer", "cost"): REWRITTEN, ("longer", "integrity/pages"): REWRITTEN}


def check(replay, base, folder, cases):
    """Makes a file of each case (name, change, message) and replays them all."""
    lines = []
    for name, change, message in cases:
        shutil.copy(base, folder / name)
        with h5py.File(folder / name, "r+") as file:
            change(file)
        lines.append(f"{name} | {message} | \n")
    (folder / "cases.txt").write_text("".join(lines))
    replay("result", folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("kind", CHANGES)
def test_an_unexpected_variable_is_refused(replay, base, tmp_path, kind, amount):
    change, message = CHANGES[kind]
    paths = amount(SOME, variables(base))
    cases = [
        (
            f"bad-{path.replace('/', '-')}.h5",
            lambda file, path=path: change(file, path),
            OTHERWISE.get((kind, path), message),
        )
        for path in paths
    ]
    (tmp_path / "cases").mkdir()
    check(replay, base, tmp_path / "cases", cases)


def replace_attribute(name, value, **options):
    def change(file):
        del file.attrs[name]
        if value is not None:
            file.attrs.create(name, value, **options)

    return change


ATTRIBUTES = [
    ("bad-no-format.h5", replace_attribute("format_version", None), "it has no format_version"),
    ("bad-format-2.h5", replace_attribute("format_version", 2), "has format version 2"),
    ("bad-format-real.h5", replace_attribute("format_version", 1.0), "it has no format_version"),
    ("bad-format-list.h5", replace_attribute("format_version", [1, 1]), "it has no format_version"),
    ("bad-format-text.h5", replace_attribute("format_version", "1"), "it has no format_version"),
    ("bad-numerics-text.h5", replace_attribute("numerics", "1"), "it has no format_version"),
    ("bad-precision.h5", replace_attribute("precision", "float16"), "precision must be float64 or float32"),
    ("bad-precision-number.h5", replace_attribute("precision", 64), "precision must be float64 or float32"),
    ("bad-precision-other.h5", replace_attribute("precision", "float32"), "does not have the type"),
    ("bad-job-hash.h5", replace_attribute("job_hash", "0123456789ABCDEF"), "job_hash must be 16 hex digits"),
    ("bad-job-hash-short.h5", replace_attribute("job_hash", "0"), "job_hash must be 16 hex digits"),
    ("bad-no-title.h5", replace_attribute("title", None), "the attribute title is missing"),
    ("good-title-fixed.h5", replace_attribute("title", np.bytes_(b"base")), "-"),
    ("bad-title-list.h5", replace_attribute("title", ["a", "b"]), "the attribute title is missing"),
    ("bad-title-nothing.h5", replace_attribute("title", h5py.Empty("S1")), "the attribute title is missing"),
    ("bad-job-reference.h5", replace_attribute("job", None), "the attribute job is missing"),
    # Readers accept these, but a run does not resume a file whose structure has changed.
    ("bad-job-of-20-MB.h5", replace_attribute("job", "#" * 20_000_000), REWRITTEN),
    ("bad-job-empty.h5", replace_attribute("job", ""), ""),
    ("bad-title-lines.h5", replace_attribute("title", "a\nb\x1b[31m"), ""),
    ("bad-links-to-the-root.h5", lambda file: [file.__setitem__(f"l{i}", file["/"]) for i in range(300)], REWRITTEN),
    ("bad-more.h5", lambda file: file.attrs.create("mine", np.zeros((10, 10))), REWRITTEN),
    ("bad-more-variables.h5", lambda file: file.create_dataset("mine", data=np.zeros(100), chunks=(10,)), REWRITTEN),
]


def test_unexpected_attributes_are_refused(replay, base, tmp_path):
    (tmp_path / "cases").mkdir()
    check(replay, base, tmp_path / "cases", ATTRIBUTES)


def test_overlapping_variables_are_refused(replay, base, tmp_path):
    with h5py.File(base) as file:
        places = {path: (file[path].id.get_offset(), file[path].id.get_storage_size()) for path in variables(base)}
    folder = tmp_path / "cases"
    folder.mkdir()
    lines = []
    for path, other in [("cost", "W1"), ("status", "X_train"), ("runs/current", "checksum"), ("y_dev", "n_h")]:
        # The header message with the place of contiguous data: version 3, class 1, address, size.
        address, size = places[path]
        old, new = (struct.pack("<BBQQ", 3, 1, at, size) for at in (address, places[other][0] + 8))
        whole = base.read_bytes()
        assert whole.count(old) == 2  # the second one is in the copy of the pages
        name = f"bad-{path.replace('/', '-')}.h5"
        (folder / name).write_bytes(whole.replace(old, new, 1))
        lines.append(f"{name} | overlap: the file is corrupt | \n")
    (folder / "cases.txt").write_text("".join(lines))
    replay("result", folder)


def test_links_to_groups_are_not_followed(replay, base, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    def relink(name, link):
        def change(file):
            del file[name]
            file[name] = link

        return change

    cases = [
        (f"bad-{name}-{i}.h5", relink(name, link), "cannot be opened")
        for name in ["runs", "leases", "checkpoint", "integrity"]
        for i, link in enumerate(
            [h5py.ExternalLink(str(tmp_path / "pipe"), "/"), h5py.ExternalLink(str(base), name), h5py.SoftLink("/")]
        )
    ]
    (tmp_path / "cases").mkdir()
    check(replay, base, tmp_path / "cases", cases)
