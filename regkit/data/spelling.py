"""Numbers as categories and labels: one spelling, however a number is stored."""

from __future__ import annotations

from typing import Any

import numpy as np

from regkit.array_types import Array


def spelled(value: Any) -> str:
    """A value as a category: 0, 0.0 and −0.0 are `0`, true is `True`, text is as it is."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def python_numbers(values: Array) -> list[Any]:
    """The values as Python numbers; a float32 is the shortest number that rounds to it."""
    if values.dtype == np.float32:
        return [float(str(one)) for one in values]
    numbers: list[Any] = values.tolist()
    return numbers
