"""Test arrays inside a penalty's domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from regkit.testing.params import Params

MODERATE = (0.3,)
SMALL = (1e-2, 1e-4, 1e-6)
"""The largest entries where a domain holds no larger ones."""

NEAR = 0.5
"""How far a row of an array beside the identity is from it at most, in sum."""


def inside(holds: Callable[[Params], bool], params: Params) -> Params | None:
    """The parameters, or others made of them that a domain holds; None if none is found."""
    return next(filter(holds, _tried(params)), None)


def near_identity(params: Params) -> Params:
    """Arrays with a dominant diagonal of ones, which are positive definite if square."""
    size = params.size() or 1.0
    template = f"np.eye(*{{0}}.shape) + {{0}} * ({NEAR / size!r} / max({{0}}.shape))"
    return params.map(lambda w: np.eye(*w.shape) + w * (NEAR / size / max(w.shape)), template)


def variants(params: Params, sizes: Sequence[float] = MODERATE) -> Iterator[Params]:
    """The parameters as they are, their absolute values, and both with smaller entries."""
    yield from _with_absolute_values(params)
    size = params.size()
    for smaller in sizes if size else ():
        yield from _with_absolute_values(params.times(smaller / size))


def _with_absolute_values(params: Params) -> Iterator[Params]:
    yield params
    yield params.map(np.abs, "np.abs({})")


def _tried(params: Params) -> Iterator[Params]:
    yield from variants(params, MODERATE + SMALL)
    yield near_identity(params)
