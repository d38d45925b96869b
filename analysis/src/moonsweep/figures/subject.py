"""The subject of the figures: a sweep, its table, the selection, and the pick from it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import xarray as xr

from moonsweep import schema
from moonsweep.figures import theme
from moonsweep.frame import to_frame
from moonsweep.names import feature_names, label_names, shown
from moonsweep.selection import Criteria, pick, select

#: What the axes of a grid are called.
NAMES: Final = {
    "n_h": "hidden units",
    "activation": "activation",
    "learning_rate": "learning rate",
    "iterations": "iterations",
    "seed": "seed",
    "init_scale": "initial scale",
    "dataset": "data set",
}

#: Those that a configuration is only described by if they vary.
REPEATS: Final = ("seed", "init_scale", "dataset")


@dataclass(frozen=True)
class Subject:
    """A sweep with its table, and the selection by the criteria.

    picks: the configurations whose networks are shown in detail; none if there is no result yet.
    pick_reason: a phrase that explains the choice. other: a sweep to compare it with, if there is one.
    """

    sweep: xr.Dataset
    frame: pd.DataFrame
    criteria: Criteria
    selection: pd.DataFrame
    picks: tuple[int, ...]
    pick_reason: str
    other: xr.Dataset | None = None

    @classmethod
    def of(
        cls,
        sweep: xr.Dataset,
        criteria: Criteria | None = None,
        *,
        best: bool = False,
        configs: Sequence[int] = (),
        other: xr.Dataset | None = None,
    ) -> "Subject":
        """Reads the table and selects by the criteria, by default the article's; picks as moonsweep.pick."""
        criteria = criteria or Criteria()
        frame = to_frame(sweep)
        chosen = pick(frame, criteria, best=best, configs=configs)
        selection = select(frame, criteria)
        return cls(sweep, frame, criteria, selection, chosen.configs, chosen.reason, other)

    @property
    def pick(self) -> int | None:
        """The first of the picks."""
        return self.picks[0] if self.picks else None

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
        """The activations in the order of the grid."""
        return list(dict.fromkeys(self.frame["activation"]))

    @property
    def pending(self) -> str:
        """A phrase for a subtitle that says how much is missing; empty if nothing is."""
        count = int((self.frame["status"] == "pending").sum())
        return f"; {count:,} of {len(self.frame):,} are pending" if count else ""

    def label(self, config: int) -> str:
        """A description of a configuration, e.g. "126: 3 tanh, rate 0.6, 10,000 iterations"."""
        row = self.frame.loc[config]
        parts = [f"{row['n_h']} {row['activation']}", f"rate {row['learning_rate']:g}"]
        parts += [f"{NAMES[name]} {row[name]:g}" for name in REPEATS if self.varies(name)]
        return f"{config}: {', '.join(parts)}, {theme.count(row['iterations'], 'iteration')}"

    def varies(self, name: str) -> bool:
        """Whether a column of the table has more than one value."""
        return bool((self.frame[name] != self.frame[name].iloc[0]).any())

    @property
    def step(self) -> float:
        """The difference between two neighbouring dev accuracies, in percentage points."""
        return 100.0 / max(int(self.sweep["dev_count"].values.max(initial=1)), 1)

    @property
    def feature_names(self) -> list[str]:
        """The names of the features."""
        return [theme.plain(name) for name in shown(feature_names(self.sweep), "x")]

    @property
    def label_names(self) -> list[str]:
        """The names of the labels 0 and 1 in the data."""
        return [theme.plain(name) for name in shown(label_names(self.sweep), "label ")]


def _yet(frame: pd.DataFrame) -> str:
    return " yet" if (frame["status"] == "pending").any() else ""
