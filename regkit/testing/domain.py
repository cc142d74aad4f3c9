"""Test arrays inside a penalty's domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from regkit.testing.params import Params

MODERATE = 0.3
"""The largest entry where a domain holds no larger ones."""


def inside(holds: Callable[[Params], bool], params: Params) -> Params | None:
    """The parameters, or others made of them that a domain holds; None if none is found."""
    return next(filter(holds, variants(params)), None)


def variants(params: Params) -> Iterator[Params]:
    """The parameters as they are, their absolute values, and both with moderate entries."""
    size = params.size()
    moderate = params.times(MODERATE / size) if size else params
    for one in (params, moderate):
        yield one
        yield one.map(np.abs, "np.abs({})")
