"""The arrays that a penalty is tried on: in shapes that it is defined for, inside its domain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np

from regkit.array_types import Array
from regkit.testing.calls import Calls
from regkit.testing.cases import Case
from regkit.testing.domain import inside
from regkit.testing.params import Params
from regkit.testing.subjects import LayerSubject

LONG = 40
"""Arrays of more entries are named in counterexamples by their case."""


class Drawing(Calls):
    """A regularizer, and the arrays of the cases that suit it."""

    def drawn(self, cases: Iterable[Case]) -> Iterator[Params]:
        """The parameters of the cases that the penalty's domain holds, each of them once.

        Where a case lies outside, its absolute values and smaller entries are tried.
        """
        seen = set()
        for case in cases:
            key = case.fitted(self.subject.fitted(case.shape))
            params = None if key in seen else self.one(case)
            seen.add(key)
            if params is not None:
                yield params

    def one(self, case: Case) -> Params | None:
        """The parameters of a case that the penalty's domain holds, or None."""
        return inside(self.holds, self.params(case))

    def params(self, case: Case) -> Params:
        """The arrays of a case: the first has its shape, or one that the penalty is defined for."""
        cases = {
            name: case.fitted(shape, 101 * index)
            for index, (name, shape) in enumerate(self.subject.shapes(case.shape).items())
        }

        def source(name: str) -> str | None:
            return cases[name].expression() if math.prod(cases[name].shape) > LONG else None

        return Params({name: one.array() for name, one in cases.items()}, source)

    def of_entries(self, weights: Array) -> Params:
        """Parameters with these entries in the first array; others repeat them."""
        shapes = self.subject.shapes(weights.shape)
        return Params({name: _resized(weights, shape) for name, shape in shapes.items()})

    def holds(self, params: Params) -> bool:
        """Whether the declared domain holds all arrays; without one it does."""
        if not self._has_domain:
            return True
        if isinstance(self.subject, LayerSubject):
            return all(self.direct("domain", Params({n: w})) for n, w in params.items())
        return bool(self.direct("domain", params))

    @cached_property
    def _has_domain(self) -> bool:
        return callable(self.declared("domain"))


def _resized(array: Array, shape: tuple[int, ...]) -> Array:
    """As NumPy's function, which is slow where there is nothing to do."""
    return array if array.shape == shape else np.resize(array, shape)
