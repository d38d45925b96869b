"""The sweeps with which other programs are compared compute every iteration, as those do."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import pytest
import whole_sweep


@pytest.mark.parametrize("options", [{}, {"detects_cycles": True}], ids=["compared", "ordinary"])
def test_only_an_ordinary_sweep_detects_cycles(build, tmp_path, options):
    whole_sweep.moonsweep(build, tmp_path, [1, 2], 1, **options)
    with h5py.File(tmp_path / "out.h5") as file:
        command = file["runs/command"][0].tobytes().decode()
    assert ("--no-cycle-detection" in command) == (not options)
