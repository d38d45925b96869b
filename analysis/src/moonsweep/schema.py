"""What this package knows of the result file's format (docs/file-format.md), in tables."""

from typing import Final

#: The newest format version that this package reads.
FORMAT_VERSION: Final = 1

#: Root attributes that every result file has and hardly any other file.
SIGNATURE: Final = ("format_version", "job_hash", "numerics")

#: The values of ``status`` by position. All but pending are final.
STATUSES: Final = ("pending", "done", "diverged", "stopped", "dropped")
PENDING: Final = 0

#: The columns of ``train_outcomes`` and ``dev_outcomes`` by position.
OUTCOMES: Final = ("true_negatives", "false_positives", "false_negatives", "true_positives")

#: The variables that make a configuration what it is, outermost axis of the grid first.
PARAMETERS: Final = ("n_h", "activation", "learning_rate", "iterations", "seed", "init_scale")

#: Variables over ``config`` that hold from the start; the others are results, valid once a row is final.
KNOWN_AT_START: Final = frozenset({"config", "config_trajectory", "config_dataset", "status", *PARAMETERS})

#: Results that are no measurements: 64-bit patterns, which a missing value would round to float64.
BIT_PATTERNS: Final = frozenset({"checksum", "times_checksum"})
