"""The article's selection: configurations that learned, generalize, and were quick."""

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
