"""The one error of this package's own; whatever the system says stays an OSError."""


class SweepFileError(ValueError):
    """A file that is not a result of moonsweep, is damaged, or has a format this package does not know.

    Its text is one sentence that names the file, what is wrong and what would be right.
    """
