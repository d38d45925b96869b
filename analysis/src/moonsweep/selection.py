"""The article's selection: which configurations learned, generalize, and were quick."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Criteria:
    """What a configuration must hold to be selected; the defaults are the article's.

    min_train: percent, the training accuracy must lie above it.
    max_gap: percentage points, the accuracies on the two sets may differ by it.
    """

    min_train: float = 95.0
    max_gap: float = 1.0

    def __str__(self) -> str:
        points = "point" if self.max_gap == 1.0 else "points"
        return f"train accuracy above {self.min_train:g} %, within {self.max_gap:g} {points} of dev"


def select(frame: pd.DataFrame, criteria: Criteria | None = None) -> pd.DataFrame:
    """The done rows of ``frame`` (of moonsweep.to_frame) that hold the criteria, quickest first.

    Quick is what took little processor time; equally quick ones keep their order. The result may be empty.
    """
    wanted = criteria or Criteria()
    gap = (frame["train_accuracy"] - frame["dev_accuracy"]).abs()
    holds = (
        (frame["status"] == "done") & (frame["train_accuracy"] > wanted.min_train) & (gap <= wanted.max_gap)
    )
    return frame[holds].sort_values("train_cpu_seconds", kind="stable")
