"""The accuracy of sigmoid and tanh at every float32 argument: the long case of tests/unit/test_logistic.c."""

import os
import subprocess

import pytest


@pytest.mark.long
def test_sigmoid_and_tanh_are_within_their_bounds_at_every_float32(build):
    tested = subprocess.run(
        [build / "tests" / "unit" / "test_logistic"],
        env={**os.environ, "CK_INCLUDE_TAGS": "long"}, capture_output=True, text=True,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "\n1..1\n" in tested.stdout, tested.stdout
