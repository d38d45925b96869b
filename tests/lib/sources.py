"""The files of the project."""

from lib import SOURCE


def matching(pattern):
    """Returns the files whose names match the pattern, except those in the folders of git, builds and Python
    environments. The paths are relative to the project's folder."""
    for file in sorted(SOURCE.rglob(pattern)):
        path = file.relative_to(SOURCE)
        foreign = any(part == ".venv" or part.startswith((".git", "build")) for part in path.parts[:-1])
        if file.is_file() and not foreign:
            yield path
