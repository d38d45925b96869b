"""How a sweep ran: its runs, and what each rank trained when."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from moonsweep.report.encoding import numbers, plain
from moonsweep.runs import leases, runs

#: What /runs has that is shown as it is.
TEXTS: Final = ("hosts", "version", "isa", "kernels", "command", "batch_job")

MOST_LINES: Final = 60  # ranks in the timeline
MOST_BARS: Final = 3000  # pieces of work in the timeline


def history_of(sweep: xr.Dataset) -> dict[str, Any]:
    """The runs and the timeline. Both are empty if the file has none, as one that xarray has saved."""
    try:
        ran, worked = runs(sweep), leases(sweep)
    except ValueError:
        return {"runs": [], "timeline": None}
    return {"runs": [_run(number, row) for number, row in ran.iterrows()], "timeline": _timeline(ran, worked)}


def _run(number: int, row: pd.Series) -> dict[str, Any]:
    """What is shown of a run. efficiency: the share of the ranks' time that is processor time of training."""
    seconds = (row["ended"] - row["started"]).total_seconds()
    available = seconds * row["ranks"]
    return {
        "number": int(number),
        "started": _instant(row["started"]),
        "seconds": plain(seconds),
        "ranks": int(row["ranks"]),
        "core_seconds": plain(row["core_seconds"]),
        "efficiency": plain(row["core_seconds"] / available) if available > 0 else None,
        "how_ended": str(row["how_ended"]),
        **{name: str(row[name]) for name in TEXTS},
    }


def _instant(time: pd.Timestamp) -> str:
    return "" if pd.isna(time) else f"{time:%Y-%m-%d %H:%M:%S} UTC"


def _timeline(ran: pd.DataFrame, worked: pd.DataFrame) -> dict[str, Any] | None:
    """The leases as bars: the line (a rank of a run) of each, and when it began and ended in its run, in s.

    A lease that was not finished ends with its run, or with the last lease that was. Lines beyond MOST_LINES
    are left out evenly; bars beyond MOST_BARS are joined with their neighbours of the same rank.
    """
    worked = worked[worked["run"].isin(ran.index)]
    if worked.empty:
        return None
    begin = worked["run"].map(ran["started"])
    end_of_run = worked["run"].map(ran["ended"].fillna(worked.groupby("run")["finished"].max()))
    finished = worked["finished"].fillna(end_of_run).fillna(worked["started"])
    bars = pd.DataFrame(
        {
            "run": worked["run"],
            "rank": worked["rank"],
            "from": (worked["started"] - begin).dt.total_seconds(),
            "to": (finished - begin).dt.total_seconds(),
            "first": worked["first_trajectory"],
            "count": worked["count"],
            "is_finished": worked["finished"].notna(),
        }
    ).sort_values(["run", "rank", "from"], kind="stable")
    lines = bars[["run", "rank"]].drop_duplicates()
    chosen = np.unique(np.linspace(0, len(lines) - 1, min(len(lines), MOST_LINES)).round().astype(int))
    shown = bars.merge(lines.iloc[chosen], on=["run", "rank"])
    joined = _joined(shown)
    columns = {name: numbers(joined[name]) for name in joined.columns}
    return {
        "bars": columns,
        "lines": len(lines),
        "lines_shown": len(chosen),
        "leases": len(shown),
        "bars_shown": len(joined),
    }


def _joined(bars: pd.DataFrame) -> pd.DataFrame:
    """At most about MOST_BARS bars: leases between which a rank paused least are joined."""
    if len(bars) <= MOST_BARS:
        return bars
    previous = bars.groupby(["run", "rank"])["to"].shift()
    pause = (bars["from"] - previous).to_numpy()
    longest = np.sort(pause[~np.isnan(pause)])[::-1]
    kept = max(1, MOST_BARS - int(np.isnan(pause).sum()))
    is_begin = np.isnan(pause) | (pause > longest[min(kept, len(longest) - 1)])
    return (
        bars.groupby(np.cumsum(is_begin))
        .agg(
            {
                "run": "first",
                "rank": "first",
                "from": "min",
                "to": "max",
                "first": "min",
                "count": "sum",
                "is_finished": "all",
            }
        )
        .reset_index(drop=True)
    )
