"""The types of arrays in annotations, and read-only views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = Mapping[str, Array]
ModelArrays = Mapping[str, Arrays]
"""{layer name: {parameter: array}}."""


def read_only(array: Array) -> Array:
    """A read-only view of an array."""
    view = array.view()
    view.flags.writeable = False
    return view
