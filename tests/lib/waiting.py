"""Waits for other processes. No test's result depends on how long this takes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import time

# After so many seconds a test counts as hanging: less than the limit of tests/pytest.ini.
HANGING_S = 1800


def until(condition, otherwise="the condition did not become true", pause=0.05, running=None):
    """Waits until a condition is true and returns its value.

    running: the process that makes it true. The wait fails at once if that process ends, even if the condition is true.
    """
    end = time.monotonic() + HANGING_S
    while True:
        value = condition()
        assert running is None or running.poll() is None, f"ended with status {running.returncode}, {otherwise}"
        if value:
            return value
        assert time.monotonic() < end, otherwise
        time.sleep(pause)
