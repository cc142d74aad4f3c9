"""Whether a table is a matter of classes or of numbers."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from regkit.data.column import Column
from regkit.data.table import Table
from regkit.data.usable import require_target
from regkit.errors import DataError

Task = Literal["classification", "regression"]

MOST_CLASSES_BY_ITSELF = 20
"""Up to so many distinct whole numbers, a target is taken for classes."""


def resolve_task(table: Table, task: Literal["auto"] | Task = "auto") -> Task:
    """The task, by the target where it is "auto", and checked against the target in any case.

    A target of text or bools stands for classes. So does one of whole numbers (1.0 is one), if
    there are at most 20 distinct ones and at least two rows for each on average. Any other target
    is one of regression.

    Raises:
        DataError: the target has not a finite value in every row, or does not go with the task: it
            is the same in every row, it is text though the task is regression, or it has more than
            half as many distinct values as there are rows though the task is classification.
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
    if target.categories is not None or target.values.dtype == bool:
        return True
    few = distinct <= MOST_CLASSES_BY_ITSELF and 2 * distinct <= len(target.values)
    return few and bool((target.values == np.floor(target.values)).all())
