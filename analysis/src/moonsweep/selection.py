"""The article's selection: configurations that learned, generalize, and were quick."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from moonsweep import schema


@dataclass(frozen=True)
class Criteria:
    """The criteria of the selection; the defaults are the article's.

    min_train: the training accuracy must be above it, in percent.
    max_gap: the largest difference between the accuracies of both sets, in percentage points.
    """

    min_train: float = 95.0
    max_gap: float = 1.0

    def __str__(self) -> str:
        points = "point" if self.max_gap == 1.0 else "points"
        return f"train accuracy above {self.min_train:g} %, within {self.max_gap:g} {points} of dev"


def select(frame: pd.DataFrame, criteria: Criteria | None = None) -> pd.DataFrame:
    """The done and stopped rows of ``frame`` (from moonsweep.to_frame) that meet the criteria.

    They are sorted by processor time, the quickest first; rows with equal times keep their order. The result
    may be empty.
    """
    wanted = criteria or Criteria()
    gap = (frame["train_accuracy"] - frame["dev_accuracy"]).abs()
    selected = (
        frame["status"].isin(schema.RESULTS)
        & (frame["train_accuracy"] > wanted.min_train)
        & (gap <= wanted.max_gap)
    )
    return frame[selected].sort_values("train_cpu_seconds", kind="stable")


@dataclass(frozen=True)
class Pick:
    """The configurations that are shown in detail, and a phrase that explains the choice."""

    configs: tuple[int, ...]
    reason: str


def pick(
    frame: pd.DataFrame,
    criteria: Criteria | None = None,
    *,
    best: bool = False,
    configs: Sequence[int] = (),
) -> Pick:
    """The configurations to show in detail: by default the article's, the quickest of the selection.

    best: instead, the one with the highest dev accuracy (of equal ones, the first). configs: instead, these.
    If the selection is empty, the best one is taken, and the reason says so; if there is no result, none is.

    Errors: KeyError if there is no such configuration.
    """
    if configs:
        for config in configs:
            if config not in frame.index:
                between = f"{frame.index.min()} to {frame.index.max()}"
                message = f"there is no configuration {config} (there are: {between})"
                raise KeyError(message)
        return Pick(tuple(dict.fromkeys(map(int, configs))), "as chosen")
    wanted = criteria or Criteria()
    selection = select(frame, wanted)
    if not best and not selection.empty:
        return Pick((int(selection.index[0]),), "the quickest of the selection")
    accuracy = frame.loc[frame["status"].isin(schema.RESULTS), "dev_accuracy"]
    if accuracy.empty:
        later = " yet" if (frame["status"] == "pending").any() else ""
        return Pick((), f"no configuration is done{later}")
    why = "the best on the dev set" if best else "the best on the dev set, as the selection is empty"
    return Pick((int(accuracy.idxmax()),), why)
