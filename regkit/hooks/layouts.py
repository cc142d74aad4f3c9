"""How other frameworks' parameters are seen as (inputs, neurons), and put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any


@dataclass(frozen=True)
class Layout:
    """One orientation, for the arrays of any library.

    Attributes:
        see: a parameter as (inputs, neurons); a view of it where its memory permits one.
        put: (seen, like): the inverse, in the shape of `like`.
    """

    see: Callable[[Any], Any]
    put: Callable[[Any, Any], Any]


ROW = Layout(lambda w: w.reshape(1, prod(w.shape)), lambda seen, like: seen.reshape(like.shape))
"""Biases and other vectors, (neurons,)."""

NEURONS_LAST = Layout(
    lambda w: w.reshape(prod(w.shape[:-1]), w.shape[-1]),
    lambda seen, like: seen.reshape(like.shape),
)
"""(…, neurons), as in an embedding, or a dense layer of Flax or Keras."""

NEURONS_FIRST = Layout(
    lambda w: w.reshape(w.shape[0], prod(w.shape[1:])).T,
    lambda seen, like: seen.T.reshape(like.shape),
)
"""(neurons, …), as in a linear layer or a convolution of PyTorch or Equinox."""
