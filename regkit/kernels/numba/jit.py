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
    return _compiled(function, {"contract", "reassoc", "nsz"})


def ordered_kernel(function: F) -> F:
    """The same for arithmetic whose order matters: nothing is reordered."""
    return _compiled(function, {"contract"})


def exact_kernel(function: F) -> F:
    """The same, but each operation is rounded as NumPy rounds it: for one entry at a time."""
    return _compiled(function, False)


def _compiled(function: F, fastmath: set[str] | bool) -> F:
    compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=fastmath)(
        function
    )
    return cast("F", compiled)
