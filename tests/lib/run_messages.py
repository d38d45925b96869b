"""What a run says on standard error about its work."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re


def trained_iterations(errors):
    """The number of iterations that a run has trained."""
    return int(re.search(r" ranks?: (\d+) iterations?,", errors)[1])


def taken_over(errors):
    """The number of configurations that a run has taken over from older results."""
    return sum(map(int, re.findall(r"(\d+)(?: further)? configurations? w\w+ taken over", errors)))
