"""The accuracy of sigmoid and tanh at every float32 argument: the long case of tests/unit/test_logistic.c."""

import pytest

from lib import processes


@pytest.mark.long
def test_sigmoid_and_tanh_are_within_their_bounds_at_every_float32(build):
    tested = processes.run(build / "tests" / "unit" / "test_logistic", env={"CK_INCLUDE_TAGS": "long"})
    assert "\n1..1\n" in tested.stdout, tested.stdout
