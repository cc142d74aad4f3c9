"""How curved a penalty is, which bounds the step that training may take."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from regkit.array_types import Array
from regkit.runs.job import Job
from regkit.runs.stationarity import Stationarity

STEP = {"float64": 1e-6, "float32": 1e-2}
"""Of the differences of gradients."""

ITERATIONS = 10

Gradient = Callable[[Array], Array]


def penalty_curvature(made: Job, penalty: object) -> float:
    """The largest curvature of a penalty, at zeros and at one random point.

    The first is where smooth penalties of single weights are most curved; at the second one a
    penalty with a kink at 0 has a curvature, too. It is found by power iteration, with differences
    of gradients in place of the Hessian.

    Args:
        made: the job whose model it acts on; its parameters are kept.
        penalty: one of its regularizers.
    """
    parameters, epoch = made.model.parameters, max(made.config.epochs - 1, 0)
    without = Stationarity(replace(made, regularizers=[]))
    with_penalty = Stationarity(replace(made, regularizers=[penalty]))

    def gradient(at: Array) -> Array:
        parameters[...] = at
        found: Array = with_penalty.gradient(epoch).astype(np.float64) - without.gradient(epoch)
        return found

    before = parameters.copy()
    random = np.random.default_rng(0)
    start = random.normal(size=parameters.size)
    points = (np.zeros(parameters.size), random.normal(size=parameters.size))
    try:
        return max(_largest(gradient, at, start, STEP[made.config.dtype]) for at in points)
    finally:
        parameters[...] = before


def _largest(gradient: Gradient, point: Array, start: Array, step: float) -> float:
    """The largest curvature at a point; 0 where there is a kink."""
    unit, size = start / np.linalg.norm(start), 0.0
    for _ in range(ITERATIONS):
        along = _along(gradient, point, unit, step)
        size = float(np.linalg.norm(along))
        if not 0 < size < math.inf:
            return 0.0
        previous, unit = unit, along / size
    # Beside a kink the quotient grows as the step shrinks.
    closer = float(np.linalg.norm(_along(gradient, point, previous, step / 4)))
    return size if closer < 2 * size else 0.0


def _along(gradient: Gradient, point: Array, direction: Array, step: float) -> Array:
    """The Hessian times a direction."""
    found: Array = gradient(point + step * direction) - gradient(point - step * direction)
    return found / (2 * step)
