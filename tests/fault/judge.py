"""What a result file holds, judged from outside: which rows and checkpoints bear out their checksums, and how far each
trajectory has got by the rules of docs/file-format.md."""

from dataclasses import dataclass

import h5py
import numpy as np

from lib import checksums, result_file

FINISHED = float("inf")


@dataclass
class Held:
    """What a file holds."""

    final: dict  # {config: whether it holds its checksums} of those whose status is final
    checkpoints: list  # of checksums.Checkpoint
    progress: list  # of each trajectory: the iteration that it goes on from, or FINISHED

    @property
    def rows(self):
        """The configurations that are to be believed."""
        return {config for config, holds in self.final.items() if holds}


def look(path):
    """What the file holds; it must open."""
    with h5py.File(path) as file:
        final = {int(config): checksums.match(file, int(config)) for config in np.flatnonzero(file["status"][...])}
        checkpoints = checksums.checkpoints(file)
        return Held(final, checkpoints, progress_of(file, final, checkpoints))


def progress_of(file, final, checkpoints):
    """A row counts if those before it do, and a checkpoint if all rows before it do."""
    iterations = file["iterations"][...].reshape(len(file["trajectory"]), -1)
    holds = np.array([final.get(config, False) for config in range(iterations.size)]).reshape(iterations.shape)
    progress = []
    for trajectory, counts in enumerate(iterations):
        gap = counts[~holds[trajectory]].min(initial=np.iinfo(np.int64).max)
        done = int(counts[counts < gap].max(initial=0))
        checkpointed = [
            c.iteration for c in checkpoints if c.is_valid and c.trajectory == trajectory and c.iteration < gap
        ]
        progress.append(FINISHED if holds[trajectory].all() else max([done, *checkpointed]))
    return progress


def broken_pairs(held):
    """The pairs of slots of which neither holds, though both were written to."""
    broken = {}
    for checkpoint in held.checkpoints:
        broken.setdefault(checkpoint.slot // 2, []).append(not checkpoint.is_valid)
    return [pair for pair, slots in broken.items() if len(slots) == 2 and all(slots)]


class Expected:
    """The result of a sweep that nothing happened to."""

    def __init__(self, path):
        self.path = path
        self.columns = self._columns(path)

    @staticmethod
    def _columns(path):
        """{name: rows} of what is a function of the job alone."""
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
        """The rows of a file that are not what they ought to be, each with a variable that shows it."""
        columns = self._columns(path)
        return [
            (row, name)
            for row in sorted(rows)
            for name in columns
            if np.asarray(columns[name][row]).tobytes() != np.asarray(self.columns[name][row]).tobytes()
        ]
