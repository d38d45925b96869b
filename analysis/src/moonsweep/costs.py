"""The cost curve of a configuration, from that of its trajectory."""

import numpy as np
import xarray as xr


def cost_of(sweep: xr.Dataset, config: int) -> xr.DataArray:
    """The costs of a configuration over ``iteration``, as far as they are stored.

    The value at iteration i is the cost before update i; at 0 it is that of the initial parameters. If the
    costs are stored with a stride, only multiples of it are present; if none are stored, the array is empty.
    For a pending configuration, the costs of its trajectory so far are returned; for a diverged one, the
    finite costs; for a dropped one, those up to the rung at which its trajectory was dropped.

    Errors: KeyError if there is no such configuration.
    """
    try:
        row = sweep[["config_trajectory", "iterations"]].sel(config=config)
    except KeyError:
        labels = sweep["config"].values
        between = f"{labels.min()} to {labels.max()}" if labels.size else "none"
        message = f"there is no configuration {config} (there are: {between})"
        raise KeyError(message) from None
    trajectory = sweep[["cost_start", "cost_count", "cost_stride"]].sel(trajectory=row["config_trajectory"])
    start, count, stride = (int(trajectory[name]) for name in trajectory.data_vars)
    if stride > 0:
        count = min(count, -(-int(row["iterations"]) // stride))
    cost = sweep["cost"].isel(cost_sample=slice(start, start + count))
    iteration = ("iteration", np.arange(count, dtype=np.int64) * stride, {"units": "1"})
    return xr.DataArray(
        cost.values,
        coords={"iteration": iteration},
        dims="iteration",
        name="cost",
        attrs=cost.attrs | {"config": int(config)},
    )
