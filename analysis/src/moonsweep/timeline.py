"""How the sweep ran: which rank trained what, and when."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
import pandas as pd
import xarray as xr

from moonsweep.runs import leases, runs


def timeline(sweep: xr.Dataset) -> pd.DataFrame:
    """The leases of all runs, a row for each, in seconds since the start of their run.

    Columns: ``run``, ``rank``; ``start_s`` and ``end_s``; ``is_finished``; ``first_trajectory``, ``count``
    (0: the rank had nothing left to train and helped others); ``n_h`` and ``activation`` of its trajectories
    (the largest n_h; an empty activation if they have several; 0 and empty if it helped, or if they are not
    known because the row stands for several leases). A lease that has not
    finished ends with its run, or, if that goes on or was killed, where the last lease of the run ended or
    began.

    Errors: as of moonsweep.runs.
    """
    table = leases(sweep)
    started, ended = _limits(runs(sweep), table)
    begin, end = (_seconds(table[name] - table["run"].map(started)) for name in ("started", "finished"))
    last = _seconds(table["run"].map(ended) - table["run"].map(started))
    rows = pd.DataFrame({"run": table["run"], "rank": table["rank"], "start_s": begin})
    rows["is_finished"] = table["finished"].notna()
    rows["end_s"] = end.where(rows["is_finished"], last).clip(lower=begin)
    for name in ("first_trajectory", "count"):
        rows[name] = table[name]
    trained = _trained(sweep)
    found = [
        trained.loc[first : first + count - 1] if first >= 0 else trained[:0]
        for first, count in zip(rows["first_trajectory"], rows["count"], strict=True)
    ]
    rows["n_h"] = [int(part["n_h"].max()) if len(part) else 0 for part in found]
    rows["activation"] = [names.pop() if len(names := set(part["activation"])) == 1 else "" for part in found]
    return rows


def busy(rows: pd.DataFrame) -> pd.Series:
    """The share of the time of each run that each rank had a lease, indexed by run and rank.

    rows: from ``timeline``. The time of a run is from its start to the end of its last lease.
    """
    shares = {}
    for run, of_run in rows.groupby("run"):
        whole = of_run["end_s"].max()
        for rank, of_rank in of_run.groupby("rank"):
            edges = of_rank.sort_values("start_s")
            # Ranks that share a trajectory may have leases at the same time: overlaps count once.
            reached = edges["end_s"].cummax().shift(fill_value=0.0)
            trained = (edges["end_s"] - np.maximum(edges["start_s"], reached)).clip(lower=0).sum()
            shares[run, rank] = trained / whole if whole > 0 else np.nan
    index = pd.MultiIndex.from_tuples(shares, names=["run", "rank"])
    return pd.Series(list(shares.values()), index=index, dtype=np.float64, name="busy")


def _limits(table: pd.DataFrame, work: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """When each run started and ended; a run without an end ends with the last time of its leases."""
    latest = work.groupby("run")[["started", "finished"]].max().max(axis="columns")
    started = table["started"].reindex(table.index.union(latest.index))
    started = started.fillna(work.groupby("run")["started"].min())
    ended = table["ended"].reindex(started.index).fillna(latest)
    return started, ended


def _seconds(durations: pd.Series) -> pd.Series:
    return durations / pd.Timedelta(1, "s")


def _trained(sweep: xr.Dataset) -> pd.DataFrame:
    """The hidden units and the activation of each trajectory."""
    names = {"trajectory": "config_trajectory", "n_h": "n_h", "activation": "activation"}
    table = pd.DataFrame({name: sweep[variable].values for name, variable in names.items()})
    return table.drop_duplicates("trajectory").set_index("trajectory").sort_index()
