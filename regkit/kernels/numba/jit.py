"""The compilation of all kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile for each combination of dtypes that occurs, and cache the result on disk.

    Sums may be reordered, and products added without intermediate rounding, which vectorization
    needs; NaN and infinity behave as usual. Other threads keep running.
    """
    compiled: Any = numba.njit(
        cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"}
    )(function)
    return cast("F", compiled)
