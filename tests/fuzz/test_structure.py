"""Result files that HDF5 opens gladly and that are none of ours: of every variable another type, shape, size, storage;
none of them may be read beyond its bounds, or make the reader allocate more than the file has."""

import os
import shutil
import struct

import h5py
import numpy as np
import pytest

# That of tests/fuzz/result_base.c.
JOB = {
    "name": "base", "samples": 20, "data_seed": 5, "dev_fraction": 0.25, "split_seed": 6, "n_h": "[1, 2]",
    "activation": "[tanh, relu]", "iterations": "[2, 4]",
}  # fmt: skip

# One of each type, number of dimensions and group; with --long every one.
SOME = ["activation", "status", "iterations", "train_outcomes", "W1", "b2", "cost", "noise", "X_train", "y_dev"]
SOME += ["leases/run", "leases/started", "runs/id", "runs/hosts", "runs/current", "checkpoint/W1", "integrity/pages"]


@pytest.fixture(scope="module")
def base(undisturbed):
    """A finished result of the same job as the fuzz target's."""
    return undisturbed(**JOB)[1]


def variables(base):
    """The paths of all variables: what is neither a group nor a dimension's scale alone."""
    found = []

    def look(name, node):
        if isinstance(node, h5py.Dataset) and node.attrs.get("CLASS") != b"DIMENSION_SCALE":
            found.append(name)

    with h5py.File(base) as file:
        file.visititems(look)
    return found


def remade(file, path, data=None, **options):
    """Replaces a variable by another dataset of that name."""
    old = file[path]
    options.setdefault("shape", old.shape)
    options.setdefault("dtype", h5py.Datatype(old.id.get_type()))  # exactly: NumPy knows one kind of text only
    del file[path]
    new = file.create_dataset(path, **options)
    if data is not None:
        new[...] = data


def other_type(file, path):
    is_real = file[path].dtype.kind == "f"
    remade(file, path, 0, dtype="i2" if is_real else "f2")


def big_endian(file, path):
    if file[path].dtype.itemsize == 1:
        other_type(file, path)
    else:
        remade(file, path, 0, dtype=file[path].dtype.newbyteorder(">"))


def compressed(file, path):
    if file[path].shape == ():
        missing(file, path)
    else:
        remade(file, path, file[path][...], chunks=True, compression="gzip")


def virtual(file, path):
    old = file[path]
    layout = h5py.VirtualLayout(shape=old.shape, dtype=old.dtype)
    if old.shape != ():
        layout[...] = h5py.VirtualSource(file.filename, "status", shape=old.shape)
    del file[path]
    file.create_virtual_dataset(path, layout)


def external(file, path):
    remade(file, path, external=[("/dev/zero", 0, h5py.h5f.UNLIMITED)])


def missing(file, path):
    del file[path]


def relinked(link):
    def change(file, path):
        del file[path]
        file[path] = link

    return change


def longer(file, path):
    shape, data = file[path].shape, file[path][()]
    remade(file, path, shape=(shape[0] + 1, *shape[1:]) if shape else (1,))
    file[path][: len(data) if shape else 1] = data


