"""A damaged row of a diverged trajectory: all its diverged rows are trained again, and each is counted once."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import damage, job_file


@pytest.mark.parametrize("damaged", [3, 4, 5], ids=["done", "diverged", "diverged later"])
def test_a_damaged_row_of_a_diverged_trajectory_is_trained_again(moonsweep, tmp_path, damaged):
    """Configurations 3 to 5 have 10, 100 and 1000 iterations, and diverge at the 34th."""
    job, out = job_file.write(tmp_path, **job_file.DIVERGING), tmp_path / "out.h5"
    moonsweep("run", job, "-o", out)
    with h5py.File(out) as file:
        assert file["status"][...].tolist() == [1, 1, 1, 1, 2, 2]
        before = file["checksum"][...]
        place = file["dev_outcomes"].id.get_offset() + damaged * 16
    damage.flip_bit(out, place, 0)
    assert "damaged" in moonsweep("run", job, "-o", out).stderr
    assert "nothing to do" in moonsweep("run", job, "-o", out).stderr
    moonsweep("verify", out)
    with h5py.File(out) as file:
        assert np.array_equal(file["checksum"][...], before)
