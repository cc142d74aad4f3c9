"""The names under which arrays stand in annotations, and views that refuse to be written to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = Mapping[str, Array]


def read_only(array: Array) -> Array:
    """A view of an array that refuses to be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
