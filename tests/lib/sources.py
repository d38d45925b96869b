"""The files of the project."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from lib import SOURCE

# Folders at any place that contain files of other programs.
FOREIGN = {".venv", ".pytest_cache", ".ruff_cache"}


def matching(pattern):
    """Returns the files whose names match the pattern, except those of git, builds, Python environments and caches.
    The paths are relative to the project's folder, which need not be a checkout of git."""
    for file in sorted(SOURCE.rglob(pattern)):
        path = file.relative_to(SOURCE)
        folders = path.parts[:-1]
        # tools/build is not the folder of a build. In a linked worktree .git is a file.
        at_top = any(name.startswith((".git", "build")) for name in folders[:1]) or path.name == ".git"
        if file.is_file() and not at_top and not FOREIGN & set(folders):
            yield path
