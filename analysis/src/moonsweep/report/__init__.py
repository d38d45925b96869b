"""The report of a sweep: one HTML file with interactive figures, which needs no network.

    with moonsweep.open("out.h5") as sweep:
        page = make_report(sweep)

`contents` collects what the report shows, `html` puts it into the page. The page itself, its style and its
scripts are in the folder `page`; figures are drawn by plotly.js, and the table by DataTables, in the browser.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import xarray as xr

from moonsweep.report.contents import contents_of
from moonsweep.report.html import page_of
from moonsweep.selection import Criteria


def make_report(sweep: xr.Dataset, criteria: Criteria | None = None, max_seconds: float | None = None) -> str:
    """The report of a sweep, as HTML.

    criteria, max_seconds (None: no limit): the thresholds that the report is opened with. Errors:
    SweepFileError if the sweep is damaged.
    """
    return page_of(contents_of(sweep, criteria or Criteria(), max_seconds))


__all__ = ["make_report"]
