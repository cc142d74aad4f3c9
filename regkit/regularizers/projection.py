"""Whether a constraint holds, as its own projection tells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regkit.array_types import Array

TOLERANCE = 1e-6
"""A constraint holds where its projection moves w by no more than this share of w's norm."""


def distance(projected: Array, w: Array) -> float:
    """The penalty of a constraint at w: 0.0 if w is its own projection to `TOLERANCE`, else ∞."""
    import numpy as np

    moved = np.linalg.norm(np.subtract(projected, w, dtype=np.float64))
    # Around w = 0 the projection's own size counts: a simplex does not hold 0.
    size = max(np.linalg.norm(np.asarray(one, dtype=np.float64)) for one in (w, projected))
    return 0.0 if float(moved) <= TOLERANCE * float(size) else math.inf
