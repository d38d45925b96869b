"""Lists folders."""

import os


def names(folder):
    """The sorted names of the files and folders in a folder."""
    return sorted(os.listdir(folder))
