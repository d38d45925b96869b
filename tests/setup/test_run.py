"""tests/run.sh fails if a kind of tests does not exist."""

import subprocess


def test_a_kind_that_runs_nothing_fails(source):
    done = subprocess.run([source / "tests" / "run.sh", "no-such-kind"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "no-such-kind ran nothing" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("0 passed, ")
