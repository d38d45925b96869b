"""The parts of the result file's format (docs/file-format.md) that this package uses."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

#: The newest format version that this package reads.
FORMAT_VERSION: Final = 1

#: Root attributes that every result file has, and hardly any other file.
SIGNATURE: Final = ("format_version", "job_hash", "numerics")

#: The values of ``status`` by position. All but pending are final.
STATUSES: Final = ("pending", "done", "diverged", "stopped", "dropped")
PENDING: Final = 0
DROPPED: Final = 4

#: The values of ``ended_by`` by position: the rule that ended a trajectory early.
RULES: Final = ("none", "patience", "target_dev_accuracy", "max_seconds")

#: The names of those whose parameters are a result to compare: all iterations, or those until a rule applied.
RESULTS: Final = ("done", "stopped")

#: The columns of ``train_outcomes`` and ``dev_outcomes`` by position.
OUTCOMES: Final = ("true_negatives", "false_positives", "false_negatives", "true_positives")

#: The variables that define a configuration, the outermost axis of the grid first.
PARAMETERS: Final = ("n_h", "activation", "learning_rate", "iterations", "seed", "init_scale")

#: Variables over ``config`` that are valid from the start. The others are results, valid if a row is final.
KNOWN_AT_START: Final = frozenset({"config", "config_trajectory", "config_dataset", "status", *PARAMETERS})

#: 64-bit patterns. They are not masked, because they would be rounded to float64.
BIT_PATTERNS: Final = ("checksum", "times_checksum")

#: The variables that ``checksum`` and ``times_checksum`` of a row cover, in the order of the format.
COVERED: Final = (
    *("n_h", "activation", "learning_rate", "iterations", "seed", "init_scale", "config_trajectory"),
    *(
        "config_dataset",
        "status",
        "iterations_done",
        "ended_by",
        "train_accuracy",
        "dev_accuracy",
        "train_outcomes",
    ),
    *("dev_outcomes", "final_cost", "train_cost", "dev_cost", "stop_best", "stop_count"),
    *("W1", "b1", "W2", "b2"),
)
COVERED_TIMES: Final = ("train_seconds", "train_cpu_seconds", "rank", "run")

#: The variables that runs write, by their number in the order of the format: the results, cost, cost_count,
#: and all of leases, runs and checkpoint.
WRITTEN_NUMBERS: Final = frozenset({*range(8, 31), 32, *range(49, 86)})

#: The variables that are read when a file is opened, in this order.
STATE: Final = ("status", "cost_count", "cost_start")

#: The variables without which the checksums of rows cannot be computed.
SUMMED: Final = (*COVERED, *COVERED_TIMES, *BIT_PATTERNS, "cost", "cost_start", "cost_count", "cost_stride")

#: The number of costs in a block of the hash of costs.
COST_BLOCK: Final = 4096
