"""Proximal points of penalties whose gradient is linear except for a jump at 0."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.kernels.chunks import chunks
from regkit.kernels.linear_gradient import LinearGradient
from regkit.kernels.root_steps import RootSteps

SCRATCH_CHUNK = 16_384
"""Entries per chunk: with three arrays of scratch, six in all stay in the cache."""


def linear_prox(
    w: Array, out: Array, steps: RootSteps, gradient: LinearGradient, scratch: Array
) -> None:
    """Set `out`, which may be `w`, to soft(w, step · sign) / (1 + step · multiple).

    soft(w, t) = sign(w) · max(|w| − t, 0); `sign` and `multiple` are those of the gradient.

    Args:
        w: the entries.
        out: of w's shape.
        steps: the same.
        gradient: of the penalty, with its strength.
        scratch: (3, entries of a chunk), of w's dtype.
    """
    for w_chunk, cache, point in chunks(w, steps.cache, out, entries=scratch.shape[1]):
        divisor, bound, negative = (
            space[: w_chunk.size].reshape(w_chunk.shape) for space in scratch
        )
        np.sqrt(cache, out=divisor)
        divisor *= steps.scale
        divisor += steps.epsilon
        if gradient.sign:
            # soft(w, t) is w less w clipped to [−t, t]. NumPy's own clip takes three times as long.
            np.divide(steps.lr * gradient.sign, divisor, out=bound)
            np.negative(bound, out=negative)
            np.minimum(w_chunk, bound, out=bound)
            np.maximum(bound, negative, out=bound)
            np.subtract(w_chunk, bound, out=point)
        else:
            point[...] = w_chunk
        if gradient.multiple:
            np.divide(steps.lr * gradient.multiple, divisor, out=divisor)
            divisor += 1
            point /= divisor
