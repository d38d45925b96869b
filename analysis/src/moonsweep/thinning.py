"""Cost curves with fewer points, which look the same when they are drawn."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

MOST_POINTS: Final = 2000  # more cannot be distinguished in a figure


def thinned(
    cost: xr.DataArray, most_points: int = MOST_POINTS
) -> tuple[NDArray[np.int64], NDArray[np.floating]]:
    """Updates, counted from 1, and costs, reduced to about ``most_points``.

    A long curve is divided into ranges that are equally long on a logarithmic axis, and the lowest and the
    highest cost of each are kept, so that oscillations are drawn with their full amplitude.
    """
    updates = cost["iteration"].values + 1
    values = cost.values
    if values.size <= most_points:
        return updates, values
    edges = np.geomspace(1, values.size, most_points // 2).astype(int)
    starts = np.unique(np.concatenate([[0], edges[:-1]]))
    chosen = [0, values.size - 1]
    for start, end in zip(starts, [*starts[1:], values.size], strict=True):
        part = values[start:end]
        chosen += [start + int(part.argmin()), start + int(part.argmax())]
    kept = np.unique(chosen)
    return updates[kept], values[kept]
