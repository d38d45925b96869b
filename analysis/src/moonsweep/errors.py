"""The only exception of this package. Errors of the system are OSErrors."""


class SweepFileError(ValueError):
    """A file is not a result of moonsweep, is damaged, or has an unknown format.

    The message names the file, what is wrong, and what would be right.
    """
