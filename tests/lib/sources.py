"""The files of the project."""

from lib import SOURCE


def matching(pattern):
    """Returns the files whose names match the pattern, except those in the folders of git, builds and Python
    environments. The paths are relative to the project's folder."""
    for file in sorted(SOURCE.rglob(pattern)):
        path = file.relative_to(SOURCE)
        folders = path.parts[:-1]
        # tools/build is not the folder of a build.
        foreign = ".venv" in folders or any(name.startswith((".git", "build")) for name in folders[:1])
        if file.is_file() and not foreign:
            yield path
