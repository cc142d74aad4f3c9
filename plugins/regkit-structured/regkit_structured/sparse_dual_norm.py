"""The dual norm of the sparse group lasso: a scalar root for each group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_ITERATIONS = 100
ROUNDING = 4 * float(np.finfo(np.float64).eps)


def sparse_dual_norm(rows: NDArray[np.float64], l1_ratio: float) -> float:
    """The largest root λ over the groups of ‖max(|g| − λρ, 0)‖ = λ (1−ρ) √(group size).

    The left side minus the right is convex and falls in λ: Newton's method rises to the root from
    below, where it begins at what the penalty's sizes for one entry and for equal entries imply.

    Args:
        rows: (groups, entries) of the data loss's gradient.
        l1_ratio: ρ in [0, 1].
    """
    if not rows.size:
        return 0.0
    sizes = np.abs(rows)
    root = np.sqrt(rows.shape[1])
    weight = (1 - l1_ratio) * root
    single = np.max(sizes, axis=1) / (l1_ratio + weight)
    strengths = np.maximum(single, _norms(sizes) / root)
    for _ in range(MOST_ITERATIONS):
        left = np.maximum(sizes - l1_ratio * strengths[:, None], 0)
        norms = _norms(left)
        slope = weight + l1_ratio * np.sum(left, axis=1) / np.where(norms == 0, 1, norms)
        excess = norms - weight * strengths
        rises = excess > ROUNDING * _norms(sizes)
        if not np.any(rises):
            break
        strengths = strengths + np.where(rises, excess / slope, 0)
    return float(np.max(strengths))


def _norms(rows: NDArray[np.float64]) -> NDArray[Any]:
    norms: NDArray[Any] = np.sqrt(np.sum(rows**2, axis=1))
    return norms
