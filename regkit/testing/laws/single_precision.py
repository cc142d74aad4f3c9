"""Results for float32 arrays are those for float64 arrays of the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.array_types import Array
from regkit.testing.cases import LARGER, SMALL, Case
from regkit.testing.law import law
from regkit.testing.laws.arrays import call_of, results
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

SHARE = 2e-4
"""The largest difference, relative to the largest entry: 2,000 times the rounding of float32."""

SCALES = (1e-3, 0.1, 1.0, 30.0, 1e3)
ROUNDING = 1e-5
"""The same relative to strength + |value|, over the entries' size for a gradient: terms cancel."""

REPRESENTABLE = 1e-30, 1e30
"""Results whose largest entry lies outside may under- or overflow in float32."""


@law("float32", "Results for float32 arrays are those for float64 arrays of the same numbers.")
def float32(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Value, gradient and proximal point, to a five-thousandth of the largest entry."""
    for shape in (*SMALL, *LARGER):
        for scale in SCALES:
            drawn = penalty.one(Case("unrounded", shape, scale, penalty.seed))
            if drawn is None:
                continue
            narrow = drawn.astype(np.float32)
            wide = narrow.astype(np.float64)
            if penalty.holds(narrow) and penalty.holds(wide):
                yield _same(penalty, narrow, wide)


def _same(penalty: PenaltyUnderTest, narrow: Params, wide: Params) -> bool:
    found, wanted = results(penalty, narrow), results(penalty, wide)
    decided = False
    terms = penalty.unit + float(np.abs(wanted[penalty.scope.value])[0])
    for hook, expected in wanted.items():
        largest = float(np.max(np.abs(expected), initial=0))
        if not REPRESENTABLE[0] < largest < REPRESENTABLE[1]:
            continue
        over = wide.size() if hook == penalty.scope.gradient else 1.0
        rounding = ROUNDING * terms / over if np.isfinite(terms) else 0.0
        decided = decided or rounding < SHARE * largest
        off = _worst(found[hook], expected)
        allowed = SHARE * largest + rounding
        if not off <= allowed:
            raise Violation(
                f"{hook} of float32 arrays differs from that of the same numbers in float64, "
                f"{largest:.3g} in size",
                {"params": wide, "narrow": narrow},
                f"{call_of(penalty, hook)}, {call_of(penalty, hook, 'narrow')}",
                off=off,
                allowed=allowed,
            )
    return decided


def _worst(found: Array, expected: Array) -> float:
    """The largest difference; NaN where one is not finite."""
    return float(np.max(np.abs(found.astype(np.float64) - expected), initial=0))
