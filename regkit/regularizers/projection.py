"""Whether a constraint holds, as its own projection tells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from regkit.array_libraries import array_namespace, in_float64, is_traced, number

if TYPE_CHECKING:
    from regkit.array_types import Array

TOLERANCE = 1e-6
"""A constraint holds where its projection moves w by no more than this share of w's norm."""


def distance(projected: Array, w: Array) -> Any:
    """The penalty of a constraint at w: 0.0 if w is its own projection to `TOLERANCE`, else ∞.

    It is a float, or an array of no dimension where w is traced.
    """
    projected, w = in_float64(projected), in_float64(w)
    # Around w = 0 the projection's own size counts: a simplex does not hold 0.
    sizes, moved = (_norm(w), _norm(projected)), _norm(projected - w)
    if is_traced(moved):
        xp = array_namespace(w)
        return xp.where(moved <= TOLERANCE * xp.maximum(*sizes), 0.0, math.inf)
    return 0.0 if moved <= TOLERANCE * max(sizes) else math.inf


def _norm(array: Array) -> Any:
    return number(array_namespace(array).linalg.vector_norm(array))
