"""The exceptions of this package. Errors of the system are OSErrors."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT


class SweepFileError(ValueError):
    """A file is not a result of moonsweep, is damaged, or has an unknown format.

    The message names the file, what is wrong, and what would be right.
    """


class MissingPackageError(ImportError):
    """A package that only some users need is not installed.

    The message names it and says how to install it.
    """
