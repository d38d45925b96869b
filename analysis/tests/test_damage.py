"""Damaged files: everything that is read is right, or there is one sentence that says what is wrong."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import moonsweep
import result_file
from lib import damage, pages
from moonsweep.command_line import main

BEYOND = 2**31 + 4096  # bytes; one call of the system reads fewer


in_one_precision = pytest.mark.parametrize("swept", ["float64"], indirect=True)


@pytest.fixture
def copied(swept: Path, tmp_path: Path) -> Path:
    """A copy of a file that the program wrote."""
    return Path(shutil.copy(swept, tmp_path / "out.h5"))


def everything(path: Path) -> dict[str, np.ndarray]:
    """All that the package shows of a file."""
    with moonsweep.open(path) as sweep:
        table = sweep.to_frame()
        shown = {f"table {name}": table[name].to_numpy() for name in table}
        shown |= {f"costs of {config}": sweep.cost_of(config).values for config in table.index[-2:]}
        shown |= {f"attribute {name}": np.asarray(value) for name, value in sweep.attrs.items()}
        return shown | {str(name): sweep[name].values for name in sweep.variables}


def differences(found: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> list[str]:
    """The names of values that are not right. They may be missing."""
    assert found.keys() == right.keys()
    wrong = []
    for name, values in found.items():
        expected = right[name]
        same = values.shape == expected.shape and ((values == expected) | (values != values))
        if not np.all(same):
            wrong.append(name)
    return wrong


def places(path: Path) -> list[int]:
    """The offset of every byte that the package may use: of HDF5's structure, the results and the data."""
    unused = {"leases", "runs", "checkpoint", "integrity"}
    stored = pages.stored(path)
    is_used = np.ones(pages.footers(path.read_bytes())[0].start, np.bool_)
    for name, (start, count) in stored.items():
        if name.partition("/")[0] in unused:
            is_used[start : start + count] = False
    return np.flatnonzero(is_used).tolist()


def flips(path: Path, count: int) -> Iterator[tuple[int, int]]:
    """Random bytes of the file, and a bit of each."""
    chosen = random.Random(26)
    offsets = places(path)
    for _ in range(count):
        yield chosen.choice(offsets), chosen.randrange(8)


def test_random_flips_are_found_or_change_nothing_that_is_shown(
    copied: Path, request: pytest.FixtureRequest
) -> None:
    count = 300 if request.config.getoption("--long") else 60
    right = everything(copied)
    sentences = []
    for offset, bit in flips(copied, count):
        with damage.Flipped(copied, offset, bit):
            try:
                wrong = differences(everything(copied), right)
            except moonsweep.SweepFileError as error:
                sentences.append(str(error))
            else:
                assert wrong == [], f"byte {offset}, bit {bit}"
    assert len(sentences) > count / 2
    for sentence in sentences:
        assert re.fullmatch(rf"{re.escape(str(copied))}: .+", sentence)


