"""Test arrays inside a penalty's domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from regkit.testing.params import Params

MODERATE = (0.3,)
SMALL = (1e-2, 1e-4, 1e-6)
"""The largest entries where a domain holds no larger ones."""


def inside(holds: Callable[[Params], bool], params: Params) -> Params | None:
    """The parameters, or others made of them that a domain holds; None if none is found."""
    return next(filter(holds, variants(params, MODERATE + SMALL)), None)


def variants(params: Params, sizes: Sequence[float] = MODERATE) -> Iterator[Params]:
    """The parameters as they are, their absolute values, and both with smaller entries."""
    size = params.size()
    for one in (params, *(params.times(smaller / size) for smaller in sizes if size)):
        yield one
        yield one.map(np.abs, "np.abs({})")
