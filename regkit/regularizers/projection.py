"""Whether a constraint holds, as its own projection tells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from regkit.array_libraries import array_namespace, in_float64

if TYPE_CHECKING:
    from regkit.array_types import Array

TOLERANCE = 1e-6
"""A constraint holds where its projection moves w by no more than this share of w's norm."""


def distance(projected: Array, w: Array) -> float:
    """The penalty of a constraint at w: 0.0 if w is its own projection to `TOLERANCE`, else ∞."""
    projected, w = in_float64(projected), in_float64(w)
    # Around w = 0 the projection's own size counts: a simplex does not hold 0.
    size = max(_norm(w), _norm(projected))
    return 0.0 if _norm(projected - w) <= TOLERANCE * size else math.inf


def _norm(array: Array) -> float:
    return float(array_namespace(array).linalg.vector_norm(array))
