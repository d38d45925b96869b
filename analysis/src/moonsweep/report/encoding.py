"""Numbers and columns as JSON: base64 of little-endian numbers, which the browser reads as typed arrays."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import base64
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

#: The types that page/data.js reads, by the name of NumPy.
TYPES: Final = ("u1", "u2", "i4", "f4", "f8")


def encoded(values: ArrayLike) -> dict[str, str]:
    """An array of one of TYPES as its type and its bytes."""
    array = np.ascontiguousarray(values)
    name = array.dtype.str[1:]
    if name not in TYPES:
        message = f"the type is {array.dtype}; it must be one of {', '.join(TYPES)}"
        raise TypeError(message)
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return {"type": name, "data": base64.b64encode(little.tobytes()).decode("ascii")}


def numbers(values: pd.Series) -> dict[str, str]:
    """A column of numbers, exactly; missing values are NaN."""
    return encoded(values.to_numpy(dtype=np.float64, na_value=np.nan))


def categories(values: pd.Series) -> dict[str, Any]:
    """A column with few different values: these in the order in which they occur first, and their numbers."""
    codes, different = pd.factorize(values, use_na_sentinel=False)
    kind = next(name for name in ("u1", "u2", "i4") if len(different) <= np.iinfo(name).max)
    labels = [None if pd.isna(value) else plain(value) for value in different]
    return {"labels": labels, "codes": encoded(codes.astype(kind))}


def plain(value: object) -> object:
    """A value of NumPy as one of Python, which JSON can store. Numbers that are not finite become None."""
    item = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(item, float) and not np.isfinite(item) else item
