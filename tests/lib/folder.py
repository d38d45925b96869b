"""What is in a folder."""

import os


def names(folder):
    """The names of the files and folders in it, sorted."""
    return sorted(os.listdir(folder))
