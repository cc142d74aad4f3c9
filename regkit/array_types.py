"""The types of arrays in annotations, and read-only views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = Mapping[str, Array]
ModelArrays = Mapping[str, Arrays]
"""{layer name: {parameter: array}}."""


def read_only(array: Array) -> Array:
    """A read-only view of an array of NumPy; those of other libraries stay as they are."""
    if not isinstance(array, np.ndarray):
        return array
    view = array.view()
    view.setflags(write=False)
    return view
