"""Lists folders."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os


def names(folder):
    """The sorted names of the files and folders in a folder."""
    return sorted(os.listdir(folder))
