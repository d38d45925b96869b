"""Waiting for what another process does. No test is judged by the time that this takes."""

import time

# Seconds after which a test hangs: within the limit of tests/pytest.ini.
HANGING_S = 1800


def until(condition, otherwise="waited in vain", pause=0.05, running=None):
    """Waits until a condition is true and returns its value.

    running: the process that makes it true. The wait fails at once if that process ends before, or together with it.
    """
    end = time.monotonic() + HANGING_S
    while True:
        value = condition()
        assert running is None or running.poll() is None, f"ended with status {running.returncode}, {otherwise}"
        if value:
            return value
        assert time.monotonic() < end, otherwise
        time.sleep(pause)
