"""Tables that answer a question, made from the table of configurations: the figures draw them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import pandas as pd

from moonsweep import schema

#: The columns that make two configurations different settings; those with equal ones differ in seed and data.
SETTING: Final = ("n_h", "activation", "learning_rate", "iterations", "init_scale")

#: The columns that repeat a setting.
REPEATS: Final = ("seed", "dataset")


def results_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``table`` (from moonsweep.to_frame) that are done or stopped: those to compare."""
    return table[table["status"].isin(schema.RESULTS)]


def spread(table: pd.DataFrame, value: str = "dev_accuracy") -> pd.DataFrame:
    """A row for each setting with the mean of ``value`` over its seeds and data sets, the highest mean first.

    Index: n_h, activation, learning_rate, iterations and init_scale. Columns: ``mean``; ``std``, the standard
    deviation (with n - 1; NaN for a single one); ``low`` and ``high``; ``count``. Only results that are done
    or stopped count.

    Errors: KeyError if the table has no column ``value``.
    """
    _need_column(table, value)
    groups = results_of(table).groupby(list(SETTING), sort=False, observed=True)[value]
    made = groups.agg(mean="mean", std="std", low="min", high="max", count="count")
    return made.sort_values("mean", ascending=False, kind="stable")


def by_hidden_units(table: pd.DataFrame, value: str = "dev_accuracy") -> pd.DataFrame:
    """The best ``value`` for each activation and number of hidden units, and its spread over the seeds.

    For each seed and data set, the best over learning rates, iteration counts and initial scales is taken.
    Index: activation, n_h. Columns: ``mean``, ``low`` and ``high`` of these, and their ``count``.

    Errors: KeyError if the table has no column ``value``.
    """
    _need_column(table, value)
    done = results_of(table)
    best = done.groupby(["activation", "n_h", *REPEATS], observed=True)[value].max()
    return best.groupby(["activation", "n_h"]).agg(mean="mean", low="min", high="max", count="count")


def front(table: pd.DataFrame, cost: str = "train_cpu_seconds", value: str = "dev_accuracy") -> pd.DataFrame:
    """The results than which no other one has both a lower cost and a higher value: the Pareto front.

    They are sorted by ``cost``; of equal ones in both columns the first is taken. Results without a positive
    cost are left out.

    Errors: KeyError if the table lacks a column.
    """
    _need_column(table, cost)
    _need_column(table, value)
    timed = results_of(table)
    timed = timed[(timed[cost] > 0) & timed[value].notna()]
    ordered = timed.sort_values([cost, value], ascending=[True, False], kind="stable")
    highest = ordered[value].cummax().shift(fill_value=float("-inf"))
    return ordered[ordered[value] > highest]


def compare(first: pd.DataFrame, second: pd.DataFrame, value: str = "dev_accuracy") -> pd.DataFrame:
    """The results of the settings that two sweeps share, in the order of the first one.

    The tables are from moonsweep.to_frame. Settings are the same if hidden units, activation, learning rate,
    iterations, initial scale, seed and data set are. Columns: these; ``first`` and ``second``, the ``value``
    in each sweep; and ``difference``, the second minus the first. Only done or stopped results count.

    Errors: KeyError if a table has no column ``value``.
    """
    keys = [*SETTING, *REPEATS]
    for table in (first, second):
        _need_column(table, value)
    left, right = (results_of(table)[[*keys, value]] for table in (first, second))
    left, right = left.drop_duplicates(keys), right.drop_duplicates(keys)
    both = left.rename(columns={value: "first"}).merge(right.rename(columns={value: "second"}), on=keys)
    return both.assign(difference=both["second"] - both["first"])


def _need_column(table: pd.DataFrame, name: str) -> None:
    if name not in table.columns:
        message = f"the table has no column {name!r}; it has {', '.join(map(str, table.columns))}"
        raise KeyError(message)
