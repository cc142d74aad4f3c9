"""How all kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile for each combination of dtypes that comes up, and keep the result on disk.

    Sums may be taken in another order and products added without rounding in between, which the
    processor's vectors need; what is not finite is computed with as always. Other threads go on.
    """
    compiled: Any = numba.njit(
        cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"}
    )(function)
    return cast("F", compiled)
