"""Which axis of the grid matters: shares of the variance of the dev accuracy."""

from typing import Any

import numpy as np
import pandas as pd


def importance_of(frame: pd.DataFrame, axes: list[str]) -> dict[str, Any]:
    """For each of the axes two shares of the variance of the dev accuracy over all configurations.

    alone: the variance of the means over everything else; total: what is lost if the axis is averaged out,
    which includes its interactions with the others. Both are exact, because the grid is full. If it is not,
    or has results missing, there is a sentence in ``reason`` instead.
    """
    accuracy = frame["dev_accuracy"]
    combinations = int(np.prod([frame[name].nunique() for name in axes]))
    if not axes:
        return {"reason": "The sweep has only one configuration."}
    if combinations != len(frame) or frame.duplicated(axes).any():
        return {"reason": "The sweep is not a full grid, so the shares of its axes cannot be separated."}
    if accuracy.isna().any():
        missing = int(accuracy.isna().sum())
        have = "configuration has" if missing == 1 else "configurations have"
        return {"reason": f"{missing:,} {have} no accuracy, so the grid is not complete."}
    whole = float(accuracy.var(ddof=0))
    if whole == 0.0:
        return {"reason": "All configurations have the same dev accuracy."}
    shares = []
    for name in axes:
        others = [other for other in axes if other != name]
        averaged = (
            float(accuracy.groupby([frame[other] for other in others]).mean().var(ddof=0)) if others else 0.0
        )
        alone = float(accuracy.groupby(frame[name]).mean().var(ddof=0))
        shares.append({"axis": name, "alone": alone / whole, "total": 1.0 - averaged / whole})
    return {"shares": sorted(shares, key=lambda share: share["total"], reverse=True)}
