"""The names of the features and of the labels of a sweep's data."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence

import numpy as np
import xarray as xr


def feature_names(sweep: xr.Dataset) -> tuple[str, ...]:
    """The names of the features; x1, x2, ... if they are not known."""
    n_x = sweep.sizes["feature"]
    return _stored(sweep, "feature_names", [f"x{number}" for number in range(1, n_x + 1)])


def label_names(sweep: xr.Dataset) -> tuple[str, ...]:
    """What the data has for the labels 0 and 1; 0 and 1 if that is not known."""
    return _stored(sweep, "label_values", ["0", "1"])


def shown(names: Sequence[str], prefix: str) -> list[str]:
    """The names as a figure shows them: numbers get a prefix that says what they are."""
    return [f"{prefix}{name}" if name.isdecimal() else name for name in names]


def _stored(sweep: xr.Dataset, attribute: str, default: Sequence[str]) -> tuple[str, ...]:
    """The texts of an attribute, or the default ones if their number is wrong."""
    texts = [str(text) for text in np.atleast_1d(sweep.attrs.get(attribute, []))]
    return tuple(texts if len(texts) == len(default) else default)
