"""Whether a table's target asks for classification or regression."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from regkit.data.column import Column
from regkit.data.requirements import require_target
from regkit.data.table import Table
from regkit.errors import DataError

Task = Literal["classification", "regression"]

MOST_NUMERIC_CLASSES = 20
"""With more distinct whole numbers than this, "auto" takes a target for regression."""


def resolve_task(table: Table, task: Literal["auto"] | Task = "auto") -> Task:
    """The task; "auto" chooses it from the target's values.

    "auto" means classification for a target of text or bools, and for whole numbers (1.0 is one)
    with at most 20 distinct values and, on average, at least two rows for each; otherwise
    regression.

    Raises:
        DataError: `task` is unknown; the target is not known, has a missing or infinite value, or
            is the same in every row; it is text, for regression; or it has more distinct values
            than half the number of rows, for classification.
    """
    if task != "auto" and task not in get_args(Task):
        raise DataError(f"task must be 'auto', 'classification' or 'regression', got {task!r}")
    target = table.target_column()
    where = f"{table.source}: target {target.name!r}"
    require_target(table.source, target)
    labels = target.labels
    if len(labels) == 1:
        raise DataError(f"{where} is {labels[0]!r} in every row: there is nothing to learn")
    if task == "auto":
        task = "classification" if _stands_for_classes(target, len(labels)) else "regression"
    if task == "regression":
        if target.categories is not None:
            raise DataError(f"{where} holds text, such as {labels[0]!r}: regression needs numbers")
    elif 2 * len(labels) > len(table):
        advice = "choose another --target" if target.categories else "use --task regression"
        raise DataError(
            f"{where} has {len(labels)} distinct values in {len(table)} rows, too many for "
            f"classes: {advice}"
        )
    return task


def _stands_for_classes(target: Column, distinct: int) -> bool:
    if target.categories is not None or target.boolean:
        return True
    few = distinct <= MOST_NUMERIC_CLASSES and 2 * distinct <= len(target.values)
    return few and bool((target.values == np.floor(target.values)).all())
