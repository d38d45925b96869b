"""Constants in the sources are those that the scripts in tools/ compute."""

import subprocess
import sys


def test_the_constants_of_the_mathematics_are_those_computed(source):
    checked = subprocess.run(
        [sys.executable, source / "tools" / "maths_constants.py", "--check"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
