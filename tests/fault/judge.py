"""Judges a result file without moonsweep's code: which rows and checkpoints match their checksums, and how much
progress each trajectory has by the rules of docs/file-format.md."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from dataclasses import dataclass

import h5py
import numpy as np

from lib import checksums, result_file

FINISHED = float("inf")


@dataclass
class Contents:
    """The contents of a result file."""

    final: dict  # {config: whether it matches its checksums} of the configurations with a final status
    checkpoints: list  # of checksums.Checkpoint
    progress: list  # for each trajectory, the iteration that training resumes from, or FINISHED

    @property
    def rows(self):
        """The final configurations that match their checksums."""
        return {config for config, is_valid in self.final.items() if is_valid}


def look(path):
    """The Contents of a file, which must open."""
    with h5py.File(path) as file:
        final = {int(config): checksums.match(file, int(config)) for config in np.flatnonzero(file["status"][...])}
        checkpoints = checksums.checkpoints(file)
        return Contents(final, checkpoints, progress_of(file, final, checkpoints))


def progress_of(file, final, checkpoints):
    """The progress of each trajectory. A row or a checkpoint counts if all rows before it are valid."""
    iterations = file["iterations"][...].reshape(len(file["trajectory"]), -1)
    is_valid = np.array([final.get(config, False) for config in range(iterations.size)]).reshape(iterations.shape)
    progress = []
    for trajectory, counts in enumerate(iterations):
        gap = counts[~is_valid[trajectory]].min(initial=np.iinfo(np.int64).max)
        done = int(counts[counts < gap].max(initial=0))
        checkpointed = [
            c.iteration for c in checkpoints if c.is_valid and c.trajectory == trajectory and c.iteration < gap
        ]
        progress.append(FINISHED if is_valid[trajectory].all() else max([done, *checkpointed]))
    return progress


def broken_pairs(contents):
    """The pairs of slots that were both written to and do not match their checksums."""
    broken = {}
    for checkpoint in contents.checkpoints:
        broken.setdefault(checkpoint.slot // 2, []).append(not checkpoint.is_valid)
    return [pair for pair, slots in broken.items() if len(slots) == 2 and all(slots)]


class Expected:
    """The result of an undisturbed sweep."""

    def __init__(self, path):
        self.path = path
        self.columns = self._columns(path)

    @staticmethod
    def _columns(path):
        """{name: rows} of the variables that depend only on the job."""
        with h5py.File(path) as file:
            configs = len(file["config"])
            columns = {
                name: variable[...]
                for name, variable in file.items()
                if isinstance(variable, h5py.Dataset)
                and variable.shape[:1] == (configs,)
                and name not in result_file.MAY_DIFFER
            }
            trajectory, iterations = file["config_trajectory"][...], file["iterations"][...]
            columns["cost"] = [
                result_file.costs_of(file, int(t), int(i)) for t, i in zip(trajectory, iterations, strict=True)
            ]
            return columns

    def wrong(self, path, rows):
        """(row, variable) for each of the rows of a file, and each variable, that differs from the expected result."""
        columns = self._columns(path)
        return [
            (row, name)
            for row in sorted(rows)
            for name in columns
            if np.asarray(columns[name][row]).tobytes() != np.asarray(self.columns[name][row]).tobytes()
        ]
