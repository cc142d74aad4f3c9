"""Whether the data of a run are those that it was started with."""

from __future__ import annotations

import math
from collections.abc import Mapping

from regkit.data import Preparation
from regkit.data.input_column import InputColumn
from regkit.data.table import listed
from regkit.errors import DataError
from regkit.runs.digests import FILES, PARTS, data_digests
from regkit.runs.folder import MOST_BYTES, RunFolder
from regkit.runs.manifest_file import read_manifest
from regkit.runs.prepared import DATA, RunData
from regkit.storage import read_whole

ROUNDING = 1e-9
"""Means and scales may differ by this much, relative to the scale, on another kind of processor."""


def require_same_data(folder: RunFolder, data: RunData) -> None:
    """Check that a run's settings still lead to the data that it was started with.

    Rows that differ though they come from the same file, or from no file, differ by rounding.

    Raises:
        DataError: labels, columns, scales or rows are others; the message says which.
    """
    then = Preparation.from_json(
        read_whole(folder.preparation, most=MOST_BYTES).decode(errors="replace"),
        str(folder.preparation),
    )
    difference = what_differs(then, data.preparation) or _other_rows(
        read_manifest(folder.manifest)["data"], data_digests(data), data
    )
    if difference is not None:
        raise DataError(
            f"{folder.path} was trained on other data: {difference}; put the data back, or train "
            "a new run on these"
        )


def what_differs(then: Preparation, now: Preparation) -> str | None:
    """The first difference between the preparation of a run's start and today's, in words."""
    if (then.task, then.target) != (now.task, now.target):
        return (
            f"the task was {then.task} of {then.target!r}, now it is {now.task} of {now.target!r}"
        )
    if then.classes != now.classes:
        return f"the labels were {listed(then.classes)}, now they are {listed(now.classes)}"
    before, after = ([one.name for one in prepared.columns] for prepared in (then, now))
    if before != after:
        return f"the columns were {listed(before)}, now they are {listed(after)}"
    for was, is_now in zip(then.columns, now.columns, strict=True):
        difference = _column_differs(was, is_now)
        if difference is not None:
            return difference
    pairs = {
        "the mean": (then.target_mean, now.target_mean),
        "the scale": (then.target_scale, now.target_scale),
    }
    return _numbers_differ(then.target, pairs, then.target_scale)


def _column_differs(then: InputColumn, now: InputColumn) -> str | None:
    if then.categories != now.categories:
        return f"column {then.name!r} held {_kind(then)}, and now it holds {_kind(now)}"
    if isinstance(then.fill, float | int) and isinstance(now.fill, float | int):
        pairs = {"the value filled in": (then.fill, now.fill)}
    elif then.fill != now.fill:
        return f"missing values of {then.name!r} were {then.fill!r}, now they are {now.fill!r}"
    else:
        pairs = {}
    pairs |= {"the mean": (then.mean, now.mean), "the scale": (then.scale, now.scale)}
    return _numbers_differ(then.name, pairs, then.scale)


def _kind(column: InputColumn) -> str:
    return "numbers" if column.categories is None else f"the categories {listed(column.categories)}"


def _numbers_differ(
    name: str, pairs: Mapping[str, tuple[float, float]], scale: float
) -> str | None:
    for what, (then, now) in pairs.items():
        if not math.isclose(then, now, rel_tol=ROUNDING, abs_tol=ROUNDING * scale):
            return f"{what} of {name!r} was {then!r}, now it is {now!r}"
    return None


def _other_rows(
    then: Mapping[str, str | None], now: Mapping[str, str | None], data: RunData
) -> str | None:
    for part, rows in PARTS.items():
        source = part if part in data.files else DATA
        file = FILES[source]
        if then.get(rows) != now[rows] and then.get(file) != now[file]:
            return f"the {rows} are others, since {data.files[source]} has changed"
    return None
