"""Gradients that are linear beside a jump at 0, which one compiled sweep can add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regkit.compiled import kernels_for

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Slopes:
    """The gradient `sign` · sign(w) + `multiple` · w, with `at_zero` where w is 0."""

    sign: float = 0.0
    at_zero: float = 0.0
    multiple: float = 0.0

    def __add__(self, other: Slopes) -> Slopes:
        return Slopes(
            self.sign + other.sign, self.at_zero + other.at_zero, self.multiple + other.multiple
        )


def add_in_one_sweep(w: NDArray[Any], out: NDArray[Any], slopes: Slopes) -> bool:
    """Add the gradient to `out` by a compiled kernel; False, and nothing done, if strided."""
    if not (w.flags.c_contiguous and out.flags.c_contiguous):
        return False
    kernels_for("sweeps").add_gradient(
        w.reshape(-1),
        out.reshape(-1),
        sign=slopes.sign,
        at_zero=slopes.at_zero,
        multiple=slopes.multiple,
    )
    return True
