"""The subject of the figures: a sweep, its table, the selection, and the pick from it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from moonsweep import schema
from moonsweep.figures import theme
from moonsweep.frame import to_frame
from moonsweep.selection import Criteria, select


@dataclass(frozen=True)
class Samples:
    """Part of a data set: X (m, n_x) and its labels y (m,), 0 or 1."""

    X: NDArray[np.float64]
    y: NDArray[np.uint8]


@dataclass(frozen=True)
class Subject:
    """A sweep with its table, and the selection by the criteria.

    pick: the configuration whose network is shown in detail, or None if none is done yet.
    pick_reason: a phrase that explains the choice.
    """

    sweep: xr.Dataset
    frame: pd.DataFrame
    criteria: Criteria
    selection: pd.DataFrame
    pick: int | None
    pick_reason: str

    @classmethod
    def of(cls, sweep: xr.Dataset, criteria: Criteria | None = None) -> "Subject":
        """Reads the table and selects by the criteria, by default the article's."""
        criteria = criteria or Criteria()
        frame = to_frame(sweep)
        selection = select(frame, criteria)
        done = frame.loc[frame["status"].isin(schema.RESULTS), "dev_accuracy"]
        if not selection.empty:
            pick, reason = int(selection.index[0]), "the quickest of the selection"
        elif not done.empty:
            pick, reason = int(done.idxmax()), "the best on the dev set, as the selection is empty"
        else:
            pick, reason = None, f"no configuration is done{_yet(frame)}"
        return cls(sweep, frame, criteria, selection, pick, reason)

    @property
    def title(self) -> str:
        """The sweep's name."""
        return theme.plain(str(self.sweep.attrs.get("title", "sweep")))

    @property
    def counts(self) -> str:
        """The numbers of configurations in total and in each state."""
        found = self.frame["status"].value_counts()
        states = [f"{found[status]:,} {status}" for status in schema.STATUSES if found[status]]
        return f"{theme.count(len(self.frame), 'configuration')} ({', '.join(states)})"

    @property
    def yet(self) -> str:
        """Ends a sentence about what is missing: " yet" if there may be some later."""
        return _yet(self.frame)

    @property
    def final(self) -> pd.DataFrame:
        """The rows that have accuracies."""
        return self.frame[self.frame["dev_accuracy"].notna()]

    @property
    def activations(self) -> list[str]:
        """The activations in the order of the grid, which determines their colours."""
        return list(dict.fromkeys(self.frame["activation"]))

    def label(self, config: int) -> str:
        """A description of a configuration, e.g. "126: 3 tanh, rate 0.6, 10,000 iterations"."""
        row = self.frame.loc[config]
        parts = [f"{row['n_h']} {row['activation']}", f"rate {row['learning_rate']:g}"]
        parts += [f"{name} {row[name]:g}" for name in ("seed", "init_scale") if self.varies(name)]
        return f"{config}: {', '.join(parts)}, {theme.count(row['iterations'], 'iteration')}"

    def varies(self, name: str) -> bool:
        """Whether a column of the table has more than one value."""
        return bool((self.frame[name] != self.frame[name].iloc[0]).any())

    def samples(self, part: str, dataset: int = 0) -> Samples:
        """The samples of a data set; part: "train" or "dev"."""
        start = int(self.sweep[f"{part}_start"].values[dataset])
        rows = slice(start, start + int(self.sweep[f"{part}_count"].values[dataset]))
        chosen = self.sweep[[f"X_{part}", f"y_{part}"]].isel({f"{part}_sample": rows})
        return Samples(chosen[f"X_{part}"].values, chosen[f"y_{part}"].values)

    @property
    def feature_names(self) -> list[str]:
        """The names of the features."""
        return _names(self.sweep.attrs.get("feature_names"), self.sweep.sizes["feature"], "x", 1)

    @property
    def label_names(self) -> list[str]:
        """The names of the labels 0 and 1 in the data."""
        return _names(self.sweep.attrs.get("label_values"), 2, "label ", 0)


def _yet(frame: pd.DataFrame) -> str:
    return " yet" if (frame["status"] == "pending").any() else ""


def _names(stored: object, count: int, prefix: str, first: int) -> list[str]:
    """The stored names as texts, or default ones if the number of stored names is wrong."""
    names = [] if stored is None else [theme.plain(str(name)) for name in np.atleast_1d(stored)]
    if len(names) != count:
        return [f"{prefix}{number}" for number in range(first, first + count)]
    return [f"{prefix}{name}" if name.isdecimal() else name for name in names]
