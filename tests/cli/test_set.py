"""Settings on the command line (--set), which the result stores beside the job file."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import pytest

from lib import result_file

BOTH = ("--set", "data.moons.noise=0.1", "--set", "grid.n_h=[1, 3]")

# Aliases: what one place is set to must not change the other.
SHARED = """\
name: shared
data: {moons: {samples: 60, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}
grid:
  - &first {n_h: &few [1, 2], activation: tanh, learning_rate: 0.5, iterations: &count [20]}
  - *first
"""


def settings_of(path):
    with h5py.File(path) as file:
        return file.attrs.get("job_set")


def test_settings_are_equal_to_the_same_values_in_the_file(moonsweep, job, tmp_path):
    set_, written = tmp_path / "set.h5", tmp_path / "written.h5"
    plain = job()
    moonsweep("run", plain, "-o", set_, *BOTH, "--set", "class_weight=balanced", ranks=2)
    moonsweep("run", job("w.yaml", noise=0.1, n_h="[1, 3]", more="class_weight: balanced\n"), "-o", written)
    assert result_file.differences(set_, written) == []
    with h5py.File(set_) as one, h5py.File(written) as other:
        assert one.attrs["job_hash"] == other.attrs["job_hash"]
        assert one.attrs["job"] == plain.read_text()
    assert settings_of(set_) == "data.moons.noise=0.1\ngrid.n_h=[1, 3]\nclass_weight=balanced\n"
    assert settings_of(written) is None


def test_a_later_setting_of_a_key_replaces_an_earlier_one(moonsweep, job, tmp_path):
    moonsweep("run", job(), "-o", tmp_path / "out.h5", "--set", "grid.n_h=7", "--set", "grid.n_h=4")
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["n_h"][:].tolist() == [4]


def test_a_result_with_settings_is_sound_and_can_be_retrained(moonsweep, job, tmp_path):
    path = tmp_path / "out.h5"
    moonsweep("run", job(), "-o", path, *BOTH)
    verified = moonsweep("verify", "--retrain", "2", path)
    assert "2 compared: the same bits" in verified.stdout


@pytest.mark.parametrize("settings", [(), BOTH, BOTH[:2], ("--set", "grid.n_h=[1, +3]")], ids=len)
def test_a_resume_may_repeat_the_settings_or_leave_them_out(moonsweep, job, tmp_path, settings):
    path, plain = tmp_path / "out.h5", job()
    moonsweep("run", plain, "-o", path, *BOTH)
    assert "nothing to do" in moonsweep("run", plain, "-o", path, *settings, ranks=2).stderr


def test_a_file_that_contains_the_settings_resumes_the_sweep(moonsweep, job, tmp_path):
    path = tmp_path / "out.h5"
    moonsweep("run", job(), "-o", path, *BOTH)
    assert "nothing to do" in moonsweep("run", job("w.yaml", noise=0.1, n_h="[1, 3]"), "-o", path).stderr


def test_a_resume_with_another_setting_is_refused(moonsweep, job, tmp_path):
    path, plain = tmp_path / "out.h5", job()
    moonsweep("run", plain, "-o", path, *BOTH)
    before = path.read_bytes()
    refused = moonsweep("run", plain, "-o", path, *BOTH, "--set", "data.moons.noise=0.11", status=78)
    assert "data.moons.noise was 0.1, is now 0.11" in refused.stderr
    refused = moonsweep("run", plain, "-o", path, "--set", "init_scale=0.5", status=78)
    assert "grid.init_scale was [0.01], is now [0.5]" in refused.stderr
    assert path.read_bytes() == before


def test_the_settings_of_another_job_do_not_hide_what_differs(moonsweep, job, tmp_path):
    """They cannot be applied to this job file, whose grid is a list."""
    path, shared = tmp_path / "out.h5", job("shared.yaml", text=SHARED)
    moonsweep("run", job(), "-o", path, *BOTH)
    refused = moonsweep("run", shared, "-o", path, status=78)
    assert "is the result of another job: data.moons.noise was 0.1, is now 0.2" in refused.stderr


def test_force_forgets_the_settings(moonsweep, job, tmp_path):
    path, plain = tmp_path / "out.h5", job()
    moonsweep("run", plain, "-o", path, *BOTH)
    moonsweep("run", plain, "-o", path, "--force")
    assert settings_of(path) is None
    with h5py.File(path) as file:
        assert file["noise"][0] == 0.2


def test_a_setting_changes_one_of_the_places_that_share_a_value(moonsweep, job, tmp_path):
    path, shared = tmp_path / "out.h5", job("shared.yaml", text=SHARED)
    moonsweep("run", shared, "-o", path, "--set", "grid[1].n_h[0]=5", "--set", "grid[1].activation=relu")
    with h5py.File(path) as file:
        assert file["n_h"][:].tolist() == [1, 2, 5, 2]
        assert file["activation"][:].tolist() == [0, 0, 2, 2]


def test_missing_keys_are_added_with_their_sections(moonsweep, job, tmp_path):
    plain = job(text="name: bare\ndata: {dev_fraction: 0.25, split_seed: 1}\n")
    settings = [
        "data.moons.samples=60", "data.moons.noise=0.2", "data.moons.seed=0",
        "grid={n_h: &a [2], activation: tanh, learning_rate: 0.5, iterations: 20, seed: *a}",
    ]  # fmt: skip
    words = [word for setting in settings for word in ("--set", setting)]
    moonsweep("run", plain, "-o", tmp_path / "out.h5", *words)
    with h5py.File(tmp_path / "out.h5") as file:
        assert (file["n_h"][0], file["seed"][0], file["X_train"].shape[0]) == (2, 2, 45)


def test_data_is_made_with_the_settings(moonsweep, job):
    with_setting = moonsweep("data", job(), "-o", "-", "--set", "data.moons.noise=0").stdout
    assert with_setting == moonsweep("data", job("zero.yaml", noise=0), "-o", "-").stdout


@pytest.mark.parametrize(
    ("setting", "status", "message"),
    [
        ("grid.n_h", 64, "--set grid.n_h: it must be KEY=VALUE"),
        ("=3", 64, "--set =3: it must be KEY=VALUE"),
        ("name=a\nb", 64, "a setting is one line"),
        ("grid.n_h=", 65, "--set grid.n_h=: there is no value after '='"),
        ("grid.n_h= # none", 65, "there is no value after '='"),
        ("grid.n_h=[1", 65, "--set grid.n_h=[1:2:1: this is not YAML"),
        ("grid.n_h=[0]", 65, "--set grid.n_h=[0]: grid.n_h[0]: '0' is too small; it must be a whole number"),
        ("grid.n_h=[1, 1]", 65, "grid.n_h[1]: '1' equals '1' in --set grid.n_h=[1, 1]"),
        ("grid.units=[1]", 65, "--set grid.units=[1]: grid: unknown key 'units'"),
        ("grid[0].n_h=1", 65, "grid[0]. gives a position in a value that is no list"),
        ("grid.n_h[3]=1", 65, "grid.n_h[3] is a position beyond the end of the list"),
        ("grid.n_h.x=1", 65, "grid.n_h.x leads into a list; give a position in it"),
        ("data.moons.noise.x=1", 65, "leads into a value that has no keys"),
        ("grid..n_h=1", 65, "--set grid..n_h=1: grid. must be followed by a key"),
        ("grid.n_h[x]=1", 65, "must be followed by a position and ']'"),
        ("a.b[0]=1", 65, "a.b[0] is a position in a list that is missing"),
        ("data.moons=!!int 3", 65, "--set data.moons=!!int 3:1:1: tags ('!') are not supported"),
        ("name=~", 65, "--set name=~: name: '~' means no value"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_and_nothing_is_written(moonsweep, job, tmp_path, setting, status, message):
    refused = moonsweep("run", job(), "-o", tmp_path / "out.h5", "--set", setting, status=status)
    assert message in refused.stderr
    assert not (tmp_path / "out.h5").exists()