def huge(file, path):
    rank = max(1, len(file[path].shape))
    remade(file, path, shape=(2 ** (60 // rank // 2),) * rank)


def deeper(file, path):
    remade(file, path, shape=(*file[path].shape, 1))


def nothing(file, path):
    dtype = file[path].dtype
    del file[path]
    file.create_dataset(path, data=h5py.Empty(dtype))


def group(file, path):
    del file[path]
    file.create_group(path)


# How a variable is changed, and what the message says then, whichever variable it was.
CHANGES = {
    "missing": (missing, "cannot be opened"),
    "group": (group, "cannot be opened"),
    "link-to-nothing": (relinked(h5py.SoftLink("/nowhere")), "cannot be opened"),
    "link-to-itself": (lambda file, path: relinked(h5py.SoftLink("/" + path))(file, path), "cannot be opened"),
    "link-to-a-device": (relinked(h5py.ExternalLink("/dev/zero", "/x")), "cannot be opened"),
    "other-type": (other_type, "has another type"),
    "big-endian": (big_endian, "has another type"),
    "deeper": (deeper, "dimensions"),
    "nothing": (nothing, ""),
    "longer": (longer, "dimension"),
    "huge": (huge, "the variable"),
    "compressed": (compressed, ""),
    "virtual": (virtual, ""),
    "external": (external, ""),
    "unwritten": (lambda file, path: remade(file, path), "lies outside the file"),
}


REWRITTEN = "is not a result as moonsweep writes it"

# No other variable has the dimension of these: readers take what it says.
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
def test_a_variable_that_is_not_ours_is_refused(replay, base, tmp_path, kind, amount):
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


def replaced(name, value, **options):
    def change(file):
        del file.attrs[name]
        if value is not None:
            file.attrs.create(name, value, **options)

    return change


ATTRIBUTES = [
    ("bad-no-format.h5", replaced("format_version", None), "it has no format_version"),
    ("bad-format-2.h5", replaced("format_version", 2), "has format version 2"),
    ("bad-format-real.h5", replaced("format_version", 1.0), "it has no format_version"),
    ("bad-format-list.h5", replaced("format_version", [1, 1]), "it has no format_version"),
    ("bad-format-text.h5", replaced("format_version", "1"), "it has no format_version"),
    ("bad-numerics-text.h5", replaced("numerics", "1"), "it has no format_version"),
    ("bad-precision.h5", replaced("precision", "float16"), "precision must be float64 or float32"),
    ("bad-precision-number.h5", replaced("precision", 64), "precision must be float64 or float32"),
    ("bad-precision-other.h5", replaced("precision", "float32"), "has another type"),
    ("bad-job-hash.h5", replaced("job_hash", "0123456789ABCDEF"), "job_hash must be 16 hex digits"),
    ("bad-job-hash-short.h5", replaced("job_hash", "0"), "job_hash must be 16 hex digits"),
    ("bad-no-title.h5", replaced("title", None), "the attribute title is missing"),
    ("bad-title-fixed.h5", replaced("title", np.bytes_(b"base")), "the attribute title is missing"),
    ("bad-title-list.h5", replaced("title", ["a", "b"]), "the attribute title is missing"),
    ("bad-title-nothing.h5", replaced("title", h5py.Empty("S1")), "the attribute title is missing"),
    ("bad-job-reference.h5", replaced("job", None), "the attribute job is missing"),
    # Readers take these; a run does not continue a file whose structure has changed.
    ("bad-job-of-20-MB.h5", replaced("job", "#" * 20_000_000), REWRITTEN),
    ("bad-job-empty.h5", replaced("job", ""), ""),
    ("bad-title-lines.h5", replaced("title", "a\nb\x1b[31m"), ""),
    ("bad-more.h5", lambda file: file.attrs.create("mine", np.zeros((10, 10))), REWRITTEN),
    ("bad-more-variables.h5", lambda file: file.create_dataset("mine", data=np.zeros(100), chunks=(10,)), REWRITTEN),
]


def test_attributes_that_are_not_ours_are_refused(replay, base, tmp_path):
    (tmp_path / "cases").mkdir()
    check(replay, base, tmp_path / "cases", ATTRIBUTES)


def test_variables_that_share_a_place_are_refused(replay, base, tmp_path):
    with h5py.File(base) as file:
        places = {path: (file[path].id.get_offset(), file[path].id.get_storage_size()) for path in variables(base)}
    folder = tmp_path / "cases"
    folder.mkdir()
    lines = []
    for path, other in [("cost", "W1"), ("status", "X_train"), ("runs/current", "checksum"), ("y_dev", "n_h")]:
        # The message in a header that says where contiguous data are: version 3, class 1, address, size.
        address, size = places[path]
        old, new = (struct.pack("<BBQQ", 3, 1, at, size) for at in (address, places[other][0] + 8))
        whole = base.read_bytes()
        assert whole.count(old) == 2  # the second one is in the copy of the pages
        name = f"bad-{path.replace('/', '-')}.h5"
        (folder / name).write_bytes(whole.replace(old, new, 1))
        lines.append(f"{name} | overlap: the file is corrupt | \n")
    (folder / "cases.txt").write_text("".join(lines))
    replay("result", folder)


def test_groups_behind_links_are_not_followed(replay, base, tmp_path):
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
