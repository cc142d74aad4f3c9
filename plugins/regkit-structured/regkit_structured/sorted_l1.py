"""Sorted L1 (SLOPE), λ Σ cᵢ |w|₍ᵢ₎."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from regkit import Regularizer, array_namespace, float64_sum
from regkit.array_libraries import beside, in_float64, largest
from regkit.errors import FieldError

if TYPE_CHECKING:
    from regkit.array_types import Array

    Numbers = NDArray[np.float64]


class SortedL1(Regularizer):
    """λ Σ cᵢ |w|₍ᵢ₎ with |w|₍₁₎ ≥ |w|₍₂₎ ≥ … and 1 = c₁ > c₂ > … > 0: L1 by the order of sizes.

    Large weights are pulled harder than small ones, so that weights of about one size become equal
    in size. With the normal quantile function Φ⁻¹, n weights and 0 < q < 1, cᵢ = Φ⁻¹(1 − qi/2n) /
    Φ⁻¹(1 − q/2n): the critical values of Benjamini and Hochberg's procedure at the level q, of
    which the first is 1 here. The smaller q, the more alike they are.

    The gradient is cᵢ sign(w), with the mean of the c of weights that tie, and 0 at 0. The proximal
    operator lowers the sorted sizes by step · c, replaces what is then out of order by means, and
    stops at 0.

    Source: Bogdan, van den Berg, Sabatti, Su & Candès (2015), *SLOPE: adaptive variable selection
    via convex optimization*, equations 1.2 and 1.7, and section 2.2.

    Raises:
        FieldError: `q` is not between 0 and 1.
    """

    q: float = 0.1

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    sparsifying: ClassVar[bool] = True
    array_api: ClassVar[bool] = True
    no_array_step: ClassVar[str] = (
        "it pools weights by their sizes, which takes one step for all of them"
    )

    def __post_init__(self) -> None:
        if not 0 < self.q < 1:
            raise FieldError(f"SortedL1: q must be between 0 and 1, got {self.q!r}")

    def value(self, w: Array) -> Array:
        """Σ cᵢ |w|₍ᵢ₎, accumulated in float64."""
        sizes = _descending_sizes(w)
        return float64_sum(beside(w, _factors(self.q, prod(w.shape)), sizes.dtype) * sizes)

    def grad(self, w: Array) -> Array:
        """cᵢ sign(w), the mean over ties."""
        xp = array_namespace(w)
        sizes = _sizes(w)
        count, ascending = prod(w.shape), xp.sort(sizes)
        # How many are larger, and how many are at least as large.
        above = count - xp.searchsorted(ascending, sizes, side="right")
        up_to = count - xp.searchsorted(ascending, sizes, side="left")
        sums = np.concatenate([[0.0], np.cumsum(_factors(self.q, count))])
        total = beside(w, sums, sizes.dtype)
        factors = (xp.take(total, up_to) - xp.take(total, above)) / xp.astype(
            up_to - above, sizes.dtype
        )
        slopes = xp.reshape(factors, w.shape) * xp.sign(in_float64(w))
        gradient: Array = xp.astype(slopes, w.dtype, copy=False)
        return gradient

    def prox(self, w: Array, step: float) -> Array:
        """sign(w) · max(|w|₍ᵢ₎ − step · cᵢ pooled to descend, 0)."""
        sizes = np.abs(w.astype(np.float64)).reshape(-1)
        if not np.all(np.isfinite(sizes)):
            return np.full_like(w, np.nan)
        order = np.argsort(-sizes, kind="stable")
        point = np.empty_like(sizes)
        lowered = sizes[order] - step * _factors(self.q, sizes.size)
        point[order] = np.maximum(_descending(lowered), 0) if step else sizes[order]
        lowest: Array = np.copysign(point.reshape(w.shape), w).astype(w.dtype)
        return lowest

    def dual_norm(self, g: Array) -> float:
        """The largest of Σ |g|₍ᵢ₎ / Σ cᵢ over the first k, for every k."""
        sums = array_namespace(g).cumulative_sum(_descending_sizes(g))
        return largest(sums / beside(g, np.cumsum(_factors(self.q, prod(g.shape))), sums.dtype))

    def subgradient_distance(self, w: Array, g: Array) -> float:
        """The largest entry of −g minus the subgradient nearest to it.

        Where k weights have one size above 0, the subgradients are sign(w) times the averages of
        all orders of their c; where weights are 0, everything of a `dual_norm` of at most 1 by
        their c.
        """
        sizes = np.asarray(_sizes(w))
        if not sizes.size:
            return 0.0
        signs = np.sign(np.asarray(w)).reshape(-1)
        wanted = -np.asarray(in_float64(g)).reshape(-1) * np.where(signs == 0, 1, signs)
        order = np.argsort(-sizes, kind="stable")
        sizes, wanted, factors = sizes[order], wanted[order], _factors(self.q, sizes.size)
        starts = np.flatnonzero(np.diff(sizes, prepend=np.nan))
        found = 0.0
        for first, end in zip(starts, [*starts[1:], sizes.size], strict=True):
            of_one_size, own = wanted[first:end], factors[first:end]
            if sizes[first] == 0:
                left = np.maximum(_descending(-np.sort(-np.abs(of_one_size)) - own), 0)
            else:
                left = _descending(-np.sort(-of_one_size) - own)
            found = max(found, float(np.max(np.abs(left))))
        return found


def _sizes(w: Array) -> Array:
    """|w|, flat, in float64 where the library has it."""
    sizes: Array = array_namespace(w).reshape(abs(in_float64(w)), (-1,))
    return sizes


def _descending_sizes(w: Array) -> Array:
    xp = array_namespace(w)
    descending: Array = xp.flip(xp.sort(_sizes(w)))
    return descending


@lru_cache(maxsize=64)
def _factors(q: float, count: int) -> Numbers:
    """c, for so many weights."""
    from scipy.special import ndtri  # Slow to import, and other penalties do without.

    critical: Numbers = -ndtri(q * np.arange(1, count + 1) / (2 * count))
    factors = critical / critical[:1]
    factors.flags.writeable = False
    return factors


def _descending(numbers: Numbers) -> Numbers:
    """The nearest numbers that do not rise: pool adjacent violators."""
    if numbers.size < 2:
        return numbers
    from scipy.optimize import isotonic_regression

    pooled: Numbers = isotonic_regression(numbers, increasing=False).x
    return pooled
