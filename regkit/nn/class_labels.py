"""Class labels: text or True and False in place of class numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.given_arrays import NUMBERS
from regkit.nn.losses import Loss

Labels = tuple[Any, ...]

SHOWN = 5


def are_labels(y: Array) -> bool:
    """Whether an array of targets holds labels, (n,) or (n, 1), instead of numbers.

    True and False are labels, too, unless they are the rows of a table.
    """
    return y.dtype.kind not in NUMBERS or (y.dtype.kind == "b" and _is_column(y))


def learned(y: Array, loss: Loss, n_outputs: int) -> Labels | None:
    """The distinct labels, sorted: class number i stands for the i-th. None if y holds numbers.

    Raises:
        InputError: the loss takes no labels, they are not text or bool, or their number is not
            that of the classes.
    """
    if not are_labels(y):
        return None
    classes = class_count(loss, n_outputs)
    if classes is None and y.dtype.kind == "b":
        return None
    if classes is None:
        raise InputError(
            f"y must hold numbers for {type(loss).__name__} and {n_outputs} "
            f"output{'s' if n_outputs != 1 else ''}, got {_first(y)}"
        )
    labels = (False, True) if y.dtype.kind == "b" else tuple(sorted(set(_flat(y))))
    if len(labels) != classes:
        raise InputError(
            f"y holds {len(labels)} distinct labels ({listed(labels)}), but the model tells "
            f"{classes} classes apart: change its last layer, or call model.learn_classes with all "
            "labels first"
        )
    return labels


def numbers_of(y: Array, labels: Labels) -> Array:
    """The class numbers of labels, (n,).

    Raises:
        InputError: one of them is unknown.
    """
    numbers = {label: number for number, label in enumerate(labels)}
    try:
        return np.array([numbers[label] for label in _flat(y)], dtype=np.intp)
    except KeyError as unknown:
        raise InputError(
            f"y holds {unknown}, which is none of the model's classes: {listed(labels)}"
        ) from None


def listed(labels: Sequence[Any]) -> str:
    """Labels in a message, the first few of them."""
    shown = ", ".join(map(repr, labels[:SHOWN]))
    return shown if len(labels) <= SHOWN else f"{shown} and {len(labels) - SHOWN} more"


def _flat(y: Array) -> list[Any]:
    """Labels as Python's own values, (n,).

    Raises:
        InputError: they are not one for each sample, or not all text.
    """
    if not _is_column(y):
        raise InputError(f"y has shape {y.shape}: labels must have shape (n,) or (n, 1)")
    found: list[Any] = y.reshape(-1).tolist()
    if y.dtype.kind == "O":
        for number, one in enumerate(found):
            if not isinstance(one, str):
                raise InputError(
                    f"y must hold labels of one type, but after {found[0]!r} row {number} holds "
                    f"{one!r}"
                    if number
                    else f"y must hold numbers or text, got {one!r} in row 0"
                )
    return found


def class_count(loss: Loss, n_outputs: int) -> int | None:
    """How many classes a loss predicts with this number of outputs; None if it predicts none.

    Class numbers are whole numbers, one for each sample, each with a probability.
    """
    outputs = np.ones((1, n_outputs))
    predicted = loss.predict(outputs)
    if predicted.ndim != 1 or predicted.dtype.kind not in "iu":
        return None
    try:
        return int(loss.predict_proba(outputs).shape[1])
    except InputError:
        return None


def _is_column(y: Array) -> bool:
    return y.ndim == 1 or (y.ndim == 2 and y.shape[1] == 1)


def _first(y: Array) -> str:
    return repr(y.flat[0].item() if hasattr(y.flat[0], "item") else y.flat[0]) if y.size else "none"
