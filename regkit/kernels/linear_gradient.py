"""Gradients that are linear except for a jump at 0, as those of L1, L2 and the elastic net."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.kernels.chunks import chunks_with_scratch

_SIGN_BIT: dict[int, np.unsignedinteger[Any]] = {4: np.uint32(1 << 31), 8: np.uint64(1 << 63)}


@dataclass(slots=True)
class LinearGradient:
    """The gradient `sign` · sign(w) + `multiple` · w, with `at_zero` where w is 0."""

    # Not frozen, which would make its construction, once per step, three times slower.
    sign: float = 0.0
    at_zero: float = 0.0
    multiple: float = 0.0

    @property
    def numbers(self) -> tuple[float, float, float]:
        """All three."""
        return self.sign, self.at_zero, self.multiple

    def __add__(self, other: LinearGradient) -> LinearGradient:
        return LinearGradient(
            self.sign + other.sign, self.at_zero + other.at_zero, self.multiple + other.multiple
        )

    def __rmul__(self, factor: float) -> LinearGradient:
        return LinearGradient(factor * self.sign, factor * self.at_zero, factor * self.multiple)


def add_linear_gradient(
    w: Array, out: Array, gradient: LinearGradient, scratch: Array | None = None
) -> None:
    """Add the gradient at `w` to `out`, in chunks that fit the cache; either may be strided.

    `scratch` is flat memory of w's dtype, whose size is that of a chunk; without it a small array
    is allocated.
    """
    if scratch is not None and scratch.size == w.size:  # One chunk: a generator would cost more.
        _add(w, out, gradient, scratch.reshape(w.shape))
        return
    for w_chunk, out_chunk, space in chunks_with_scratch(w, out, scratch):
        _add(w_chunk, out_chunk, gradient, space)


def _add(w: Array, out: Array, gradient: LinearGradient, space: Array) -> None:
    if gradient.sign or gradient.at_zero:
        _add_jump(w, out, gradient, space)
    if gradient.multiple:
        np.multiply(w, gradient.multiple, out=space)
        out += space


def _add_jump(w: Array, out: Array, gradient: LinearGradient, space: Array) -> None:
    if gradient.at_zero != gradient.sign or gradient.sign < 0 or w.itemsize not in _SIGN_BIT:
        np.sign(w, out=space)
        np.multiply(space, gradient.sign, out=space)
        space[w == 0] = gradient.at_zero
        out += space
        return
    # Assembling ±sign from bits takes half the time of copysign.
    # −0.0 + 0.0 is +0.0, so that both zeros count as positive.
    np.add(w, 0.0, out=space)
    sign_bit = _SIGN_BIT[w.itemsize]
    bits = space.view(sign_bit.dtype)
    bits &= sign_bit
    bits |= w.dtype.type(gradient.sign).view(sign_bit.dtype)
    out += space
