"""The author's methods give on arrays of another library what they give on NumPy's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import Case
from regkit.testing.laws.arrays import ORDERS
from regkit.testing.laws.library_call import LibraryCall
from regkit.testing.libraries import Library
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest


def same_values(penalty: PenaltyUnderTest, library: Library) -> Iterator[bool]:
    """`value` and `grad`."""
    variants = library.variants()
    for params in _points(penalty, library):
        for method in ("value", "grad"):
            for one in variants:
                LibraryCall(penalty, one, method, params, {}).require_same()
        yield True


def same_proximal_points(penalty: PenaltyUnderTest, library: Library) -> Iterator[bool]:
    """`prox` with one step and, where it takes them, with an array of steps."""
    step = penalty.some_step() * penalty.unit
    variants = library.variants()
    for params in _points(penalty, library):
        given: list[float | Params] = [step]
        if penalty.declared("array_step"):
            steps = params.filled([step, 0.5 * step, 0.1 * step])
            given.append(steps.astype(next(iter(params.values())).dtype.type))
        for own_step in given:
            for one in variants:
                LibraryCall(penalty, one, "prox", params, {"step": own_step}).require_same()
        yield True


def _points(penalty: PenaltyUnderTest, library: Library) -> Iterator[Params]:
    """One dtype in C order and the next in Fortran order: PyTorch's weights come transposed."""
    cases = [
        Case(pattern, shape, 1.0, penalty.seed)
        for pattern in ("normal", "some zeros", "zero rows", "zeros")
        for shape in library.shapes
    ]
    cases += [Case("normal", shape, 1.0, penalty.seed) for shape in library.wide_shapes]
    for params in penalty.drawn(cases):
        if params.size():
            for dtype, order in zip(library.dtypes, ORDERS, strict=False):
                yield params.astype(np.dtype(dtype).type, order)
