"""Samples from a user's own HDF5 file, written by h5py, and compared with NumPy: types, storage, names, labels, the dev
set, resuming, and what is refused."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import shutil
import struct

import h5py
import numpy as np
import pytest
import xarray

from lib import damage
from lib.own_data import split, write_job

DATA = "file: points.h5, dev_fraction: 0.25, split_seed: 7"


def table(count=80):
    """Samples of three features that every type of number represents exactly, and their labels."""
    random = np.random.default_rng(3)
    return random.integers(0, 100, (count, 3)), random.integers(0, 2, count)


@pytest.fixture
def sweep_of(moonsweep, tmp_path):
    """Runs a sweep on points.h5 and returns what the result contains of its data."""

    def run(data=DATA, ranks=1, file=tmp_path / "points.h5"):
        job = write_job(tmp_path, data.replace("points.h5", file.name))
        out = tmp_path / "out.h5"
        out.unlink(missing_ok=True)
        moonsweep("run", job, "-o", out, ranks=ranks)
        with h5py.File(out) as result:
            return {
                **{name: result[name][:] for name in ("X_train", "y_train", "X_dev", "y_dev")},
                **{name: result.attrs[name] for name in ("label_name", "label_values", "feature_names")},
            }

    return run


def assert_same(result, X, y):
    train_X, train_y, dev_X, dev_y = split(X, y)
    assert np.array_equal(result["X_train"], train_X) and np.array_equal(result["X_dev"], dev_X)
    assert np.array_equal(result["y_train"], train_y) and np.array_equal(result["y_dev"], dev_y)


NUMBERS = ["i1", "u1", ">i2", "u4", "i8", ">u8", "f2", "f4", ">f4", "f8", ">f8", "longdouble"]


@pytest.mark.parametrize("dtype", NUMBERS)
def test_samples_and_labels_of_any_type_of_number_are_read(sweep_of, tmp_path, dtype):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"] = X.astype(dtype)
        file["y"] = (3 - 2 * y).astype(dtype)
    result = sweep_of()
    assert_same(result, X.astype(float), 1 - y)  # the smaller number is label 0
    assert result["label_values"].tolist() == ["1", "3"] and result["label_name"] == "y"
    assert result["feature_names"].tolist() == ["x1", "x2", "x3"]


def test_reals_are_read_to_the_last_bit(sweep_of, tmp_path):
    _, y = table()
    X = np.random.default_rng(5).normal(size=(80, 2))
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, np.where(y == 1, 0.1, -1e300)
    result = sweep_of()
    assert_same(result, X, y)
    assert result["label_values"].tolist() == ["-1e+300", "0.1"]


TEXTS = {
    "variable": h5py.string_dtype(),
    "variable ASCII": h5py.string_dtype("ascii"),
    "fixed": h5py.string_dtype(length=9),
    "bytes": "S5",
}


@pytest.mark.parametrize("dtype", TEXTS.values(), ids=TEXTS)
def test_labels_may_be_texts(sweep_of, tmp_path, dtype):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"] = X
        is_variable = h5py.check_string_dtype(np.dtype(dtype)).length is None
        names = np.array(["dog", "horse"], object) if is_variable else np.array([b"dog", b"horse"], dtype)
        file.create_dataset("y", data=names[y], dtype=dtype)
    result = sweep_of()
    assert_same(result, X, y)
    assert result["label_values"].tolist() == ["dog", "horse"]


def test_texts_padded_with_blanks_and_booleans_are_labels(sweep_of, tmp_path):
    X, y = table()
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(6)
    kind.set_strpad(h5py.h5t.STR_SPACEPAD)
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"] = X
        file["bool"] = y.astype(bool)
        padded = h5py.h5d.create(file.id, b"padded", kind, h5py.h5s.create_simple((len(y),)))
        padded.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"no    ", b"yes   "])[y], mtype=kind)
    for name, values in (("bool", ["0", "1"]), ("padded", ["no", "yes"])):
        result = sweep_of(f"{DATA}, y: {name}")
        assert_same(result, X, y)
        assert result["label_values"].tolist() == values and result["label_name"] == name


STORAGE = {
    "chunked": {"chunks": (7, 2)},
    "compressed": {"chunks": (30, 3), "compression": "gzip", "shuffle": True, "fletcher32": True},
    "one chunk": {"chunks": (80, 3), "compression": "gzip"},
    "growing": {"chunks": (64, 1), "maxshape": (None, 8)},
}


@pytest.mark.parametrize("options", STORAGE.values(), ids=STORAGE)
def test_chunks_and_paths_within_the_file(sweep_of, tmp_path, options):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w", userblock_size=1024) as file:
        file.create_dataset("train/inputs", data=X, **options)
        file.create_dataset("train/labels", data=y[:, np.newaxis], chunks=(9, 1), compression="gzip")
    result = sweep_of(f"{DATA}, X: /train/inputs, y: train/labels", ranks=2)
    assert_same(result, X, y)
    assert result["label_name"] == "labels"


def test_the_contents_tell_that_a_file_is_hdf5_not_its_name(sweep_of, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.csv", "w") as file:
        file["X"], file["y"] = X, y
    assert_same(sweep_of(file=tmp_path / "points.csv"), X, y)
    (tmp_path / "points.h5").write_text("x1,x2,label\n" + "".join(f"{i},1,{i % 2}\n" for i in range(20)))
    assert sweep_of()["label_name"] == "label"


def test_many_rows_are_sent_in_parts(moonsweep, tmp_path):
    random = np.random.default_rng(2)
    X, y = random.normal(size=(150_000, 2)), random.integers(0, 2, 150_000)
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file.create_dataset("X", data=X, chunks=(40_000, 2), compression="gzip", compression_opts=1)
        file["y"] = np.array(["no", "yes"], object)[y]
    moonsweep("data", write_job(tmp_path, DATA), "-o", tmp_path / "data.csv")
    written = np.loadtxt(tmp_path / "data.csv", delimiter=",", skiprows=1, usecols=(0, 1))
    train_X, _, dev_X, _ = split(X, y)
    assert np.array_equal(written, np.concatenate([train_X, dev_X]))


# ---- names ---------------------------------------------------------------------------------------------------


def test_names_of_features_are_an_attribute_or_a_coordinate(sweep_of, tmp_path):
    X, y = table()
    names = ["width", "größe", "weight"]
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, y
        file["X"].attrs["feature_names"] = names
    assert sweep_of()["feature_names"].tolist() == names
    with h5py.File(tmp_path / "points.h5", "r+") as file:
        file["X"].attrs["feature_names"] = np.array([b"a", b"bc", b"def"])
    assert sweep_of()["feature_names"].tolist() == ["a", "bc", "def"]
    data = xarray.Dataset({"X": (("sample", "feature"), X), "y": ("sample", y)}, coords={"feature": names})
    data.to_netcdf(tmp_path / "points.h5", engine="h5netcdf")
    result = sweep_of()
    assert_same(result, X, y)
    assert result["feature_names"].tolist() == names


def test_a_coordinate_of_numbers_gives_no_names(sweep_of, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"], file["feature"] = X, y, np.arange(3)
        file["feature"].make_scale()
        file["X"].dims[1].attach_scale(file["feature"])
    assert sweep_of()["feature_names"].tolist() == ["x1", "x2", "x3"]


WRONG_NAMES = [
    (["a", "b"], "feature_names of 'X' must be a list of texts, one for each of the 3 columns"),
    ([1, 2, 3], "feature_names of 'X' must be a list of texts"),
    (["a", "b", "a"], "the name 'a' occurs twice"),
    (["a", "b", "y"], "the name 'y' occurs twice"),
    (["a", "", "c"], "the name of feature 1, ''"),
    (["a", "b\nc", "c"], "the name of feature 1"),
]


@pytest.mark.parametrize(("names", "words"), WRONG_NAMES)
def test_wrong_names_are_refused(refused, tmp_path, names, words):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, y
        file["X"].attrs["feature_names"] = names
    refused(65, "run", write_job(tmp_path, DATA), "-o", tmp_path / "out.h5", words=[words, "points.h5"])


# ---- the dev set, predict, resuming --------------------------------------------------------------------------


def test_the_dev_set_may_be_of_the_other_kind(sweep_of, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, np.array(["cat", "dog"], object)[y]
        file["X"].attrs["feature_names"] = ["a", "b", "c"]
    (tmp_path / "dev.csv").write_text("c,y,a,b\n3,dog,1,2\n6,cat,4,5\n")
    result = sweep_of("file: points.h5, dev_file: dev.csv")
    assert np.array_equal(result["X_train"], X) and np.array_equal(result["y_train"], y)
    assert result["X_dev"].tolist() == [[1, 2, 3], [4, 5, 6]] and result["y_dev"].tolist() == [1, 0]
    (tmp_path / "train.csv").write_text("c,y,a,b\n3,dog,1,2\n6,cat,4,5\n")
    result = sweep_of("file: train.csv, label: y, dev_file: points.h5")
    assert np.array_equal(result["X_dev"], X[:, [2, 0, 1]]) and np.array_equal(result["y_dev"], y)


def test_predict_reads_hdf5_files_with_the_names_and_labels_of_the_job(moonsweep, refused, rows, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["in/X"], file["in/y"] = X, np.array(["cat", "dog"], object)[y]
        file["in/X"].attrs["feature_names"] = ["a", "b", "c"]
        file["new"] = X[:5, ::-1]
        file["new"].attrs["feature_names"] = ["c", "b", "a"]
        file["labels"] = np.array(["cat", "dog"], object)[y[:5]]
        file["others"] = np.array(["cow", "dog"], object)[y[:5]]
    job = write_job(tmp_path, f"{DATA}, y: in/y, standardize: true")
    out, points, setting = tmp_path / "out.h5", tmp_path / "points.h5", ["--set", "data.X=in/X"]
    moonsweep("run", job, "-o", out, *setting)
    moonsweep("data", job, "-o", tmp_path / "data.csv", *setting)
    expected = dict(
        line.split() for line in moonsweep("predict", out, "-c", 3, "-d", tmp_path / "data.csv").stdout.splitlines()
    )
    found = dict(line.split() for line in moonsweep("predict", out, "-c", 3, "-d", points).stdout.splitlines())
    assert float(found.pop("cost")) == pytest.approx(float(expected.pop("cost")), rel=1e-12)
    assert found == expected and found["samples"] == "80"

    def predicted(*arguments):
        return rows(moonsweep("predict", out, "-c", 3, "-d", points, "-o", "-", *arguments).stdout)

    whole, new = predicted(), predicted("--X", "new")
    assert [row["probability"] for row in new] == [row["probability"] for row in whole[:5]]
    labelled = predicted("--X", "new", "--y", "labels")
    assert [row["y"] for row in labelled] == ["dog" if label else "cat" for label in y[:5]]
    assert all((row["a"], row["c"]) == (f"{x[0]}", f"{x[2]}") for row, x in zip(new, X[:5], strict=True))
    words = ["points.h5: others[", "'cow' is not a label; it must be 'cat' or 'dog'"]
    refused(65, "predict", out, "-c", 3, "-d", points, "--X", "new", "--y", "others", words=words)
    refused(65, "predict", out, "-c", 3, "-d", points, "--y", "none", words=["there is no dataset 'none'"])
    refused(
        64, "predict", out, "-c", 3, "-d", tmp_path / "data.csv", "--X", "new", words=["--X is a dataset of an HDF5"]
    )


def test_the_samples_of_a_result_are_predicted_unless_they_are_standardized(moonsweep, refused, rows, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X / 100, y
    out = tmp_path / "out.h5"
    words = ["predict", out, "--config", 3, "--data", out, "--X", "X_dev", "--y", "y_dev"]
    moonsweep("run", write_job(tmp_path, DATA), "-o", out)
    predicted = dict(line.split() for line in moonsweep(*words).stdout.splitlines())
    (shown,) = rows(moonsweep("show", out, "--format", "csv", "--where", "config=3").stdout)
    assert predicted["samples"] == "20"
    assert predicted["accuracy"] == shown["dev_accuracy"] and predicted["cost"] == shown["dev_cost"]
    moonsweep("run", write_job(tmp_path, f"{DATA}, standardize: true"), "-o", out, "--force")
    refused(64, *words, words=["out.h5: its samples are standardized already", "moonsweep data"])


def test_a_result_is_resumed_without_the_file_and_other_samples_are_another_job(moonsweep, refused, tmp_path):
    X, y = table()
    points, out = tmp_path / "points.h5", tmp_path / "out.h5"
    with h5py.File(points, "w") as file:
        file["X"], file["y"], file["Z"] = X, y, X + (np.arange(80) == 40)[:, np.newaxis]
    job = write_job(tmp_path, DATA)
    moonsweep("run", job, "-o", out)
    refused(78, "run", write_job(tmp_path, f"{DATA}, X: Z"), "-o", out, words=["the samples of data.file were others"])
    assert "nothing to do" in moonsweep("run", write_job(tmp_path, DATA), "-o", out, ranks=2).stderr
    points.unlink()
    assert "nothing to do" in moonsweep("run", job, "-o", out, ranks=2).stderr
    refused(66, "run", write_job(tmp_path, f"{DATA}, X: Z"), "-o", out, words=["points.h5: there is no such file"])
    moonsweep("verify", out)


def test_a_result_that_is_the_data_of_a_job_is_not_replaced(moonsweep, refused, sweep, tmp_path):
    """Not even with --force, which replaces results."""
    data = shutil.copy(sweep, tmp_path / "data.h5")
    job = write_job(tmp_path, "file: data.h5, X: X_train, y: y_train, dev_fraction: 0.25, split_seed: 7")
    before = data.read_bytes()
    for force in [[], ["--force"]]:
        refused(64, "run", job, "-o", data, *force, words=[data, "is data.file of the job"])
    assert data.read_bytes() == before


def test_only_rank_0_reads_the_file(moonsweep, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, y
    outs = [tmp_path / "one.h5", tmp_path / "three.h5"]
    for out, ranks in zip(outs, (1, 3), strict=True):
        moonsweep("run", write_job(tmp_path, DATA), "-o", out, ranks=ranks)
    with h5py.File(outs[0]) as one, h5py.File(outs[1]) as three:
        assert np.array_equal(one["W1"][:], three["W1"][:]) and one.attrs["job_hash"] == three.attrs["job_hash"]


# ---- what is refused -----------------------------------------------------------------------------------------


def nan_at(X, row, column, value=np.nan):
    X = X.astype(float)
    X[row, column] = value
    return X


def wrong(**arrays):
    """Writes these arrays instead of X and y."""

    def change(file, X, y):
        for name, make in {"X": lambda X, y: X, "y": lambda X, y: y, **arrays}.items():
            file[name] = make(X, y)

    return change


def texts(*labels):
    """Writes these labels, which follow each other, instead of y."""
    return wrong(y=lambda X, y: np.array(labels, object)[np.arange(80) * len(labels) // 80])


def sequences(file, X, y):
    file["X"], file["y"] = X, np.array([y[:i] for i in range(80)], h5py.vlen_dtype("i4"))


def unwritten(file, X, y):
    file.create_dataset("X", X.shape, "f8")
    file["y"] = y


def half_written(file, X, y):
    file.create_dataset("X", X.shape, "f8", chunks=(10, 3))[:20] = X[:20]
    file["y"] = y


def virtual(file, X, y):
    file["source"], file["y"] = X, y
    layout = h5py.VirtualLayout(X.shape, X.dtype)
    layout[...] = h5py.VirtualSource(file["source"])
    file.create_virtual_dataset("X", layout)


def external(file, X, y):
    file.create_dataset("X", X.shape, "u1", external=[("/dev/zero", 0, h5py.h5f.UNLIMITED)])
    file["y"] = y


def elsewhere(file, X, y):
    with h5py.File(os.path.dirname(file.filename) + "/other.h5", "w") as other:
        other["X"] = X
    file["X"], file["y"] = h5py.ExternalLink("other.h5", "X"), y


def group(file, X, y):
    file.create_group("X")
    file["y"] = y


def dangling(file, X, y):
    file["X"], file["y"] = h5py.SoftLink("/nowhere"), y


def huge(file, X, y):
    file.create_dataset("X", (2**31 - 1, 2**20), "f8", chunks=(2**10, 2**10))
    file["y"] = y


WRONG = {
    "no samples": (lambda file, X, y: file.create_group("a"), "there is no dataset 'X', and no other dataset"),
    "no labels": (lambda file, X, y: file.update({"X": X, "a/z": y}), "no dataset 'y'; the file has 'X', 'a/z'"),
    "one dimension": (wrong(X=lambda X, y: X[:, 0]), "'X' has one dimension (80); it must have two"),
    "three dimensions": (wrong(X=lambda X, y: X.reshape(80, 3, 1)), "'X' has 3 dimensions"),
    "no dimension": (wrong(y=lambda X, y: 1), "'y' has 0 dimensions"),
    "nothing": (wrong(y=lambda X, y: h5py.Empty("i4")), "'y' has 0 dimensions"),
    "two columns of labels": (wrong(y=lambda X, y: X[:, :2]), "'y' has 2 columns; it must have one label"),
    "fewer labels": (wrong(y=lambda X, y: y[:79]), "'X' has 80 rows, but 'y' has 79"),
    "no rows": (wrong(X=lambda X, y: X[:0], y=lambda X, y: y[:0]), "'X' is empty"),
    "no features": (wrong(X=lambda X, y: X[:, :0]), "'X' is empty"),
    "NaN": (wrong(X=lambda X, y: nan_at(X, 41, 2)), "X[41, 2] is NaN; it must be a finite number"),
    "infinity": (wrong(X=lambda X, y: nan_at(X, 0, 1, -np.inf)), "X[0, 1] is infinite; it must be a finite number"),
    "NaN as a label": (wrong(y=lambda X, y: nan_at(y[:, np.newaxis], 7, 0)), "y[7] is NaN; labels must be finite"),
    "infinite label": (wrong(y=lambda X, y: nan_at(y[:, np.newaxis], 7, 0, np.inf)), "y[7] is infinite"),
    "one class": (wrong(y=lambda X, y: 0 * y + 5), "all rows (80) have the label '5'; there must be two"),
    "three labels": (wrong(y=lambda X, y: np.arange(80) // 30), "'0' (at index 0), '1' (at index 30) and '2' (at"),
    "three texts": (texts("a", "b", "c"), "three labels: 'a' (at index 0), 'b' (at index 27) and 'c' (at index 54)"),
    "an empty label": (texts("a", ""), "'' is empty; it must be a number or a text"),
    "a long label": (texts("a", "b" * 201), "has more than 200 bytes"),
    "a missing label": (texts("a", "NaN"), "'NaN' means no value"),
    "a label of two lines": (texts("a", "b\nc"), "contains a line break"),
    "texts as samples": (wrong(X=lambda X, y: X.astype("S4")), "'X' contains texts; it must contain numbers"),
    "complex numbers": (wrong(X=lambda X, y: X * 1j), "'X' contains a compound type (several fields)"),
    "fields": (wrong(X=lambda X, y: np.zeros(80, [("a", "f8"), ("b", "f8")])), "'X' contains a compound type"),
    "sequences": (sequences, "'y' contains sequences of varying length; it must contain plain numbers or texts"),
    "a group": (group, "'X' is a group or a type; it must be a dataset"),
    "a dangling link": (dangling, "'X'"),
    "never written": (unwritten, "the values of 'X' are missing; they were never written"),
    "half written": (half_written, "'X' was not written completely: the file has 2 of its 8 chunks"),
    "virtual": (virtual, "the values of 'X' are in another file; copy them into this one"),
    "external storage": (external, "the values of 'X' are in another file"),
    "a link to another file": (elsewhere, "the values of 'X' are in another file"),
    "huge": (huge, "'X' was not written completely: the file has 0 of its 2147483648 chunks"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_contents_are_refused_and_nothing_is_written(refused, tmp_path, kind):
    change, words = WRONG[kind]
    with h5py.File(tmp_path / "points.h5", "w") as file:
        change(file, *table())
    refused(65, "run", write_job(tmp_path, DATA), "-o", tmp_path / "out.h5", words=[f"{tmp_path}/points.h5: ", words])
    assert not (tmp_path / "out.h5").exists()


def test_samples_that_fill_more_than_the_memory_are_refused(refused, tmp_path):
    """The file is sparse: it has the size that its samples need, and hardly any bytes on the disk."""
    shape = (2**20, 2**20)
    with h5py.File(tmp_path / "points.h5", "w") as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        plist.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
        h5py.h5d.create(file.id, b"X", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple(shape), plist)
        h5py.h5d.create(file.id, b"y", h5py.h5t.STD_U8LE, h5py.h5s.create_simple(shape[:1]), plist)
    words = ["points.h5: 1048576 samples of 1048576 features need 8.8e+03 GB of memory"]
    refused(71, "run", write_job(tmp_path, DATA), "-o", tmp_path / "out.h5", words=words)


def test_values_too_large_for_float32_are_refused_unless_standardized(moonsweep, refused, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X * 1e38, y
    job = write_job(tmp_path, DATA, more="precision: float32\n")
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=["points.h5: X[", "too large for float32"])
    job = write_job(tmp_path, f"{DATA}, standardize: true", more="precision: float32\n")
    moonsweep("run", job, "-o", tmp_path / "out.h5")


def test_a_filter_that_hdf5_lacks_is_named(refused, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file.create_dataset("X", data=X, chunks=(80, 3), compression="gzip")
        file["y"] = y
    data = (tmp_path / "points.h5").read_bytes()
    place = data.index(struct.pack("<HHHH", 1, 8, 1, 1))  # filter 1, its name "deflate", optional, one value
    damage.write_bytes(tmp_path / "points.h5", place, struct.pack("<H", 32015))
    words = ["points.h5: 'X' is compressed with filter 32015 (deflate), which this HDF5 does not have"]
    refused(65, "run", write_job(tmp_path, DATA), "-o", tmp_path / "out.h5", words=words)


def test_keys_of_the_other_kind_of_file_are_refused(refused, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, y
    (tmp_path / "points.csv").write_text("a,b\n1,0\n2,1\n")
    job = write_job(tmp_path, f"{DATA}, label: y")
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=["data.label", "points.h5 is an HDF5 file; give data.y"])
    for key, words in (("X: a", "remove this key"), ("y: b", "give data.label")):
        job = write_job(tmp_path, f"{DATA.replace('h5', 'csv')}, {key}")
        refused(
            65, "data", job, "-o", "-", words=[f"data.{key[0]} is the path of a dataset", "points.csv is not", words]
        )


def test_a_file_that_is_cut_off_is_refused(refused, tmp_path):
    X, y = table()
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = X, y
    data = (tmp_path / "points.h5").read_bytes()
    for count in (8, 100, len(data) // 2, len(data) - 1):
        (tmp_path / "points.h5").write_bytes(data[:count])
        refused(
            65, "run", write_job(tmp_path, DATA), "-o", tmp_path / "out.h5", words=["points.h5: HDF5 cannot open it"]
        )


def test_a_structure_without_an_end_is_refused(refused, tmp_path):
    """The root group has a heap with a list of free blocks that never ends: HDF5 1.10 reads all of it into memory."""
    path = tmp_path / "points.h5"
    with h5py.File(path, "w", libver="earliest") as file:
        file["X"], file["y"] = table()
    data = path.read_bytes()
    heap = data.index(b"HEAP")
    _, free, address = struct.unpack_from("<QQQ", data, heap + 8)
    damage.write_bytes(path, address + free, struct.pack("<Q", free))
    words = ["points.h5: its structure is corrupt: HDF5 "]  # memory, or on a slow machine processor time
    refused(65, "data", write_job(tmp_path, DATA), "-o", "-", words=words)