@in_one_precision
@pytest.mark.parametrize("name", ["n_h", "W1", "cost", "dev_accuracy", "cost_count", "X_train", "status"])
def test_figures_say_in_one_sentence_that_a_value_is_corrupt(
    copied: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with h5py.File(copied) as stored:
        offset = stored[name].id.get_offset()
    damage.flip_bit(copied, offset, 5)
    assert main(["figures", str(copied), "-o", str(copied.parent / "figures")]) == 65
    assert re.fullmatch(
        rf"moonsweep: {re.escape(str(copied))}: a damaged result file: .+\n", capsys.readouterr().err
    )


@in_one_precision
@pytest.mark.parametrize("name", [None, "n_h"])
def test_the_program_ends_cleanly_after_it_has_found_damage(copied: Path, name: str | None) -> None:
    """HDF5 closes files when the process ends, which crashed if one was still open."""
    with h5py.File(copied) as stored:
        offset = 2000 if name is None else stored[name].id.get_offset()
    damage.flip_bit(copied, offset, 0)
    words = [sys.executable, "-m", "moonsweep", "figures", str(copied), "-o", str(copied.parent / "figures")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=3600, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (65, 1), done


@in_one_precision
@pytest.mark.parametrize("number", [0, 1])
def test_one_damaged_table_of_the_pages_is_replaced_by_the_other(copied: Path, number: int) -> None:
    at, width = pages.footers(copied.read_bytes())[0].tables
    damage.flip_bit(copied, at + number * width, 0)
    damage.flip_bit(copied, copied.stat().st_size - 64 * (number + 1), 0)
    right = everything(copied)
    assert right["n_h"].size == 24
    damage.flip_bit(copied, at + (1 - number) * width, 0)
    with pytest.raises(moonsweep.SweepFileError, match="both tables of the checksums of its pages"):
        moonsweep.open(copied)


# ---- files that become shorter, or other ones, while they are open -----------------------------------------


READS: dict[str, Callable[[moonsweep.Sweep], object]] = {
    "accuracies": lambda sweep: sweep["dev_accuracy"].values,
    "costs": lambda sweep: sweep.cost_of(23).values,
    "table": lambda sweep: sweep.to_frame(),
    "data": lambda sweep: sweep["X_dev"].values,
    "probabilities": lambda sweep: moonsweep.predict_probability(sweep, 23, [[0.0, 0.0]]),
}


@in_one_precision
@pytest.mark.parametrize("read", READS)
def test_a_file_that_is_cut_while_it_is_open_is_an_error(copied: Path, read: str) -> None:
    with moonsweep.open(copied) as sweep:
        os.truncate(copied, 10_000)
        with pytest.raises(
            moonsweep.SweepFileError, match=r"out\.h5: a damaged result file: it has 10000 bytes, but \d+"
        ):
            READS[read](sweep)


@in_one_precision
@pytest.mark.parametrize("read", READS)
def test_a_file_that_is_overwritten_in_place_while_it_is_open_is_an_error(
    copied: Path, read: str, run_program: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    other = copied.with_name("other.h5")
    with moonsweep.open(copied) as sweep:
        text = str(sweep.attrs["job"]).replace("seed: 0", "seed: 5")
        other.with_suffix(".yaml").write_text(text)
        run_program("run", other.with_suffix(".yaml"), "-o", other)
        shutil.copyfile(other, copied)
        with pytest.raises(moonsweep.SweepFileError, match=r"out\.h5: a damaged result file: "):
            READS[read](sweep)


@in_one_precision
def test_values_that_were_right_are_compared_again_after_the_file_has_changed(copied: Path) -> None:
    with moonsweep.open(copied) as sweep:
        sweep.to_frame()
        assert np.isfinite(sweep["cost"][:3].values).all()
        with h5py.File(copied) as stored:
            places = [stored[name].id.get_offset() for name in ("W1", "cost")]
        for place in places:
            damage.flip_bit(copied, place, 1)
        for name in ("W1", "cost"):
            with pytest.raises(moonsweep.SweepFileError, match="configuration 0 or its costs do not match"):
                _ = sweep[name][:3].values


def test_a_reading_error_of_the_system_names_the_file(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    with moonsweep.open(finished) as sweep:
        monkeypatch.setattr(os, "preadv", fail)
        with pytest.raises(OSError, match=r"Input/output error: '.*out\.h5'"):
            _ = sweep["dev_accuracy"].values


def test_a_call_of_the_system_that_reads_less_is_continued(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with moonsweep.open(finished) as sweep:
        right = sweep["cost"].values
    whole = os.preadv
    monkeypatch.setattr(os, "preadv", lambda file, buffers, offset: whole(file, [buffers[0][:100]], offset))
    with moonsweep.open(finished) as sweep:
        np.testing.assert_array_equal(sweep["cost"].values, right)


# ---- large files -------------------------------------------------------------------------------------------


def test_a_variable_of_more_than_2_gib_is_read_in_full(finished: Path) -> None:
    count = BEYOND // 8
    with h5py.File(finished, "r+") as stored:
        stored["status"][:] = result_file.PENDING
        for name in ("cost", "cost_sample"):
            del stored[name]
        layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        layout.set_layout(h5py.h5d.CONTIGUOUS)
        layout.set_fill_time(h5py.h5d.FILL_TIME_NEVER)  # the file is sparse
        for name, kind in (("cost", "f8"), ("cost_sample", "f4")):
            space = h5py.h5s.create_simple((count,))
            h5py.h5d.create(stored.id, name.encode(), h5py.h5t.py_create(np.dtype(kind)), space, layout)
        stored["cost_sample"].make_scale(f"This is a netCDF dimension but not a netCDF variable.{count:10d}")
        stored["cost"].dims[0].attach_scale(stored["cost_sample"])
        stored["cost_start"][1:] = count
        stored["cost_count"][1:] = 0
        stored["cost_count"][0] = count
        stored["cost"][-600:] = 1.25
    with moonsweep.open(finished) as sweep:
        cost = sweep["cost"].values
        assert cost.nbytes > 2**31
        assert (cost[-600:] == 1.25).all()
        assert np.count_nonzero(cost) == 600


# ---- files without checksums of their pages ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "row", "value"),
    [("dev_accuracy", 3, 99.5), ("W1", 4, 1.0), ("rank", 5, 7), ("cost", 100, 0.5)],
)
def test_rows_of_a_rewritten_file_are_compared_with_their_checksums(
    finished: Path, variable: str, row: int, value: float
) -> None:
    with h5py.File(finished, "r+") as stored:
        stored[variable][row] = value
    with (
        moonsweep.open(finished) as sweep,
        pytest.raises(moonsweep.SweepFileError, match=r"configuration \d+ or its costs do not match"),
    ):
        _ = sweep[variable].values


@pytest.mark.parametrize("name", ["W1", "checksum", "iterations", "cost_stride"])
def test_a_missing_variable_is_damage(finished: Path, name: str) -> None:
    with h5py.File(finished, "r+") as stored:
        del stored[name]
    with pytest.raises(moonsweep.SweepFileError, match=f"the variable '{name}' is missing"):
        moonsweep.open(finished)


def test_a_status_without_a_meaning_is_damage(finished: Path) -> None:
    with h5py.File(finished, "r+") as stored:
        stored["status"][7] = 37
    with pytest.raises(moonsweep.SweepFileError, match=r"status\[7\] is 37; it must be from 0 to 4"):
        moonsweep.open(finished)


def test_more_costs_than_a_trajectory_has_space_for_are_damage(finished: Path) -> None:
    with h5py.File(finished, "r+") as stored:
        stored["cost_count"][2] = 401
    with pytest.raises(moonsweep.SweepFileError, match=r"cost_count\[2\] is 401, and there is no space"):
        moonsweep.open(finished)


def test_a_part_of_a_result_that_lacks_what_figures_need_is_explained(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.nc"
    with moonsweep.open(finished) as sweep:
        sweep.drop_vars("dev_outcomes").to_netcdf(saved, engine="h5netcdf")
    assert main(["figures", str(saved), "-o", str(tmp_path / "figures")]) == 65
    assert re.fullmatch(
        r"moonsweep: .+/saved\.nc: it is not possible to draw its figures \(KeyError: .*dev_outcomes.*\);"
        r" `moonsweep verify` tells if it is damaged\n",
        capsys.readouterr().err,
    )
    assert not (tmp_path / "figures").exists()


def test_too_little_memory_is_said_in_one_sentence(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(FigureCanvasAgg, "print_png", fail)
    assert main(["figures", str(finished), "-o", str(tmp_path / "figures")]) == 71
    assert capsys.readouterr().err == f"moonsweep: {finished}: not enough memory to draw its figures\n"
